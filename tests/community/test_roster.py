"""The duty roster: who keeps and sees it, nobody in two places, weeks repeated, swaps that both agree to, gaps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from community.actors import StaffActor
from community.calendar.china import DayKind
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import DutyShift, PartyType, Role, Staff
from community.parties.usecases import change_staff
from community.roster.repeating import repeat_week
from community.roster.swaps import answer_swap, ask_swap, withdraw_swap
from community.roster.usecases import Times, add_shift, change_shift, remove_shift
from community.roster.weeks import count_asked, find_gaps, find_rosters, get_week
from linli.database import Sessions
from tests.cast import Cast

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
COMMITTEE, TEAM = PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM


@pytest.fixture(autouse=True)
def sunday_before() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, 0, tzinfo=ZONE), tick=False):
        yield


def times(who: StaffActor, days: int = 0, opens: str = "08:30", closes: str = "12:00") -> Times:
    return Times(
        who.staff_id, MONDAY + timedelta(days=days), time.fromisoformat(opens), time.fromisoformat(closes)
    )


async def add(sessions: Sessions, who: StaffActor, *args: object, by: StaffActor | None = None) -> DutyShift:
    async with sessions.begin() as session:
        return await add_shift(session, by or who, who.party_id, times(who, *args))  # type: ignore[arg-type]


async def holders(sessions: Sessions, *shift_ids: UUID) -> list[UUID]:
    async with sessions() as session:
        return [(await session.get_one(DutyShift, shift_id)).staff_id for shift_id in shift_ids]


@pytest.fixture
async def pair(cast: Cast) -> tuple[StaffActor, StaffActor]:
    """Two colleagues of the committee."""
    return cast.here.staff[COMMITTEE], cast.here.colleagues[COMMITTEE]


async def test_a_shift_is_kept_in_local_hours(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    shift = await add(sessions, pair[0])
    assert shift.starts_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    night = await add(sessions, pair[0], 4, "22:00", "06:00")
    assert night.ends_at - night.starts_at == timedelta(hours=8)


KEEPERS = {
    "here.committee": {"here.committee", "here.committee.2"},
    "here.social_work_team": {"here.social_work_team", "here.social_work_team.2"},
}
EVERYBODY = (
    "here.committee",
    "here.committee.2",
    "here.social_work_team",
    "here.social_work_team.2",
    "here.property_company",
    "there.committee",
    "there.social_work_team",
    "street",
    "admin",
)


def actor_of(cast: Cast, name: str) -> StaffActor:
    if name in ("street", "admin"):
        actor: StaffActor = getattr(cast, name)
        return actor
    side, party, *second = name.split(".")
    where = getattr(cast, side)
    found: StaffActor = (where.colleagues if second else where.staff)[PartyType(party)]
    return found


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("roster", KEEPERS)
async def test_who_keeps_a_roster(sessions: Sessions, cast: Cast, roster: str, who: str) -> None:
    owner, actor = actor_of(cast, roster), actor_of(cast, who)
    if who in KEEPERS[roster]:
        await add(sessions, owner, by=actor)
        return
    with pytest.raises((NotFound, NotAllowed)):
        await add(sessions, owner, by=actor)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("roster", KEEPERS)
async def test_who_sees_a_roster(sessions: Sessions, cast: Cast, roster: str, who: str) -> None:
    owner, actor = actor_of(cast, roster), actor_of(cast, who)
    sees = who in KEEPERS[roster] or who == "street"
    async with sessions() as session:
        listed = owner.party_id in {party.id for party in await find_rosters(session, actor)}
        assert listed is sees
        if sees:
            week = await get_week(session, actor, owner.party_id, MONDAY)
            assert week.may_keep is (who in KEEPERS[roster])
        else:
            with pytest.raises(NotFound):
                await get_week(session, actor, owner.party_id, MONDAY)


async def test_who_leads_the_committee_sees_all_of_the_community(sessions: Sessions, cast: Cast) -> None:
    leader = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == leader.staff_id).values(leads=True))
    async with sessions() as session:
        seen = {party.id for party in await find_rosters(session, leader)}
        assert seen == {cast.here.parties[COMMITTEE].id, cast.here.parties[TEAM].id}
        team = await get_week(session, leader, cast.here.parties[TEAM].id, MONDAY)
        assert not team.may_keep
    with pytest.raises(NotAllowed):
        await add(sessions, cast.here.staff[TEAM], by=leader)


async def test_nobody_is_in_two_places(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    await add(sessions, pair[0], 0, "08:30", "12:00")
    with pytest.raises(Refused, match="shift_overlaps"):
        await add(sessions, pair[0], 0, "11:00", "13:00")
    await add(sessions, pair[1], 0, "11:00", "13:00")
    await add(sessions, pair[0], 0, "12:00", "13:00")


async def test_what_is_over_stays(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    shift = await add(sessions, pair[0])
    with pytest.raises(Refused, match="shift_is_over"):
        await add(sessions, pair[0], -3)
    with time_machine.travel(datetime(2026, 3, 3, 9, 0, tzinfo=ZONE)), pytest.raises(Refused):
        async with sessions.begin() as session:
            await remove_shift(session, pair[0], shift.id)


async def test_no_stranger_is_on_duty(
    sessions: Sessions, cast: Cast, pair: tuple[StaffActor, StaffActor]
) -> None:
    other = cast.here.staff[TEAM]
    with pytest.raises(NotFound):
        async with sessions.begin() as session:
            await add_shift(
                session, pair[0], pair[0].party_id, replace(times(pair[0]), staff_id=other.staff_id)
            )


async def test_changed_and_removed(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    shift = await add(sessions, pair[0])
    async with sessions.begin() as session:
        await change_shift(session, pair[0], shift.id, times(pair[1], 0, "09:00", "12:00"))
    assert await holders(sessions, shift.id) == [pair[1].staff_id]
    async with sessions.begin() as session:
        await remove_shift(session, pair[1], shift.id)
    async with sessions() as session:
        assert (await session.scalars(select(DutyShift))).all() == []


async def test_a_week_is_repeated_once(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    for days in range(3):
        await add(sessions, pair[days % 2], days)
    for expected in (6, 0):
        async with sessions.begin() as session:
            assert await repeat_week(session, pair[0], pair[0].party_id, MONDAY, 2) == expected
    async with sessions() as session:
        later = await get_week(session, pair[0], pair[0].party_id, MONDAY + timedelta(days=14))
    assert [
        (line.opens, line.staff.id) for day in later.days for line in day.lines if line.shift and line.staff
    ] == [(time(8, 30), pair[days % 2].staff_id) for days in range(3)]
    with pytest.raises(Refused, match="weeks_unclear"):
        async with sessions.begin() as session:
            await repeat_week(session, pair[0], pair[0].party_id, MONDAY, 99)


async def test_a_week_is_not_repeated_for_who_works_elsewhere_by_now(
    sessions: Sessions, cast: Cast, pair: tuple[StaffActor, StaffActor]
) -> None:
    for days in range(2):
        await add(sessions, pair[days], days)
    with time_machine.travel(datetime(2026, 3, 4, 12, 0, tzinfo=ZONE), tick=False):
        async with sessions.begin() as session:
            team = cast.here.parties[TEAM].id
            await change_staff(session, cast.admin, pair[0].staff_id, Role.SOCIAL_WORKER, team)
        async with sessions.begin() as session:
            assert await repeat_week(session, pair[1], pair[1].party_id, MONDAY, 2) == 2
    async with sessions() as session:
        coming = select(DutyShift.staff_id).where(DutyShift.starts_at > datetime(2026, 3, 8, tzinfo=ZONE))
        assert set(await session.scalars(coming)) == {pair[1].staff_id}


async def test_a_swap_holds_when_both_agree(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    mine, theirs = await add(sessions, pair[0], 0), await add(sessions, pair[1], 1)
    async with sessions.begin() as session:
        swap = await ask_swap(session, pair[0], mine.id, pair[1].staff_id, theirs.id)
        assert await count_asked(session, pair[1]) == 1
    assert await holders(sessions, mine.id, theirs.id) == [pair[0].staff_id, pair[1].staff_id]
    with pytest.raises(NotAllowed, match="not_asked_of_you"):
        async with sessions.begin() as session:
            await answer_swap(session, pair[0], swap.id, agree=True)
    for _ in range(2):  # twice is no mistake
        async with sessions.begin() as session:
            await answer_swap(session, pair[1], swap.id, agree=True)
    assert await holders(sessions, mine.id, theirs.id) == [pair[1].staff_id, pair[0].staff_id]


async def test_a_swap_that_is_declined_or_withdrawn_changes_nothing(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    mine = await add(sessions, pair[0])
    async with sessions.begin() as session:
        first = await ask_swap(session, pair[0], mine.id, pair[1].staff_id)
        await answer_swap(session, pair[1], first.id, agree=False)
        second = await ask_swap(session, pair[0], mine.id, pair[1].staff_id)
        await withdraw_swap(session, pair[0], second.id)
    for swap in (first, second):
        with pytest.raises(WrongState, match="swap_is_over"):
            async with sessions.begin() as session:
                await answer_swap(session, pair[1], swap.id, agree=True)
    assert await holders(sessions, mine.id) == [pair[0].staff_id]


async def test_nobody_gives_away_what_is_not_theirs(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    mine = await add(sessions, pair[0])
    with pytest.raises(NotAllowed, match="not_your_shift"):
        async with sessions.begin() as session:
            await ask_swap(session, pair[1], mine.id, pair[0].staff_id)


async def test_a_shift_that_changed_hands_ends_what_was_asked(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    mine = await add(sessions, pair[0])
    async with sessions.begin() as session:
        swap = await ask_swap(session, pair[0], mine.id, pair[1].staff_id)
    async with sessions.begin() as session:
        await change_shift(session, pair[1], mine.id, times(pair[0], 0, "09:00", "12:00"))
    with pytest.raises(WrongState):
        async with sessions.begin() as session:
            await answer_swap(session, pair[1], swap.id, agree=True)


async def test_agreeing_twice_at_once_changes_hands_once(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    mine, theirs = await add(sessions, pair[0], 0), await add(sessions, pair[1], 1)
    async with sessions.begin() as session:
        swap = await ask_swap(session, pair[0], mine.id, pair[1].staff_id, theirs.id)

    async def agree() -> None:
        async with sessions.begin() as session:
            await answer_swap(session, pair[1], swap.id, agree=True)

    await asyncio.gather(agree(), agree(), agree())
    assert await holders(sessions, mine.id, theirs.id) == [pair[1].staff_id, pair[0].staff_id]


def test_gaps_are_what_no_shift_covers() -> None:
    hour = [datetime(2026, 3, 2, number, tzinfo=UTC) for number in range(24)]
    spans = [(hour[2], hour[5]), (hour[4], hour[8]), (hour[10], hour[12])]
    assert find_gaps(spans, hour[0], hour[14]) == [
        (hour[0], hour[2]),
        (hour[8], hour[10]),
        (hour[12], hour[14]),
    ]
    assert find_gaps([], hour[0], hour[1]) == [(hour[0], hour[1])]
    assert find_gaps([(hour[0], hour[3])], hour[1], hour[2]) == []


async def test_a_gap_reaches_over_the_end_of_the_week(
    sessions: Sessions, pair: tuple[StaffActor, StaffActor]
) -> None:
    for days in range(6):
        await add(sessions, pair[0], days, "00:00", "18:00")
        await add(sessions, pair[1], days, "18:00", "00:00" if days < 5 else "18:30")
    await add(sessions, pair[0], 7)
    async with sessions() as session:
        week = await get_week(session, pair[0], pair[0].party_id, MONDAY)
    assert [(gap.since, gap.until) for gap in week.gaps] == [
        (datetime(2026, 3, 7, 18, 30, tzinfo=ZONE), datetime(2026, 3, 9, 8, 30, tzinfo=ZONE))
    ]
    saturday, sunday = week.days[5], week.days[6]
    assert [(line.opens, line.shift is None) for line in saturday.lines][-1] == (time(18, 30), True)
    assert [(line.opens, line.closes, line.shift) for line in sunday.lines] == [(time(), time(), None)]


async def test_holidays_are_shown(sessions: Sessions, pair: tuple[StaffActor, StaffActor]) -> None:
    async with sessions() as session:
        week = await get_week(session, pair[0], pair[0].party_id, date(2025, 9, 29))
    assert [day.kind for day in week.days][2] is DayKind.HOLIDAY
    assert week.days[2].holiday is not None
