"""The time bank: an hour is a credit, spent on asking for help, and every change is a line of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select

from community.clock import now
from community.credits.models import CreditLine, CreditReason
from community.credits.usecases import ask_for_help, get_balance, set_time_bank
from community.duplicates.usecases import merge_needs
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import Need, Visibility
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.parties.models import PartyType
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.ending import correct_minutes
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish
from tests.community.activities.test_life_of_a_shift import join, tick

HOUR = timedelta(hours=1)
COMMITTEE = PartyType.COMMITTEE


async def serve(sessions: Sessions, cast: Cast) -> UUID:
    """The owner helps for two hours on Saturday; the shift is written up."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan())
        own = await join(sessions, cast.owner.resident_id, shift_id)
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, cast.here.staff[COMMITTEE], own)
    await tick(sessions, SATURDAY + 5 * HOUR)
    return own


async def balance(sessions: Sessions, cast: Cast) -> int:
    async with sessions() as session:
        return await get_balance(session, cast.owner.resident_id, cast.here.community.id)


async def begin(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[COMMITTEE], kept=True)


async def spend(sessions: Sessions, cast: Cast, hours: int, request_id: UUID | None = None) -> UUID:
    async with sessions.begin() as session:
        return await ask_for_help(
            session, cast.owner.resident_id, hours, "陪我去医院", request_id=request_id or uuid4()
        )


async def test_without_a_time_bank_nothing_is_counted(sessions: Sessions, cast: Cast) -> None:
    await serve(sessions, cast)
    assert await balance(sessions, cast) == 0
    with pytest.raises(NotFound):
        await spend(sessions, cast, 1)


async def test_hours_are_earned_corrected_and_spent(sessions: Sessions, cast: Cast) -> None:
    await begin(sessions, cast)
    own = await serve(sessions, cast)
    assert await balance(sessions, cast) == 120
    async with sessions.begin() as session:
        await correct_minutes(session, cast.here.staff[COMMITTEE], own, 180, "收拾到十二点")
    assert await balance(sessions, cast) == 180
    request_id = uuid4()
    needs = {await spend(sessions, cast, 2, request_id) for _ in range(2)}
    assert len(needs) == 1
    assert await balance(sessions, cast) == 60
    with pytest.raises(Refused, match="credits_short"):
        await spend(sessions, cast, 2)
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, needs.pop(), None)
    for _ in range(2):
        await tick(sessions, now())
    assert await balance(sessions, cast) == 180
    async with sessions() as session:
        lines = (await session.scalars(select(CreditLine.reason).order_by(CreditLine.id))).all()
    assert lines == [
        CreditReason.SERVED,
        CreditReason.CORRECTED,
        CreditReason.SPENT,
        CreditReason.RETURNED,
    ]


async def test_only_the_committee_begins_one(sessions: Sessions, cast: Cast) -> None:
    for party in (PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY):
        with pytest.raises(NotAllowed):
            async with sessions.begin() as session:
                await set_time_bank(session, cast.here.staff[party], kept=True)


@pytest.mark.parametrize("paid", [True, False])
async def test_what_was_paid_twice_for_one_help_comes_back(
    sessions: Sessions, cast: Cast, paid: bool
) -> None:
    await begin(sessions, cast)
    await serve(sessions, cast)
    first = await spend(sessions, cast, 1)
    if paid:
        other = await spend(sessions, cast, 1)
    else:
        async with sessions.begin() as session:
            report = Report("other", "陪我去医院", visibility=Visibility.PRIVATE)
            other = (await report_need(session, cast.owner.resident_id, report)).id
    before = await balance(sessions, cast)
    async with sessions.begin() as session:
        code = (await session.get_one(Need, other)).code
        await merge_needs(session, cast.here.staff[COMMITTEE], first, code)
    for _ in range(2):
        await tick(sessions, now())
    assert await balance(sessions, cast) == before + (60 if paid else 0)
