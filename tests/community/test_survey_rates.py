"""The rates of surveys: who sees whose, what a second turn counts, and that few answers are not told to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.models import Need
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.parties.models import PartyType
from community.surveys.models import Survey, SurveyState
from community.surveys.rates import PublicRate, Rate, find_public_rate, find_rates, last_month
from linli.database import Sessions
from tests.cast import Cast

MARCH = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 9, 4, 0, tzinfo=UTC)
Said = tuple[bool, int | None]


async def _answer(
    session: AsyncSession, cast: Cast, kind: str, said: Said, at: datetime, *, turn: int = 1
) -> Need:
    resident_id: UUID = cast.owner.resident_id
    with time_machine.travel(at, tick=False):
        made = Report(kind=kind, words="请看看")
        need = await report_need(session, resident_id, made, limits=ReportLimits(1_000, 1_000))
    assert need.lead_party_id is not None
    survey = Survey(
        need_id=need.id,
        resident_id=resident_id,
        party_id=need.lead_party_id,
        round=1,
        turn=turn,
        state=SurveyState.ANSWERED,
        solved=said[0],
        score=said[1],
        answered_at=at,
    )
    session.add(survey)
    await session.flush()
    return need


async def _fill(
    sessions: Sessions, cast: Cast, kind: str, said: Sequence[Said], at: datetime = MARCH
) -> None:
    async with sessions.begin() as session:
        for number, one in enumerate(said):
            await _answer(session, cast, kind, one, at + timedelta(days=number % 5, hours=number))


async def _rates(sessions: Sessions, actor: StaffActor) -> dict[str, Rate]:
    async with sessions() as session:
        found = await find_rates(session, actor, MARCH - timedelta(days=30), APRIL)
    return {rate.kind: rate for rate in found}


async def test_rates_by_party_and_kind_with_their_n(sessions: Sessions, cast: Cast) -> None:
    await _fill(sessions, cast, "elevator", [(True, 5), (True, 4), (False, None), (True, 2), (True, None)])
    await _fill(sessions, cast, "noise", [(False, None)])
    async with sessions.begin() as session:
        await _answer(session, cast, "elevator", (True, 1), MARCH, turn=2)
    rates = await _rates(sessions, cast.here.staff[PartyType.COMMITTEE])
    lift = rates["elevator"]
    assert lift.party.id == cast.here.parties[PartyType.PROPERTY_COMPANY].id
    assert (lift.answered, lift.solved, lift.scored, lift.stars, lift.low) == (5, 4, 3, 11, 1)
    assert (lift.again, lift.again_solved, lift.may_be_shown) == (1, 1, True)
    assert (lift.share, lift.mean) == (0.8, 11 / 3)
    assert (rates["noise"].answered, rates["noise"].may_be_shown, rates["noise"].mean) == (1, False, None)


async def test_whose_rates_are_seen(sessions: Sessions, cast: Cast) -> None:
    await _fill(sessions, cast, "elevator", [(True, 5)])
    await _fill(sessions, cast, "noise", [(True, 5)])
    await _fill(sessions, cast, "mental_health", [(True, 5)])
    here = cast.here.staff
    assert set(await _rates(sessions, here[PartyType.COMMITTEE])) == {"elevator", "noise"}
    assert set(await _rates(sessions, cast.street)) == {"elevator", "noise"}
    assert set(await _rates(sessions, here[PartyType.PROPERTY_COMPANY])) == {"elevator"}
    for stranger in (cast.there.staff[PartyType.COMMITTEE], cast.admin, here[PartyType.DEPARTMENT]):
        assert await _rates(sessions, stranger) == {}


async def test_what_everybody_is_told_of_last_month(sessions: Sessions, cast: Cast) -> None:
    async def told(at: datetime) -> PublicRate | None:
        async with sessions() as session:
            return await find_public_rate(session, cast.here.community, at)

    await _fill(sessions, cast, "elevator", [(True, None)] * 3 + [(False, None)])
    assert await told(APRIL) is None  # four answers would say too much about each
    await _fill(sessions, cast, "mental_health", [(True, None)] * 9)
    assert await told(APRIL) is None
    await _fill(sessions, cast, "noise", [(True, None)] * 4)
    assert await told(APRIL) == PublicRate(percent=88, answered=8)
    assert await told(MARCH) is None


def test_last_month_is_the_calendar_month_there() -> None:
    begins, ends = last_month(datetime(2025, 12, 31, 17, 0, tzinfo=UTC), "Asia/Shanghai")
    assert begins == datetime(2025, 11, 30, 16, 0, tzinfo=UTC)
    assert ends == datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
