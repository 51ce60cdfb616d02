"""Ten canned answers that every new party gets, short as one says them at the door; the party then makes its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.canned.models import CannedAnswer, CannedFor


@dataclass(frozen=True, slots=True)
class Shipped:
    """A canned answer before it is a party's."""

    fits: CannedFor
    title_zh: str
    title_en: str
    zh: str
    en: str


SHIPPED: Sequence[Shipped] = (
    Shipped(
        CannedFor.ANSWER,
        "收到，先去看",
        "Got it",
        "{称呼}您好，{类别}的事收到了，编号{编号}。我们先去看，{时间}前给您回话。",
        "Hello {name}, I have your report ({kind}, {code}). We'll have a look first and get back to you by {time}.",
    ),
    Shipped(
        CannedFor.ANSWER,
        "师傅上门",
        "Somebody comes",
        "师傅今天去{地点}。请留意电话，有变化我马上跟您说。",
        "Somebody will come to {place} today. Please keep your phone near; I'll tell you if anything changes.",
    ),
    Shipped(
        CannedFor.ANSWER,
        "等配件",
        "Waiting for a part",
        "{地点}去看过了，要等配件。{时间}前我再跟您说一次进展。",
        "We had a look at {place}: a part has to come first. I'll tell you how far it is by {time}.",
    ),
    Shipped(
        CannedFor.ANSWER,
        "更严重就打电话",
        "Call if it gets worse",
        "这期间要是更严重了，别等消息，直接打{电话}找{单位}。",
        "If it gets worse meanwhile, don't wait for a message: call {party} at {phone}.",
    ),
    Shipped(
        CannedFor.ASK,
        "约时间",
        "When are you in?",
        "师傅要进屋看一看，您什么时候在家方便？",
        "Somebody needs to come in and have a look. When are you at home?",
    ),
    Shipped(
        CannedFor.ASK,
        "具体哪里",
        "Where exactly?",
        "再问您一句：在{地点}的哪个位置？有照片就发一张，好找。",
        "One more question: where at {place} is it? A photo would help us find it.",
    ),
    Shipped(
        CannedFor.ASK,
        "现在怎么样",
        "How is it now?",
        "{编号}这件事，现在怎么样了？还是老样子吗？",
        "How is it now with {code}? Still the same?",
    ),
    Shipped(
        CannedFor.RESOLVE,
        "修好了",
        "Repaired",
        "{地点}的{类别}修好了，我们试过，能正常用。要是又坏，跟我说一声。",
        "{kind} at {place}: repaired, and tried out. If it breaks again, just tell me.",
    ),
    Shipped(
        CannedFor.RESOLVE,
        "清理干净了",
        "Cleaned up",
        "{地点}清理干净了，这几天我们会多去看看。",
        "{place} has been cleaned up, and we'll keep an eye on it these days.",
    ),
    Shipped(
        CannedFor.RESOLVE,
        "问的事说清楚了",
        "Question answered",
        "您问的事都说清楚了。还有不明白的，打{电话}，或者在这里说。",
        "I hope everything you asked is clear now. For anything else call {phone}, or write here.",
    ),
)


async def found_canned(session: AsyncSession, party_id: UUID) -> None:
    """Give a party its first canned answers; one that has or had some keeps its own."""
    if await session.scalar(select(CannedAnswer.id).where(CannedAnswer.party_id == party_id).limit(1)):
        return
    session.add_all(
        CannedAnswer(
            party_id=party_id,
            fits=each.fits,
            title_zh=each.title_zh,
            title_en=each.title_en,
            zh=each.zh,
            en=each.en,
        )
        for each in SHIPPED
    )
    await session.flush()
