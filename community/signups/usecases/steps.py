"""The steps that all changes of a sign-up share: locks, the transition with its history, places taken and given back.

Locks are taken in one order: the resident, then the places, and a sign-up changes only under the lock of its places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift, ShiftPlaces
from community.activities.telling import shift_values
from community.actors import Actor, ResidentActor, StaffActor
from community.clock import now
from community.errors import NotFound, WrongState
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.usecases import Buttons, enqueue_message
from community.places.models import Community
from community.residents.models import Resident
from community.signups.models import (
    TRANSITIONS,
    ReminderState,
    ShiftReminder,
    SignUp,
    SignUpHistory,
    SignUpState,
)

_GONE = (
    OutboxState.SENDING,
    OutboxState.SENT,
    OutboxState.FAILED,
    OutboxState.EXPIRED,
    OutboxState.SUPPRESSED,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A sign-up with all around it, its places locked until the transaction ends."""

    sign_up: SignUp
    places: ShiftPlaces
    shift: Shift
    activity: Activity
    zone: str

    @property
    def values(self) -> dict[str, object]:
        """What messages about it may name."""
        return {**shift_values(self.activity, self.shift), "people": self.sign_up.people}


@dataclass(frozen=True, slots=True)
class Around:
    """The places of one part of a shift, locked, with what they belong to."""

    places: ShiftPlaces
    shift: Shift
    activity: Activity
    zone: str


async def lock_around(session: AsyncSession, places_id: UUID) -> Around:
    """The places, locked, with shift and activity; raises NotFound."""
    places = await session.get(ShiftPlaces, places_id, with_for_update=True, populate_existing=True)
    if places is None:
        raise NotFound
    wanted = (
        select(Shift, Activity, Community.zone)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(Community, Community.id == Shift.community_id)
        .where(Shift.id == places.shift_id)
        .execution_options(populate_existing=True)
    )
    shift, activity, zone = (await session.execute(wanted)).one()
    return Around(places, shift, activity, zone)


async def lock_resident(session: AsyncSession, resident_id: UUID) -> Resident:
    """The resident, locked before any places, so that nobody gets two places at one time; raises NotFound."""
    resident = await session.get(
        Resident, resident_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if resident is None:
        raise NotFound
    return resident


async def hold_sign_up(session: AsyncSession, sign_up_id: UUID) -> Held:
    """The sign-up under the lock of its places; raises NotFound."""
    places_id = await session.scalar(select(SignUp.places_id).where(SignUp.id == sign_up_id))
    if places_id is None:
        raise NotFound
    around = await lock_around(session, places_id)
    sign_up = await session.get_one(SignUp, sign_up_id, populate_existing=True)
    return Held(sign_up, around.places, around.shift, around.activity, around.zone)


async def hold_own(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    """The resident's own sign-up under the lock of its places; raises NotFound for anybody else's."""
    held = await hold_sign_up(session, sign_up_id)
    if held.sign_up.resident_id != resident_id:
        raise NotFound
    return held


def move_sign_up(
    session: AsyncSession, actor: Actor, sign_up: SignUp, to: SignUpState, *, why: str | None = None
) -> None:
    """Bring a sign-up into the next state with its line of history. Raises WrongState where that may not follow."""
    if to not in TRANSITIONS[sign_up.state]:
        raise WrongState("sign_up_over", state=sign_up.state.value)
    came_from, sign_up.state = sign_up.state, to
    session.add(make_line(actor, sign_up, came_from, why))


def make_line(actor: Actor, sign_up: SignUp, came_from: SignUpState | None, why: str | None) -> SignUpHistory:
    """One line of history, for the state that the sign-up has now."""
    return SignUpHistory(
        sign_up_id=sign_up.id,
        at=now(),
        resident_id=actor.resident_id if isinstance(actor, ResidentActor) else None,
        staff_id=actor.staff_id if isinstance(actor, StaffActor) else None,
        from_state=came_from,
        to_state=sign_up.state,
        why=why,
    )


async def drop_reminders(session: AsyncSession, sign_up_ids: Sequence[UUID]) -> None:
    """Whoever does not come is reminded of nothing, and a reminder that is queued is not sent."""
    await session.execute(
        update(ShiftReminder)
        .where(ShiftReminder.sign_up_id.in_(sign_up_ids), ShiftReminder.state == ReminderState.DUE)
        .values(state=ReminderState.DROPPED)
    )
    await _withdraw(session, sign_up_ids, "reminder:")


async def withdraw_told(session: AsyncSession, sign_up_ids: Sequence[UUID]) -> None:
    """Nothing that is still queued about sign-ups that ended is sent: an offer, a reminder, news of the shift."""
    await _withdraw(session, sign_up_ids, "")


async def _withdraw(session: AsyncSession, sign_up_ids: Sequence[UUID], purpose: str) -> None:
    """One statement, however many they are; what is on its way or arrived stays as it is."""
    begins = func.concat("sign_up:", SignUp.id, f":{purpose}")
    await session.execute(
        update(OutboxMessage)
        .where(
            SignUp.id.in_(sign_up_ids),
            OutboxMessage.resident_id == SignUp.resident_id,
            OutboxMessage.state.not_in(_GONE),
            OutboxMessage.purpose.startswith(begins),
        )
        .values(state=OutboxState.SUPPRESSED, reason="withdrawn"),
        execution_options={"synchronize_session": False},
    )


async def tell(
    session: AsyncSession,
    held: Held,
    message: str,
    purpose: str,
    *,
    buttons: Buttons = (),
    priority: Priority = Priority.NORMAL,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    **values: object,
) -> bool:
    """Queue a named message about a sign-up for its resident; `purpose` is unique within the sign-up."""
    return await enqueue_message(
        session,
        held.sign_up.resident_id,
        message,
        f"sign_up:{held.sign_up.id}:{purpose}",
        values={**held.values, **values},
        buttons=buttons,
        priority=priority,
        due_at=due_at,
        expires_at=expires_at,
    )


def answer_buttons(sign_up_id: UUID, yes: str = "button_can_come", no: str = "button_cannot_come") -> Buttons:
    """The two answers to "are you coming?"."""
    return [
        {"label": yes, "payload": f'/confirm_shift{{"signup": "{sign_up_id}"}}'},
        {"label": no, "payload": f'/cancel_signup{{"signup": "{sign_up_id}"}}'},
    ]
