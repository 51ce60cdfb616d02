"""Notices in a dialogue: posted before the person came, or going out to everybody while they talk."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.notices.models import Notice, NoticeState
from community.places.models import Place
from community.residents.usecases import claim_home
from tests.dialogue.chat import Chat


async def post(chat: Chat, session: AsyncSession, words: str) -> None:
    """`notice: title | words`, sent an hour ago to whoever was here then; `over` at its end: it held until now."""
    notice = _make(chat, words)
    notice.state, notice.valid_from = NoticeState.SENT, now() - timedelta(hours=1)
    if words.endswith("| over"):
        notice.valid_until = now() - timedelta(minutes=1)
    session.add(notice)


async def send(chat: Chat, session: AsyncSession, words: str) -> None:
    """`notice goes out: title | words | receipt help`: to the whole community, by the worker, with these buttons."""
    session.add(_make(chat, words))


async def lives_in(chat: Chat, session: AsyncSession, number: str) -> None:
    """`lives in: 3号楼`."""
    wanted = select(Place).where(Place.community_id == chat.cast.here.community.id, Place.zh == number)
    await claim_home(session, chat.resident_id, (await session.scalars(wanted)).one().id)


def _make(chat: Chat, words: str) -> Notice:
    title, text, buttons = (part.strip() for part in f"{words} | |".split("|")[:3])
    return Notice(
        community_id=chat.cast.here.community.id,
        category="utilities",
        state=NoticeState.APPROVED,
        title_zh=title,
        text_zh=text,
        need_receipt="receipt" in buttons,
        help_button="help" in buttons,
        valid_from=now(),
        valid_until=now() + timedelta(days=1),
    )
