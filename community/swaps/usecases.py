"""Ask for a swap, answer no, ask the next when nobody could: three at a time, nobody more than twice a week.

Who says yes changes both places at once: agreeing.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Part, Shift, ShiftPlaces
from community.activities.open_to import check_open_to
from community.activities.telling import shift_values
from community.clock import now
from community.errors import NotFound, Refused, WrongState
from community.signups.models import COMING, SignUp
from community.signups.usecases.steps import Held, hold_own, hold_sign_up, lock_resident
from community.swaps.candidates import fits
from community.swaps.models import Swap, SwapAsk, SwapState
from community.swaps.rounds import ask_round, go_on, hold_swap_until, swap_values, withdraw_asks


async def ask_swap(
    session: AsyncSession,
    resident_id: UUID,
    sign_up_id: UUID,
    shift_id: UUID,
    *,
    message_id: int | None = None,
    request_id: UUID | None = None,
) -> Swap:
    """Ask volunteers of another shift to change places; who asks has agreed by that, and keeps the place until then.

    An earlier wish for the same place ends. A message or form that comes again gives the same swap. Raises NotFound
    for anybody else's sign-up; Refused: swap_alone_only, swap_too_late, swap_has_places, swap_nobody, and those of
    `check_open_to`.
    """
    resident = await lock_resident(session, resident_id)
    if known := await _find_repeated(session, resident_id, message_id, request_id):
        return known
    held = await hold_own(session, resident_id, sign_up_id)
    shift, activity = await _get_wanted(session, held, shift_id)
    await check_open_to(session, resident, activity, shift.starts_at, shift_values(activity, shift))
    until = hold_swap_until(held, shift, now())
    if until is None:
        raise Refused("swap_too_late", **swap_values(activity, shift, held.activity, held.shift))
    await end_wish(session, sign_up_id)
    swap = Swap(
        resident_id=resident_id,
        sign_up_id=sign_up_id,
        shift_id=shift_id,
        state=SwapState.ASKED,
        message_id=message_id,
        request_id=request_id,
        until=until,
        created_at=now(),
    )
    session.add(swap)
    await session.flush()
    if not await ask_round(session, swap, held, shift, activity):
        raise Refused("swap_nobody", **swap_values(activity, shift, held.activity, held.shift))
    return swap


async def refuse_swap(session: AsyncSession, resident_id: UUID, swap_id: UUID) -> Shift:
    """Whoever was asked keeps their place; the next are asked where all said no. Gives the shift that they keep.

    Raises NotFound for whoever was not asked; WrongState for who has agreed before: "swap_agreed" with `signup`, the
    place that they have now, or "swap_is_over" where they have given that up too.
    """
    ask = await get_ask(session, resident_id, swap_id)
    swap = await session.get_one(Swap, swap_id)
    held = await hold_sign_up(session, swap.sign_up_id)
    swap = await session.get_one(Swap, swap_id, with_for_update=True, populate_existing=True)
    await session.refresh(ask)
    if ask.said:
        raise await _explain_agreed(session, resident_id, held)
    kept = await session.get_one(Shift, swap.shift_id)
    if ask.said is None:
        ask.said, ask.said_at = False, now()
        await session.flush()
    unanswered = exists().where(SwapAsk.swap_id == swap_id, SwapAsk.said.is_(None))
    if swap.state is SwapState.ASKED and not await session.scalar(select(unanswered)):
        await go_on(session, swap, held, now())
    return kept


async def _explain_agreed(session: AsyncSession, resident_id: UUID, given: Held) -> WrongState:
    """The places have changed hands: where whoever agreed goes now."""
    wanted = select(SignUp.id).where(
        SignUp.resident_id == resident_id, SignUp.shift_id == given.shift.id, SignUp.state.in_(COMING)
    )
    has_now = await session.scalar(wanted)
    if has_now is None:
        return WrongState("swap_is_over")
    return WrongState("swap_agreed", signup=str(has_now), **shift_values(given.activity, given.shift))


async def find_due_swaps(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` swaps that nobody agreed to in time."""
    wanted = select(Swap.id).where(Swap.state == SwapState.ASKED, Swap.until <= at)
    return (await session.scalars(wanted.order_by(Swap.until).limit(most))).all()


async def take_due_swap(session: AsyncSession, at: datetime, swap_id: UUID) -> int:
    """Ask the next few, or say that nobody could; gives how many were asked."""
    sign_up_id = await session.scalar(select(Swap.sign_up_id).where(Swap.id == swap_id))
    if sign_up_id is None:
        return 0
    held = await hold_sign_up(session, sign_up_id)
    swap = await session.get_one(Swap, swap_id, with_for_update=True, populate_existing=True)
    if swap.state is not SwapState.ASKED or swap.until > at:
        return 0
    return await go_on(session, swap, held, at)


async def end_wish(session: AsyncSession, sign_up_id: UUID) -> None:
    """Nobody is asked any more for a place that is given up, or for which another shift is wished."""
    await _end(session, Swap.sign_up_id == sign_up_id)


async def end_swaps(session: AsyncSession, shift_id: UUID) -> None:
    """What was asked about a shift that moved or is called off does not hold any more, on neither side."""
    given = select(SignUp.id).where(SignUp.shift_id == shift_id)
    await _end(session, or_(Swap.shift_id == shift_id, Swap.sign_up_id.in_(given)))


async def _end(session: AsyncSession, which: ColumnElement[bool]) -> None:
    ended = await session.scalars(
        update(Swap)
        .where(which, Swap.state == SwapState.ASKED)
        .values(state=SwapState.OVER, ended_at=now())
        .returning(Swap.id)
    )
    for swap_id in ended.all():
        await withdraw_asks(session, swap_id)


async def get_ask(session: AsyncSession, resident_id: UUID, swap_id: UUID) -> SwapAsk:
    """The question to this resident; raises NotFound for whoever was not asked."""
    wanted = select(SwapAsk).where(SwapAsk.swap_id == swap_id, SwapAsk.resident_id == resident_id)
    ask: SwapAsk | None = await session.scalar(wanted)
    if ask is None:
        raise NotFound
    return ask


async def _get_wanted(session: AsyncSession, held: Held, shift_id: UUID) -> tuple[Shift, Activity]:
    if held.sign_up.state not in COMING or held.places.part is not Part.VOLUNTEER:
        raise WrongState("sign_up_over", state=held.sign_up.state.value)
    if held.sign_up.people > 1:
        raise Refused("swap_alone_only")
    wanted = (
        select(Shift, Activity, ShiftPlaces)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(ShiftPlaces, ShiftPlaces.shift_id == Shift.id)
        .where(
            Shift.id == shift_id,
            Shift.community_id == held.shift.community_id,
            ShiftPlaces.part == Part.VOLUNTEER,
            *fits(held.sign_up, now()),
        )
    )
    row = (await session.execute(wanted)).first()
    if row is None:
        raise NotFound
    shift, activity, places = row
    if places.free > 0:
        raise Refused("swap_has_places", **shift_values(activity, shift))
    return shift, activity


async def _find_repeated(
    session: AsyncSession, resident_id: UUID, message_id: int | None, request_id: UUID | None
) -> Swap | None:
    same = []
    if message_id is not None:
        same.append(Swap.message_id == message_id)
    if request_id is not None:
        same.append(Swap.request_id == request_id)
    if not same:
        return None
    found: Swap | None = await session.scalar(select(Swap).where(Swap.resident_id == resident_id, or_(*same)))
    return found
