"""Arriving in the chat: the digits of this minute, wrong ones, going, and the hours that follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.activities.models import Shift
from community.clock import now
from community.signups.usecases.arriving import code_of
from tests.dialogue.chat import Chat
from tests.dialogue.meanwhile import do_meanwhile

pytestmark = pytest.mark.bot


async def _code(chat: Chat) -> str:
    async with chat.sessions() as session:
        return code_of((await session.scalars(select(Shift))).one(), now())


def _heard(chat: Chat) -> list[str]:
    return [bubble.message for bubble in chat.heard]


@pytest.mark.parametrize(
    ("language", "joins", "arrives", "goes"),
    [
        ("zh", "我想去探访老人", "我到了，签到", "签退"),
        ("en", "sign me up for the visit on saturday", "I'm here, check in", "check out"),
    ],
)
async def test_arriving_by_the_code(chat: Chat, language: str, joins: str, arrives: str, goes: str) -> None:
    chat.client.headers["Accept-Language"] = language
    await chat.open()
    await do_meanwhile(chat, "activity: visits 探访独居老人, +3 9:00, 2 places")
    await chat.say(joins)
    await chat.say("好" if language == "zh" else "yes")
    assert _heard(chat) == ["joined"]
    await do_meanwhile(chat, "71 hours pass")
    await chat.say(arrives)
    assert _heard(chat) == ["check_in_ask_code"]
    code = await _code(chat)
    await chat.say("0000" if code != "0000" else "0001")
    assert _heard(chat) == ["check_in_wrong"]
    await chat.say(await _code(chat))
    assert _heard(chat) == ["checked_in"]
    await chat.say(arrives)
    assert _heard(chat) == ["check_in_before"]
    chat.pass_time(timedelta(minutes=90))
    await chat.say(goes)
    assert _heard(chat) == ["checked_out"]
    await do_meanwhile(chat, "4 hours pass")
    assert _heard(chat) == ["shift_thanks"], chat.told()
    await chat.say("很好" if language == "zh" else "Good")
    assert _heard(chat) == ["shift_score_good"]
    await chat.say("没有了" if language == "zh" else "Nothing more")
    assert _heard(chat) == ["shift_remark_kept"]
    await chat.say("我的志愿时长有多少" if language == "zh" else "how many hours have I done")
    assert _heard(chat) == ["own_hours", "own_shifts_none"]
    assert "1.5" in chat.heard[0].text


@pytest.mark.parametrize(
    ("language", "joins", "yes", "arrives", "goes"),
    [
        ("zh", "我想去探访老人", "好", "我到了，签到 {code}", "活动结束了，签退"),
        ("en", "sign me up for the visit on saturday", "yes", "check in {code}", "checking out now"),
    ],
)
async def test_the_code_comes_along_with_the_word(
    chat: Chat, language: str, joins: str, yes: str, arrives: str, goes: str
) -> None:
    chat.client.headers["Accept-Language"] = language
    await chat.open()
    await do_meanwhile(chat, "activity: visits 探访独居老人, +3 9:00, 2 places")
    await chat.say(joins)
    await chat.say(yes)
    await do_meanwhile(chat, "71 hours pass")
    await chat.say(arrives.format(code=await _code(chat)))
    assert _heard(chat) == ["checked_in"], chat.told()
    chat.pass_time(timedelta(minutes=30))
    await chat.say(goes)
    assert _heard(chat) == ["checked_out"], chat.told()
