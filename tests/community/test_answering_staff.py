"""Words of somebody for whom staff wait are the answer, wherever the bot would have taken them for something else."""

from __future__ import annotations

from itertools import count

import pytest

from bot.actions.fallback import fall_back
from bot.actions.report import report
from bot.actions.turn import NeedGuess, Turn
from community.needs.models import Need
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, report_need
from linli.database import Sessions
from tests.cast import Cast

_NUMBERS = count(5_000)


def turn_of(cast: Cast, text: str, intent: str = "nlu_fallback", need: NeedGuess | None = None) -> Turn:
    return Turn(
        resident_id=cast.owner.resident_id,
        message_id=next(_NUMBERS),
        text=text,
        intent=intent,
        ranking=[(intent, 0.9)],
        entities={},
        files=(),
        slots={},
        form="report_form" if intent == "report_need" else None,
        asked=None,
        limits=ReportLimits(),
        need=need or NeedGuess(),
    )


async def _ask(sessions: Sessions, cast: Cast, kind: str = "elevator") -> Need:
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind, "电梯停了"))
        lead = next(actor for actor in cast.here.staff.values() if actor.party_id == need.lead_party_id)
        await ask_resident(session, lead, need.id, "左边还是右边？")
        return need


async def _waits(sessions: Sessions, need: Need) -> bool:
    async with sessions() as session:
        return (await session.get_one(Need, need.id)).waiting_since is not None


async def test_what_is_not_understood_is_the_answer(sessions: Sessions, cast: Cast) -> None:
    need, turn = await _ask(sessions, cast), turn_of(cast, "左边那台")
    async with sessions.begin() as session:
        await fall_back(turn, session)
    assert [bubble["message"] for bubble in turn.bubbles] == ["need_added"]
    assert not await _waits(sessions, need)


@pytest.mark.parametrize(("kind", "answered"), [("elevator", True), ("other", True), ("noise", False)])
async def test_what_sounds_like_a_report_of_that_kind_too(
    sessions: Sessions, cast: Cast, kind: str, answered: bool
) -> None:
    need = await _ask(sessions, cast)
    turn = turn_of(cast, "卡在三楼四楼中间", "report_need", NeedGuess(kind, 0.9))
    async with sessions.begin() as session:
        await report(turn, session)
    assert (turn.bubbles[0]["message"] == "need_added") is answered
    assert await _waits(sessions, need) is not answered


async def test_with_two_questions_or_none_nothing_is_guessed(sessions: Sessions, cast: Cast) -> None:
    turn = turn_of(cast, "左边那台")
    async with sessions.begin() as session:
        await fall_back(turn, session)
    assert turn.bubbles[0]["message"] != "need_added"
    first, second = await _ask(sessions, cast), await _ask(sessions, cast, "noise")
    turn = turn_of(cast, "左边那台")
    async with sessions.begin() as session:
        await fall_back(turn, session)
    assert turn.bubbles[0]["message"] != "need_added"
    assert await _waits(sessions, first)
    assert await _waits(sessions, second)
