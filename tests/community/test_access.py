"""Getting in: right and wrong passwords, the throttle, sessions that end, invitations that work once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from community.access.invitations import invite, set_first_password
from community.access.passwords import check_password_rules
from community.access.usecases import (
    SessionTimes,
    SignInLimits,
    check_sign_in,
    close_session,
    find_signed_in,
    open_session,
)
from community.actors import SYSTEM, StaffActor
from community.errors import NotAllowed, Refused, TooMany
from community.parties.models import PartyType, Role, Staff
from community.parties.usecases import NewStaff, add_staff, disable_staff
from linli.database import Sessions
from tests.cast import Cast

PASSWORD = "榕树下的石凳 42"
LIMITS = SignInLimits(a_user=3, an_address=5)
TIMES = SessionTimes()
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def clerk(sessions: Sessions, cast: Cast) -> StaffActor:
    """A committee clerk with a password."""
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await set_first_password(session, await invite(session, actor.staff_id), PASSWORD)
    return actor


async def _try(sessions: Sessions, name: str, password: str, address: str = "10.0.0.1") -> object:
    async with sessions.begin() as session:
        return await check_sign_in(session, name, password, address, LIMITS)


async def test_case_and_spaces_of_the_name_do_not_matter(sessions: Sessions, clerk: StaffActor) -> None:
    assert await _try(sessions, "  BANYAN.Committee ", PASSWORD) == clerk.staff_id


async def test_a_user_is_throttled_however_the_name_is_written(sessions: Sessions, clerk: StaffActor) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for name in ("banyan.committee", "Banyan.Committee", " banyan.committee"):
            assert await _try(sessions, name, "wrong password") is None
        with pytest.raises(TooMany) as refused:
            await _try(sessions, "BANYAN.COMMITTEE", PASSWORD, "10.0.0.2")
        clock.shift(timedelta(seconds=refused.value.wait))
        assert await _try(sessions, "banyan.committee", PASSWORD) == clerk.staff_id


async def test_an_address_is_throttled_over_all_names(sessions: Sessions, clerk: StaffActor) -> None:
    for number in range(5):
        assert await _try(sessions, f"nobody{number}", "wrong password") is None
    with pytest.raises(TooMany):
        await _try(sessions, "banyan.committee", PASSWORD)
    assert await _try(sessions, "banyan.committee", PASSWORD, "10.0.0.9") == clerk.staff_id


async def test_a_burst_of_many_names_from_an_address_is_counted_too(sessions: Sessions) -> None:
    tried = await asyncio.gather(
        *(_try(sessions, f"nobody{number}", "wrong password") for number in range(12)), return_exceptions=True
    )
    assert [type(each) for each in tried].count(TooMany) == 12 - LIMITS.an_address


async def test_a_session_ends_when_idle_in_any_case_and_on_sign_out(
    sessions: Sessions, clerk: StaffActor
) -> None:
    async def signed_in(token: str) -> bool:
        async with sessions.begin() as session:
            return await find_signed_in(session, token, TIMES) is not None

    async def opened() -> str:
        async with sessions.begin() as session:
            return await open_session(session, clerk.staff_id, TIMES)

    with time_machine.travel(START, tick=False) as clock:
        idle, busy, left = await opened(), await opened(), await opened()
        async with sessions.begin() as session:
            await close_session(session, left)
        assert not await signed_in(left)
        for _ in range(11):
            clock.shift(timedelta(minutes=60))
            assert await signed_in(busy)
        assert not await signed_in(idle)
        clock.shift(timedelta(minutes=61))
        assert not await signed_in(busy)


async def test_a_disabled_colleague_is_out_at_once(sessions: Sessions, cast: Cast, clerk: StaffActor) -> None:
    async with sessions.begin() as session:
        token = await open_session(session, clerk.staff_id, TIMES)
    async with sessions.begin() as session:
        await disable_staff(session, cast.admin, clerk.staff_id)
    async with sessions.begin() as session:
        assert await find_signed_in(session, token, TIMES) is None
    assert await _try(sessions, "banyan.committee", PASSWORD) is None


async def test_disabling_by_hand_in_the_database_counts_too(sessions: Sessions, clerk: StaffActor) -> None:
    async with sessions.begin() as session:
        token = await open_session(session, clerk.staff_id, TIMES)
        await session.execute(update(Staff).values(disabled_at=START))
    async with sessions.begin() as session:
        assert await find_signed_in(session, token, TIMES) is None


async def test_an_invitation_works_once_and_not_for_ever(sessions: Sessions, cast: Cast) -> None:
    staff_id = cast.here.staff[PartyType.COMMITTEE].staff_id
    with time_machine.travel(START, tick=False) as clock:
        async with sessions.begin() as session:
            first = await invite(session, staff_id)
            await set_first_password(session, first, PASSWORD)
            with pytest.raises(Refused):
                await set_first_password(session, first, "another good one")
            late = await invite(session, staff_id)
        clock.shift(timedelta(days=3))
        async with sessions.begin() as session:
            with pytest.raises(Refused):
                await set_first_password(session, late, "another good one")


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "password_length"),
        ("x" * 129, "password_length"),
        ("password123", "password_common"),
        ("12345678", "password_common"),
        ("aaaaaaaaaa", "password_common"),
        ("qwertyuiop", "password_common"),
    ],
)
def test_password_rules(password: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        check_password_rules(password)
    assert refused.value.message == message


def test_any_long_uncommon_password_will_do() -> None:
    check_password_rules("correct horse battery")
    check_password_rules("楼下的老榕树很凉快")


async def test_only_an_admin_adds_staff_and_the_role_fits_the_party(sessions: Sessions, cast: Cast) -> None:
    committee = cast.here.parties[PartyType.COMMITTEE]
    new = NewStaff("New.Person", "小新", Role.COMMITTEE, committee.id)
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await add_staff(session, cast.here.staff[PartyType.COMMITTEE], new)
        with pytest.raises(Refused):
            await add_staff(session, SYSTEM, NewStaff("x", "小新", Role.SOCIAL_WORKER, committee.id))
        assert (await add_staff(session, cast.admin, new)).sign_in == "new.person"
        with pytest.raises(Refused):
            await add_staff(session, SYSTEM, new)
