"""What one has done, as the chat tells it: hours, what the time bank holds, and the page with certificates."""

from __future__ import annotations

from uuid import UUID

import pytest
import time_machine

from community.activities.models import Part
from community.clock import now
from community.credits.models import CreditLine, CreditReason
from community.credits.usecases import set_time_bank
from community.parties.models import PartyType
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, publish
from tests.dialogue.test_joining_steps import Person

MINE = "action_my_signups"


@pytest.fixture
async def person(sessions: Sessions, cast: Cast) -> Person:
    """The owner, who has helped for two hours."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        async with sessions.begin() as session:
            held = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
            sign_up = await session.get_one(SignUp, held.sign_up.id)
            sign_up.state, sign_up.minutes = SignUpState.COMPLETED, 120
    return Person(sessions, cast.owner.resident_id)


async def test_hours_lead_to_the_page_with_certificates(person: Person) -> None:
    assert await person.say("给我开个志愿证明", "my_signups", MINE) == ["own_hours", "own_shifts_none"]
    hours = person.bubbles[0]["values"]
    assert hours == {"hours": 2.0, "shifts": 1, "bank": None, "page": "/m/shifts"}


async def test_the_time_bank_is_told_where_there_is_one(
    person: Person, sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[PartyType.COMMITTEE], kept=True)
        session.add(_line(cast.owner.resident_id, cast.here.community.id))
    await person.say("我有多少积分", "my_signups", MINE)
    assert person.bubbles[0]["values"]["bank"] == 1.5


def _line(resident_id: UUID, community_id: UUID) -> CreditLine:
    return CreditLine(
        resident_id=resident_id,
        community_id=community_id,
        minutes=90,
        reason=CreditReason.SERVED,
        at=now(),
    )
