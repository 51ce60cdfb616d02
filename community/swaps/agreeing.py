"""Both have agreed: two places change hands in one transaction, each with its history and its own reminders."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import ResidentActor
from community.clock import now
from community.errors import WrongState
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message
from community.signups.models import COMING, HELD, OPEN, SignUp, SignUpState
from community.signups.usecases.reminding import plan_reminders
from community.signups.usecases.steps import (
    Around,
    Held,
    drop_reminders,
    lock_around,
    lock_resident,
    make_line,
    move_sign_up,
    withdraw_told,
)
from community.swaps.models import Swap, SwapState
from community.swaps.rounds import swap_values, withdraw_asks
from community.swaps.usecases import get_ask


async def agree_swap(session: AsyncSession, resident_id: UUID, swap_id: UUID) -> dict[str, object]:
    """Whoever was asked says yes: from now on each has the other's place. Gives what the answer may name.

    Saying so again changes nothing. Raises NotFound for whoever was not asked; WrongState("swap_closed") where
    somebody else was first, or one of the two has no such place, or no time for it, any more.
    """
    ask = await get_ask(session, resident_id, swap_id)
    swap = await session.get_one(Swap, swap_id)
    for each in sorted((swap.resident_id, resident_id)):
        await lock_resident(session, each)
    given, taken = await _hold_both(session, swap.sign_up_id, ask.sign_up_id)
    swap = await session.get_one(Swap, swap_id, with_for_update=True, populate_existing=True)
    values = swap_values(given.activity, given.shift, taken.activity, taken.shift)
    if swap.state is SwapState.AGREED and ask.said:
        return values
    if swap.state is not SwapState.ASKED or not await _may_change(session, given, taken):
        raise WrongState("swap_closed")
    ask.said, ask.said_at = True, now()
    swap.state, swap.ended_at = SwapState.AGREED, now()
    await _change(session, given, taken)
    await _change(session, taken, given)
    await withdraw_asks(session, swap.id)
    await enqueue_message(
        session,
        swap.resident_id,
        "swap_done",
        f"swap:{swap.id}:done",
        values=swap_values(taken.activity, taken.shift, given.activity, given.shift),
        priority=Priority.URGENT,
        expires_at=max(taken.shift.starts_at, given.shift.starts_at),
    )
    return values


async def _hold_both(session: AsyncSession, *sign_up_ids: UUID) -> tuple[Held, Held]:
    """Both sign-ups under the locks of their places, which are taken in the order of their ids."""
    wanted = select(SignUp.id, SignUp.places_id).where(SignUp.id.in_(sign_up_ids))
    places_of = {row[0]: row[1] for row in await session.execute(wanted)}
    arounds = {each: await lock_around(session, each) for each in sorted(set(places_of.values()))}
    given, taken = [
        _held(await session.get_one(SignUp, each, populate_existing=True), arounds[places_of[each]])
        for each in sign_up_ids
    ]
    return given, taken


def _held(sign_up: SignUp, around: Around) -> Held:
    return Held(sign_up, around.places, around.shift, around.activity, around.zone)


async def _may_change(session: AsyncSession, given: Held, taken: Held) -> bool:
    """Whether both still have their places ahead of them, and nothing else at the time of the other's."""
    stands = all(
        held.sign_up.state in COMING and held.sign_up.people == 1 and held.shift.starts_at > now()
        for held in (given, taken)
    )
    return stands and await _is_free(session, given, taken) and await _is_free(session, taken, given)


async def _is_free(session: AsyncSession, own: Held, other: Held) -> bool:
    busy = exists().where(
        SignUp.resident_id == own.sign_up.resident_id,
        SignUp.id != own.sign_up.id,
        or_(
            (SignUp.shift_id == other.shift.id) & SignUp.state.in_(OPEN),
            (SignUp.starts_at < other.shift.ends_at)
            & (SignUp.ends_at > other.shift.starts_at)
            & SignUp.state.in_(HELD),
        ),
    )
    return not await session.scalar(select(busy))


async def _change(session: AsyncSession, own: Held, other: Held) -> None:
    """One of the two goes from their own place to the other's; how many places are taken stays the same."""
    actor = ResidentActor(own.sign_up.resident_id)
    move_sign_up(session, actor, own.sign_up, SignUpState.CANCELLED, why="swap")
    await drop_reminders(session, [own.sign_up.id])
    await withdraw_told(session, [own.sign_up.id])
    sign_up = SignUp(
        shift_id=other.shift.id,
        places_id=other.places.id,
        resident_id=own.sign_up.resident_id,
        state=SignUpState.SIGNED_UP,
        people=1,
        starts_at=other.shift.starts_at,
        ends_at=other.shift.ends_at,
        created_at=now(),
    )
    session.add(sign_up)
    await session.flush()
    session.add(make_line(actor, sign_up, None, "swap"))
    await plan_reminders(session, Held(sign_up, other.places, other.shift, other.activity, other.zone))
