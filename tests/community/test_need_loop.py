"""One need goes all the way round in the use-cases, from reported to closed or reopened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.actors import StaffActor
from community.clock import now
from community.duplicates.usecases import merge_needs
from community.errors import NotFound, Refused, TooMany, WrongState
from community.needs.models import Need, NeedEntry, NeedHistory, NeedState
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    answer_resident,
    assign_need,
    decline_need,
    hand_over_need,
    resolve_need,
)
from community.needs.usecases.steering import change_kind, decide_need
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.parts.usecases import ask_part
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey, SurveyState
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from tests.cast import Cast

LIFT = Report(kind="elevator", words="电梯坏了两天了，有老人下不了楼")
TIMES = SurveyTimes()


async def _report(sessions: Sessions, cast: Cast, report: Report = LIFT, **more: object) -> Need:
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, report, **more)  # type: ignore[arg-type]


async def _told(sessions: Sessions) -> list[str]:
    """The names of what the resident was told; each has words in both languages for the values it came with."""
    async with sessions() as session:
        rows = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq))).all()
    for row in rows:
        assert all(render_text(row.message, language, row.values) for language in ("zh", "en"))
        assert all(render_text(button["label"], "zh", {}) for button in row.buttons)
    return [row.message for row in rows]


async def _history(sessions: Sessions, need_id: UUID) -> list[str]:
    async with sessions() as session:
        rows = await session.scalars(
            select(NeedHistory.to_state).where(NeedHistory.need_id == need_id).order_by(NeedHistory.id)
        )
        return [state.value for state in rows.all()]


def _lead(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.PROPERTY_COMPANY]


async def _resolve(sessions: Sessions, cast: Cast, need_id: UUID) -> None:
    async with sessions.begin() as session:
        await accept_need(session, _lead(cast), need_id)
        await answer_resident(session, _lead(cast), need_id, "师傅下午三点到", request_id=uuid4())
        await resolve_need(session, _lead(cast), need_id, "换了门机，已经能用", survey_at=now())


async def _ask(sessions: Sessions, at: datetime) -> Survey:
    async with sessions.begin() as session:
        survey = await take_due_survey(session, at, TIMES)
        assert survey is not None
        return survey


async def test_solved_closes_the_need(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    assert need.lead_party_id == _lead(cast).party_id
    assert need.routing_why == "matrix"
    await _resolve(sessions, cast, need.id)
    survey = await _ask(sessions, now())
    async with sessions.begin() as session:
        closed = await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
        await rate_need(session, cast.owner.resident_id, survey.id, 5, "谢谢师傅")
    assert closed.state is NeedState.CLOSED
    assert await _history(sessions, need.id) == [
        "reported",
        "routed",
        "accepted",
        "in_progress",
        "resolved",
        "closed",
    ]
    assert await _told(sessions) == ["need_accepted", "staff_answer", "need_resolved", "survey_ask"]


async def test_not_solved_opens_it_again_with_the_same_party(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    await _resolve(sessions, cast, need.id)
    survey = await _ask(sessions, now())
    async with sessions.begin() as session:
        again = await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
    assert (again.state, again.rounds, again.lead_party_id) == (NeedState.REOPENED, 2, _lead(cast).party_id)
    async with sessions.begin() as session:
        await answer_resident(session, _lead(cast), need.id, "马上再去看")
        await resolve_need(session, _lead(cast), need.id, "换了主板", survey_at=now())
    second = await _ask(sessions, now())
    assert (second.round, second.state) == (2, SurveyState.ASKED)


async def test_what_is_over_is_opened_by_the_residents_no_alone(sessions: Sessions, cast: Cast) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    await _resolve(sessions, cast, need.id)
    await _check_steers_nothing(sessions, cast, need.id, NeedState.RESOLVED)
    survey = await _ask(sessions, now())
    async with sessions.begin() as session:
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
    await _check_steers_nothing(sessions, cast, need.id, NeedState.CLOSED)
    other = await _report(sessions, cast)
    merged = await _report(sessions, cast)
    async with sessions.begin() as session:
        await merge_needs(session, lead, merged.id, other.code)
    await _check_steers_nothing(sessions, cast, merged.id, NeedState.CLOSED)


async def _check_steers_nothing(sessions: Sessions, cast: Cast, need_id: UUID, state: NeedState) -> None:
    lead, colleague = _lead(cast), cast.here.colleagues[PartyType.PROPERTY_COMPANY]
    committee = cast.here.parties[PartyType.COMMITTEE].id
    acts: list[Callable[[AsyncSession], Awaitable[object]]] = [
        lambda session: hand_over_need(session, lead, need_id, committee, "归居委会"),
        lambda session: assign_need(session, lead, need_id, colleague.staff_id),
        lambda session: assign_need(session, lead, need_id, lead.staff_id),
        lambda session: change_kind(session, lead, need_id, "noise"),
        lambda session: ask_part(session, lead, need_id, committee),
        lambda session: ask_resident(session, lead, need_id, "几楼？"),
        lambda session: accept_need(session, lead, need_id),
    ]
    for act in acts:
        with pytest.raises(WrongState):
            async with sessions.begin() as session:
                await act(session)
    async with sessions() as session:
        assert (await session.get_one(Need, need_id)).state is state


async def test_what_ended_with_the_street_office_is_not_decided_any_more(
    sessions: Sessions, cast: Cast
) -> None:
    need = await _report(sessions, cast)
    async with sessions.begin() as session:
        stored = await session.get_one(Need, need.id)
        stored.state, stored.lead_party_id = NeedState.CLOSED, cast.street.party_id
    with pytest.raises(WrongState):
        async with sessions.begin() as session:
            await decide_need(session, cast.street, need.id, _lead(cast).party_id)


async def test_one_reminder_then_the_need_closes(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    await _resolve(sessions, cast, need.id)
    start = now()
    await _ask(sessions, start)
    await _ask(sessions, start + TIMES.reminder + timedelta(seconds=1))
    closed = await _ask(sessions, start + TIMES.closing + timedelta(seconds=1))
    assert closed.state is SurveyState.EXPIRED
    assert (await _told(sessions))[-2:] == ["survey_ask", "survey_remind"]
    assert (await _history(sessions, need.id))[-1] == "closed"


async def test_the_same_message_makes_one_need(sessions: Sessions, cast: Cast) -> None:
    first = await _report(sessions, cast, message_id=7)
    second = await _report(sessions, cast, message_id=7)
    assert first.id == second.id
    assert len(await _history(sessions, first.id)) == 2


async def test_two_declines_bring_it_to_the_street_office(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    decliners: list[UUID | None] = []
    for _ in range(2):
        async with sessions.begin() as session:
            current = await session.get_one(Need, need.id)
            decliners.append(current.lead_party_id)
            actor = next(
                actor for actor in cast.here.staff.values() if actor.party_id == current.lead_party_id
            )
            declined = await decline_need(session, actor, need.id, DeclineReason.NOT_OURS)
    assert len(set(decliners)) == 2
    assert declined.lead_party_id == cast.street.party_id
    async with sessions.begin() as session:
        decided = await hand_over_need(session, cast.street, need.id, _lead(cast).party_id, "物业负责电梯")
    assert decided.lead_party_id == _lead(cast).party_id
    assert (await _told(sessions)).count("need_passed_on") == 3


async def test_an_answer_sent_twice_is_one(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    request = uuid4()
    for _ in range(2):
        async with sessions.begin() as session:
            await answer_resident(session, _lead(cast), need.id, "收到", request_id=request)
    assert (await _told(sessions)).count("staff_answer") == 1


async def test_words_are_added_once_and_only_to_own_open_needs(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    for _ in range(2):
        async with sessions.begin() as session:
            await add_to_need(session, cast.owner.resident_id, need.id, "还是没人来", message_id=11)
    async with sessions() as session:
        assert len((await session.scalars(select(NeedEntry))).all()) == 1
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await add_to_need(session, cast.neighbour.resident_id, need.id, "我也是")
        await withdraw_need(session, cast.owner.resident_id, need.id)
        with pytest.raises(WrongState):
            await add_to_need(session, cast.owner.resident_id, need.id, "又来了")


async def test_limits_count_what_was_reported(sessions: Sessions, cast: Cast) -> None:
    for _ in range(3):
        await _report(sessions, cast, limits=ReportLimits(an_hour=3, a_day=5))
    with pytest.raises(TooMany) as refused:
        await _report(sessions, cast, limits=ReportLimits(an_hour=3, a_day=5))
    assert 0 < refused.value.wait <= 3601


async def test_bad_reports_change_nothing(sessions: Sessions, cast: Cast) -> None:
    with pytest.raises(NotFound):
        await _report(sessions, cast, Report(kind="elevator", words="坏了", place_id=cast.there.unit.id))
    with pytest.raises(KeyError):
        await _report(sessions, cast, Report(kind="no_such_kind", words="坏了"))
    async with sessions() as session:
        assert (await session.scalars(select(Need))).all() == []


async def test_resolving_needs_words_and_an_accepted_need(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    async with sessions.begin() as session:
        with pytest.raises(WrongState):
            await resolve_need(session, _lead(cast), need.id, "好了", survey_at=datetime.now(UTC))
        await accept_need(session, _lead(cast), need.id)
        with pytest.raises(Refused):
            await resolve_need(session, _lead(cast), need.id, "  ", survey_at=datetime.now(UTC))
