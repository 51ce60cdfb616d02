"""Words of somebody for whom staff wait are the answer, wherever the bot would have taken them for something else."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.actions.fallback import fall_back
from bot.actions.following import tell_progress
from bot.actions.report import report
from bot.actions.turn import NeedGuess, Turn
from channels.web.answering import answer_in_thread
from channels.web.reading import read_after
from channels.web.saying import say as say_in_chat
from community.conversations.queries import get_handover_conversation
from community.conversations.usecases import ask_for_person
from community.inbox.usecases import Reply, TurnAnswer, claim_next
from community.needs.models import Need
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.needs.usecases.staff import accept_need
from community.parties.models import PartyType
from community.residents.models import Address
from linli.database import Sessions, one_by_one
from tests.cast import Cast
from tests.channels.conftest import say

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


async def test_words_from_before_the_question_are_no_answer(sessions: Sessions, cast: Cast) -> None:
    need, turn = await _ask(sessions, cast), turn_of(cast, "左边那台")
    turn.staff_wait = False
    async with sessions.begin() as session:
        await fall_back(turn, session)
    assert turn.bubbles[0]["message"] != "need_added"
    assert await _waits(sessions, need)


async def test_the_committee_reads_nothing_of_it_where_the_need_is_confidential(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        need = await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
        social_worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
        await accept_need(session, social_worker, need.id)
        await ask_resident(session, social_worker, need.id, "周四下午方便吗")
    for words, step in (("我的诉求怎么样了", tell_progress), ("周四下午我一个人在家", fall_back)):
        await say(sessions, cast.owner, words)
        async with sessions.begin() as session:
            waiting = await claim_next(session, cast.owner.resident_id, "test")
            assert waiting is not None
            turn = turn_of(cast, words, "follow_need" if step is tell_progress else "nlu_fallback")
            await step(turn, session)
            told = [Reply(bubble["message"], bubble["values"], bubble["buttons"]) for bubble in turn.bubbles]
            await answer_in_thread(session, waiting, TurnAnswer(told))
    async with sessions() as session:
        committee = cast.here.staff[PartyType.COMMITTEE]
        assert (await get_handover_conversation(session, committee, wish.id))[1] == []
        own = await read_after(session, cast.owner.address_id, 0)
    assert len(own) == 5, "in the resident's own thread it all stands"
    for words in (need.code, "周四下午方便吗", "周四下午我一个人在家"):
        assert words in str(own)


async def test_whether_staff_wait_comes_with_the_message(sessions: Sessions, cast: Cast) -> None:
    """By both ways on which a message is taken up."""
    outside_id, told = await _outside_id(sessions, cast), []
    for asked in (False, True):
        if asked:
            await _ask(sessions, cast)
        async with one_by_one(sessions)() as session:
            words = await say_in_chat(session, outside_id, uuid4().hex, "在", most_a_minute=9, owner="one")
            assert words
            assert words.claimed
            taken = await claim_next(session, cast.owner.resident_id, "one")
            assert taken
            await answer_in_thread(session, taken, TurnAnswer([Reply("what_else", {}, ())]))
        told += [words.claimed.staff_wait, taken.staff_wait]
    assert told == [False, False, True, True]


async def _outside_id(sessions: Sessions, cast: Cast) -> str:
    async with sessions() as session:
        wanted = select(Address.outside_id).where(Address.resident_id == cast.owner.resident_id)
        return (await session.scalars(wanted)).one()
