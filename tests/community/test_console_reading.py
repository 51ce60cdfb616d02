"""What the console reads: what is new to whom, the newest of a long conversation, photos in it, and what is stuck."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from psycopg import AsyncConnection
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.usecases import SessionTimes, find_signed_in, open_session
from community.actors import StaffActor
from community.clock import now
from community.conversations.queries import count_waiting, get_handover_conversation
from community.conversations.usecases import ask_for_person, give_back, take_conversation
from community.errors import NotFound
from community.files.usecases import add_file, get_file
from community.inbox.models import InboundMessage, InboundState
from community.inbox.usecases import try_again
from community.needs.filtering import QueueFilter, Scope
from community.needs.models import Need
from community.needs.queue import count_late, find_queue
from community.needs.seen import find_unseen, mark_seen
from community.needs.usecases.residents import Report, add_to_need, report_need
from community.needs.usecases.staff import accept_need, assign_need, note_on_need, resolve_need
from community.needs.usecases.steps import NEEDS_CHANGED
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.queries import count_trouble, find_stuck_inbound, find_undelivered
from community.outbox.rights import may_decide_on
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from community.residents.usecases import Known, meet_person
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from tests.cast import Cast

LIFT, LOW_MOOD = "elevator", "mental_health"


async def _report(session: AsyncSession, cast: Cast, kind: str = LIFT) -> Need:
    return await report_need(session, cast.owner.resident_id, Report(kind=kind, words="电梯停了"))


async def _say(
    session: AsyncSession, person: Known, words: str, files: tuple[UUID, ...] = ()
) -> InboundMessage:
    said = InboundMessage(
        address_id=person.address_id,
        resident_id=person.resident_id,
        channel="web",
        outside_id=uuid4().hex,
        text=words,
        files=[str(file_id) for file_id in files],
        state=InboundState.HANDLED,
        due_at=now(),
        received_at=now(),
    )
    session.add(said)
    await session.flush()
    return said


async def test_a_need_is_new_until_it_was_opened_and_again_when_it_changed(
    sessions: Sessions, cast: Cast
) -> None:
    one, two = (group[PartyType.PROPERTY_COMPANY] for group in (cast.here.staff, cast.here.colleagues))
    async with sessions.begin() as session:
        need = await _report(session, cast)
        assert await find_unseen(session, one, [need.id]) == {need.id}
        await mark_seen(session, one, need.id)
        assert await find_unseen(session, one, [need.id]) == set()
        assert await find_unseen(session, two, [need.id]) == {need.id}
        await add_to_need(session, cast.owner.resident_id, need.id, "又停了")
        assert await find_unseen(session, one, [need.id]) == {need.id}


async def test_an_assigned_need_is_new_to_the_colleague(sessions: Sessions, cast: Cast) -> None:
    one, two = (group[PartyType.PROPERTY_COMPANY] for group in (cast.here.staff, cast.here.colleagues))
    async with sessions.begin() as session:
        need = await _report(session, cast)
        await mark_seen(session, two, need.id)
        await assign_need(session, one, need.id, two.staff_id)
        assert await find_unseen(session, two, [need.id]) == {need.id}


async def test_the_kind_of_a_masked_need_cannot_be_found_out_by_filtering(
    sessions: Sessions, cast: Cast
) -> None:
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        need = await _report(session, cast, LOW_MOOD)
        by_kind = QueueFilter(kind=LOW_MOOD)
        assert await find_queue(session, worker, by_kind) == []
        await assign_need(session, worker, need.id, worker.staff_id)
        assert [line.need.id for line in await find_queue(session, worker, by_kind)] == [need.id]


async def test_late_needs_are_counted(sessions: Sessions, cast: Cast) -> None:
    staff = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await _report(session, cast)
        assert await count_late(session, staff) == 0
        need.first_answer_due_at = now() - timedelta(minutes=1)
        await session.flush()
        assert await count_late(session, staff) == 1
        assert await count_late(session, staff, Scope.MINE) == 0


async def test_a_long_conversation_shows_its_end(sessions: Sessions, cast: Cast) -> None:
    staff = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        handover = await ask_for_person(session, cast.owner.resident_id, "想找人")
    async with sessions.begin() as session:
        assert await count_waiting(session, staff) == 1
        await take_conversation(session, staff, handover.id)
        assert await count_waiting(session, staff) == 0
        for number in range(70):
            await _say(session, cast.owner, f"第{number}句")
        _, said = await get_handover_conversation(session, staff, handover.id)
    assert said[-1].text == "第69句"
    assert len(said) == 60


async def test_a_photo_of_a_conversation_is_seen_by_those_who_have_it_and_while_it_lasts(
    sessions: Sessions, cast: Cast
) -> None:
    committee, property_staff = (
        cast.here.staff[PartyType.COMMITTEE],
        cast.here.staff[PartyType.PROPERTY_COMPANY],
    )
    shown, before = uuid4(), uuid4()
    async with sessions.begin() as session:
        for file_id in (shown, before):
            size = {"size": 9, "width": 1, "height": 1}
            await add_file(session, cast.owner.resident_id, file_id, media_type="image/jpeg", **size)
        await _say(session, cast.owner, "先前的", (before,))
    async with sessions.begin() as session:
        handover = await ask_for_person(session, cast.owner.resident_id, "想找人")
    async with sessions.begin() as session:
        await _say(session, cast.owner, "看照片", (shown,))
        assert (await get_file(session, committee, shown)).id == shown
        for actor, file_id in ((committee, before), (property_staff, shown), (cast.street, shown)):
            with pytest.raises(NotFound):
                await get_file(session, actor, file_id)
        await give_back(session, committee, handover.id)
        with pytest.raises(NotFound):
            await get_file(session, committee, shown)


def _everybody(cast: Cast) -> list[StaffActor]:
    sides = (cast.here, cast.there)
    return [cast.street, cast.admin, *(actor for side in sides for actor in side.staff.values())]


@pytest.mark.parametrize("kind", [LIFT, LOW_MOOD, None])
async def test_the_list_of_stuck_messages_holds_what_one_may_decide_on(
    sessions: Sessions, cast: Cast, kind: str | None
) -> None:
    async with sessions.begin() as session:
        need_id = (await _report(session, cast, kind)).id if kind else None
        await enqueue_message(session, cast.owner.resident_id, "staff_answer", "test:1", need_id=need_id)
        await session.execute(update(OutboxMessage).values(state=OutboxState.FAILED, reason="refused"))
        row = (await session.scalars(select(OutboxMessage))).one()
        for actor in _everybody(cast):
            may = await may_decide_on(session, actor, row)
            assert ([row] == await find_undelivered(session, actor)) is may
            assert await count_trouble(session, actor) == int(may)


async def test_stuck_words_are_for_the_committee_of_the_community(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        message = await _say(session, cast.owner, "没有回音")
        message.state = InboundState.STUCK
        await session.flush()
        may = [actor for actor in _everybody(cast) if await find_stuck_inbound(session, actor)]
    assert may == [cast.here.staff[PartyType.COMMITTEE]]


async def test_who_belongs_to_no_community_yet_is_not_lost(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        newcomer = await meet_person(session, "web", "newcomer")
        message = await _say(session, newcomer, "没有回音")
        message.state = InboundState.STUCK
        await enqueue_message(session, newcomer.resident_id, "bot_away", "test:1")
        await session.execute(update(OutboxMessage).values(state=OutboxState.FAILED, reason="refused"))
        row = (await session.scalars(select(OutboxMessage))).one()
        assert [actor for actor in _everybody(cast) if await find_stuck_inbound(session, actor)] == [
            cast.street
        ]
        assert [actor for actor in _everybody(cast) if await find_undelivered(session, actor)] == [
            cast.street
        ]
        assert await may_decide_on(session, cast.street, row)
        assert await try_again(session, cast.street, message.id) == newcomer.resident_id


async def test_what_a_page_asks_by_itself_keeps_no_session(sessions: Sessions, cast: Cast) -> None:
    times, start = SessionTimes(idle=timedelta(minutes=30)), now()
    with time_machine.travel(start, tick=False) as clock:
        async with sessions.begin() as session:
            token = await open_session(session, cast.street.staff_id, times)
        for minute in (10, 20, 29):
            clock.move_to(start + timedelta(minutes=minute))
            async with sessions.begin() as session:
                assert await find_signed_in(session, token, times, in_use=False) is not None
        clock.move_to(start + timedelta(minutes=31))
        async with sessions.begin() as session:
            assert await find_signed_in(session, token, times) is None


async def test_notes_of_staff_make_a_need_new_to_colleagues(sessions: Sessions, cast: Cast) -> None:
    one, two = (group[PartyType.PROPERTY_COMPANY] for group in (cast.here.staff, cast.here.colleagues))
    async with sessions.begin() as session:
        need = await _report(session, cast)
        await mark_seen(session, two, need.id)
        await note_on_need(session, one, need.id, "已叫维修")
        assert await find_unseen(session, two, [need.id]) == {need.id}


async def test_a_rating_wakes_the_console(sessions: Sessions, cast: Cast, database_url: str) -> None:
    staff = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await _report(session, cast)
        await accept_need(session, staff, need.id)
        await resolve_need(session, staff, need.id, "换了门", survey_at=now())
        survey = await take_due_survey(session, now(), SurveyTimes())
        assert survey is not None
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
    async with await AsyncConnection.connect(database_url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {NEEDS_CHANGED}")
        async with sessions.begin() as session:
            await rate_need(session, cast.owner.resident_id, survey.id, 5)
        heard = [notice.payload async for notice in listening.notifies(timeout=60, stop_after=1)]
    assert heard == [f"{cast.here.community.id}:{need.lead_party_id}"]
