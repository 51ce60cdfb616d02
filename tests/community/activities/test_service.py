"""What counts as voluntary service: helping does, taking part does not, and a certificate names one community."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Part
from community.errors import Refused
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.residents.models import Resident
from community.signups.certificates import issue_certificate
from community.signups.models import SignUp
from community.signups.queries import Hours, find_hours
from community.signups.taking import take_hours
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.ending import end_shift
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, told

DAY = timedelta(days=1)
ENDED = SATURDAY + timedelta(hours=5)


async def be_there(sessions: Sessions, cast: Cast, resident_id: UUID, part: Part) -> None:
    """Two hours on the Saturday, helping or taking part."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=1, participants=1))
        async with sessions.begin() as session:
            held = await join_shift(session, resident_id, shift_id, part)
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, cast.here.staff[PartyType.COMMITTEE], held.sign_up.id)
    with time_machine.travel(ENDED):
        async with sessions.begin() as session:
            await end_shift(session, ENDED, shift_id)


async def listed(sessions: Sessions, cast: Cast) -> list[int]:
    """The minutes that the committee takes away as a list."""
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        lines = await take_hours(session, actor, SATURDAY - DAY, SATURDAY + DAY, "csv")
    return [line.minutes for line in lines]


async def test_taking_part_is_no_service(sessions: Sessions, cast: Cast) -> None:
    guest = cast.owner.resident_id
    await be_there(sessions, cast, guest, Part.PARTICIPANT)
    async with sessions() as session:
        assert await find_hours(session, guest) == Hours(0, 0)
        assert (await session.scalars(select(SignUp.minutes))).one() == 120
    assert await listed(sessions, cast) == []
    assert await told(sessions, guest) == ["shift_attended"], "thanked, with no hours noted"
    async with sessions.begin() as session:
        with pytest.raises(Refused, match="certificate_nothing"):
            await issue_certificate(session, guest, "王秀英")


async def test_helping_is_service(sessions: Sessions, cast: Cast) -> None:
    helper = cast.owner.resident_id
    await be_there(sessions, cast, helper, Part.VOLUNTEER)
    async with sessions() as session:
        assert await find_hours(session, helper) == Hours(120, 1)
        values = (await session.scalars(select(OutboxMessage.values))).one()
    assert (values["hours"], values["total"]) == (2.0, 2.0)
    assert await listed(sessions, cast) == [120]
    assert await told(sessions, helper) == ["shift_thanks"]


async def test_a_certificate_names_the_community_of_the_service(sessions: Sessions, cast: Cast) -> None:
    """Who moved has nothing to certify in the new community yet."""
    helper = cast.owner.resident_id
    await be_there(sessions, cast, helper, Part.VOLUNTEER)
    async with sessions.begin() as session:
        assert (await issue_certificate(session, helper, "王秀英")).minutes == 120
    async with sessions.begin() as session:
        (await session.get_one(Resident, helper)).community_id = cast.there.community.id
    async with sessions.begin() as session:
        with pytest.raises(Refused, match="certificate_nothing"):
            await issue_certificate(session, helper, "王秀英")
