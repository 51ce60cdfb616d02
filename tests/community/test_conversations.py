"""Who holds a conversation with a resident, and that none stays with a person who is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from bot.actions.person import leave_word
from bot.actions.turn import Turn
from community.clock import now
from community.conversations.models import Handover
from community.conversations.queries import count_waiting, find_open_handovers, get_handover_conversation
from community.conversations.usecases import (
    QUIET,
    ask_for_person,
    end_quiet_conversations,
    give_back,
    take_conversation,
    write_in_conversation,
)
from community.errors import NotFound
from community.inbox.usecases import Reply, TurnAnswer, claim_next, record_answer
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.needs.usecases.staff import accept_need
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage
from community.parties.models import DutyShift, PartyType, Role
from community.routing.models import Absence
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.conftest import say

HOUR = timedelta(hours=1)


async def _take(sessions: Sessions, cast: Cast) -> Handover:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        return await take_conversation(session, cast.here.staff[PartyType.COMMITTEE], wish.id)


def _asks_for_a_person(cast: Cast) -> Turn:
    return Turn(
        resident_id=cast.owner.resident_id,
        message_id=2,
        text="我想找个人说说",
        intent="talk_to_human",
        ranking=(),
        entities={},
        files=(),
        slots={},
        form=None,
        asked=None,
        limits=ReportLimits(),
    )


async def _end_quiet(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return await end_quiet_conversations(session, now())


async def test_an_admin_manages_accounts_and_reads_no_conversation(sessions: Sessions, cast: Cast) -> None:
    admin = replace(cast.here.staff[PartyType.COMMITTEE], role=Role.ADMIN)
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        assert await find_open_handovers(session, admin) == []
        assert await count_waiting(session, admin) == 0
        with pytest.raises(NotFound):
            await get_handover_conversation(session, admin, wish.id)
        with pytest.raises(NotFound):
            await take_conversation(session, admin, wish.id)


async def test_what_was_confided_to_the_bot_while_waiting_is_not_in_the_conversation(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
    confided = ("report_read_back_private", "crisis_self", "care_offer")
    for words, reply in (("证丢了", "unclear"), *(("我老公打我", name) for name in confided)):
        await _exchange(sessions, cast, words, Reply(reply, {}, ()))
    assert await _read(sessions, cast, wish) == ["证丢了", "unclear"]


def _about(code: str) -> dict[str, list[Reply]]:
    """What the bot answers about a need of this code, by what the resident says."""
    facts = {"code": code, "kind": {"zh": "心里的事", "en": "What weighs on the heart"}, "state": "accepted"}
    button = {"label": "button_need", "payload": "/choose", "values": {"code": code}}
    return {
        "我的诉求怎么样了": [
            Reply("need_progress", facts, ()),
            Reply("need_last_answer", {"words": "在"}, ()),
        ],
        "都有哪些": [Reply("needs_list", {"needs": [facts], "more": 0}, ())],
        "补充一下，昨晚又没睡": [Reply("need_which", {}, [button])],
        "周四下午我一个人在家": [Reply("need_added", facts | {"party": None}, ())],
        "不用办了": [Reply("need_confirm_withdrawal", facts, ())],
    }


async def test_what_is_said_about_a_confidential_need_is_not_in_the_conversation(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        need = await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
        social_worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
        await accept_need(session, social_worker, need.id)
        await ask_resident(session, social_worker, need.id, "周四下午方便吗")
    for words, replies in _about(need.code).items():
        await _exchange(sessions, cast, words, *replies)
    assert await _read(sessions, cast, wish) == []


async def test_what_is_said_about_other_needs_is_in_the_conversation(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        need = await report_need(session, cast.owner.resident_id, Report("elevator", "电梯停了"))
        await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
    wanted: list[str] = []
    for words, replies in _about(need.code).items():
        await _exchange(sessions, cast, words, *replies)
        wanted += [words, *(reply.message for reply in replies)]
    assert await _read(sessions, cast, wish) == wanted


async def test_a_need_that_becomes_confidential_goes_out_of_the_conversation(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        need = await report_need(session, cast.owner.resident_id, Report("elevator", "他不让我坐电梯"))
    await _exchange(sessions, cast, "他不让我坐电梯", Reply("need_saved", {"code": need.code}, ()))
    assert await _read(sessions, cast, wish) == ["他不让我坐电梯", "need_saved"]
    async with sessions.begin() as session:
        lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
        await change_kind(session, lead, need.id, "mental_health")
    assert await _read(sessions, cast, wish) == []


@pytest.mark.parametrize(
    "name", ["rating_thanks", "rating_ask_score", "several_matters", "matter_waits", "next_matter"]
)
async def test_what_may_be_about_a_confidential_matter_is_not_in_the_conversation(
    sessions: Sessions, cast: Cast, name: str
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
    await _exchange(sessions, cast, "还是睡不着，灯也坏了", Reply(name, {}, ()), Reply("menu", {}, ()))
    assert await _read(sessions, cast, wish) == []


async def test_the_steps_of_a_report_that_may_become_confidential_are_not_in_the_conversation(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
    said = {
        "楼上天天打孩子": "report_ask_place",
        "就在我楼上": "report_unclear",
        "榕树社区": "report_ask_community",
        "不是那一件": "report_like_another",
        "3号楼": "report_read_back",
        "只让社工看": "report_read_back_secret",
    }
    for words, reply in said.items():
        await _exchange(sessions, cast, words, Reply(reply, {}, ()))
    assert await _read(sessions, cast, wish) == []


async def _exchange(sessions: Sessions, cast: Cast, words: str, *replies: Reply) -> None:
    """The resident says something and the bot answers."""
    await say(sessions, cast.owner, words)
    async with sessions.begin() as session:
        waiting = await claim_next(session, cast.owner.resident_id, "test")
        assert waiting is not None
        await record_answer(session, waiting, TurnAnswer(replies))


async def _read(sessions: Sessions, cast: Cast, wish: Handover) -> list[str]:
    """The conversation as the committee reads it."""
    async with sessions() as session:
        actor = cast.here.staff[PartyType.COMMITTEE]
        _, said = await get_handover_conversation(session, actor, wish.id)
    return [line.text or line.message for line in said]


async def test_a_colleague_gives_back_for_who_is_away(sessions: Sessions, cast: Cast) -> None:
    taken = await _take(sessions, cast)
    holder, colleague = cast.here.staff[PartyType.COMMITTEE], cast.here.colleagues[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await give_back(session, colleague, taken.id)
    async with sessions() as session:
        told = await session.scalars(
            select(OutboxMessage.values).where(OutboxMessage.message == "person_leaves")
        )
        assert [values["name"] for values in told] == [holder.name]


async def test_a_conversation_that_nobody_gives_back_ends_by_itself(sessions: Sessions, cast: Cast) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        taken = await _take(sessions, cast)
        clock.move_to(start + QUIET - HOUR)
        assert await _end_quiet(sessions) == 0
        async with sessions.begin() as session:
            holder = cast.here.staff[PartyType.COMMITTEE]
            await write_in_conversation(session, holder, taken.id, "还在查", uuid4())
        clock.move_to(start + QUIET + HOUR)
        assert await _end_quiet(sessions) == 0
        clock.move_to(start + QUIET * 2)
        assert await _end_quiet(sessions) == 1
        assert await _end_quiet(sessions) == 0
    async with sessions() as session:
        told = await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))
        assert list(told) == ["person_joins", "person_says", "person_leaves"]
        assert await session.scalar(select(Handover.ended_at)) is not None


async def test_who_confides_and_wants_a_person_gets_the_social_workers(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        await ask_for_person(session, cast.owner.resident_id, "", confided=True)
    async with sessions() as session:
        for party, waiting in ((PartyType.SOCIAL_WORK_TEAM, 1), (PartyType.COMMITTEE, 0)):
            assert await count_waiting(session, cast.here.staff[party]) == waiting
            assert len(await find_open_handovers(session, cast.here.staff[party])) == waiting


async def test_who_confides_waits_for_the_social_workers_and_no_more_for_the_committee(
    sessions: Sessions, cast: Cast
) -> None:
    team, committee = cast.here.staff[PartyType.SOCIAL_WORK_TEAM], cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await ask_for_person(session, cast.owner.resident_id, "想问问居住证", message_id=1)
    for _ in range(2):  # a turn that runs again asks once
        async with sessions.begin() as session:
            wish = await ask_for_person(session, cast.owner.resident_id, "", message_id=2, confided=True)
            assert (wish.party_id, wish.message_id) == (team.party_id, 2)
    async with sessions() as session:
        assert await count_waiting(session, committee) == 0
        assert [each.id for each, _ in await find_open_handovers(session, team)] == [wish.id]
        assert (await session.scalars(select(OutboxMessage))).all() == []


async def test_who_confides_goes_on_with_whom_they_speak(sessions: Sessions, cast: Cast) -> None:
    taken = await _take(sessions, cast)
    async with sessions.begin() as session:
        session.add(
            DutyShift(
                party_id=taken.party_id,
                staff_id=taken.staff_id,
                starts_at=now() - HOUR,
                ends_at=now() + HOUR,
            )
        )
        turn = _asks_for_a_person(cast)
        await leave_word(turn, session, "", confided=True)
        assert [(each["message"], set(each["values"])) for each in turn.bubbles] == [
            ("person_waits", {"nth"})
        ]
        assert (await session.scalars(select(Handover.id))).all() == [taken.id]


async def test_nobody_is_promised_who_is_absent(sessions: Sessions, cast: Cast) -> None:
    """The roster names one who is ill today, and one who is away the day after."""
    ill, away = cast.here.staff[PartyType.COMMITTEE], cast.here.colleagues[PartyType.COMMITTEE]
    moment = now()
    async with sessions.begin() as session:
        for who, since in ((ill, moment - HOUR), (away, moment + 20 * HOUR), (ill, moment + 40 * HOUR)):
            shift = DutyShift(
                party_id=who.party_id, staff_id=who.staff_id, starts_at=since, ends_at=since + 4 * HOUR
            )
            session.add(shift)
        for who, since in ((ill, moment - 2 * HOUR), (away, moment + 10 * HOUR)):
            session.add(
                Absence(
                    staff_id=who.staff_id, starts_at=since, ends_at=since + 20 * HOUR, set_by=who.staff_id
                )
            )
    turn = _asks_for_a_person(cast)
    async with sessions.begin() as session:
        await leave_word(turn, session, "想找个人说说")
    assert [(each["message"], each["values"]) for each in turn.bubbles] == [
        ("person_next", {"name": ill.name, "since": (moment + 40 * HOUR).isoformat()})
    ]
