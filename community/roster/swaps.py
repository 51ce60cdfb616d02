"""Swaps: a colleague asks another to take a shift, or to change it for one of theirs; it holds when both agree."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import DutyShift, Party, Staff
from community.roster.models import ShiftSwap, SwapState
from community.roster.usecases import (
    check_free,
    end_swaps,
    lock_kept,
    lock_shift,
    note_shift,
    tell_consoles,
    works_in,
)


async def ask_swap(
    session: AsyncSession, actor: StaffActor, shift_id: UUID, asked_of: UUID, for_shift_id: UUID | None = None
) -> ShiftSwap:
    """Ask a colleague to take one's own shift; with `for_shift_id` one takes that shift of theirs in return.

    Asking again replaces what was asked before. Raises Refused, NotAllowed for a shift of somebody else.
    """
    party, shift = await lock_shift(session, actor, shift_id)
    if shift.staff_id != actor.staff_id:
        raise NotAllowed("not_your_shift")
    colleague = await session.get(Staff, asked_of)
    if colleague is None or not works_in(colleague, party) or colleague.id == actor.staff_id:
        raise NotFound("no_such_colleague")
    if for_shift_id is not None:
        other = await session.get(DutyShift, for_shift_id)
        if other is None or other.staff_id != asked_of or other.ends_at <= now():
            raise NotFound
    await end_swaps(session, [shift.id])
    swap = ShiftSwap(
        shift_id=shift.id,
        for_shift_id=for_shift_id,
        asked_by=actor.staff_id,
        asked_of=asked_of,
        state=SwapState.OPEN,
    )
    session.add(swap)
    await tell_consoles(session, party)
    return swap


async def answer_swap(session: AsyncSession, actor: StaffActor, swap_id: UUID, *, agree: bool) -> ShiftSwap:
    """The colleague agrees or not. Agreed, both shifts change hands at once.

    Raises WrongState("swap_is_over") where it was answered or does not hold any more.
    """
    party, swap = await _lock_swap(session, actor, swap_id)
    if swap.asked_of != actor.staff_id:
        raise NotAllowed("not_asked_of_you")
    if swap.state is (SwapState.AGREED if agree else SwapState.DECLINED):
        return swap
    if swap.state is not SwapState.OPEN:
        raise WrongState("swap_is_over")
    if agree:
        await _change_hands(session, party, swap)
        note_shift(session, actor, "shift_swapped", party, await session.get_one(DutyShift, swap.shift_id))
    swap.state, swap.answered_at = SwapState.AGREED if agree else SwapState.DECLINED, now()
    await tell_consoles(session, party)
    return swap


async def withdraw_swap(session: AsyncSession, actor: StaffActor, swap_id: UUID) -> None:
    """Who asked does not want it any more."""
    party, swap = await _lock_swap(session, actor, swap_id)
    if swap.asked_by != actor.staff_id:
        raise NotAllowed("not_your_shift")
    if swap.state is SwapState.OPEN:
        swap.state, swap.answered_at = SwapState.WITHDRAWN, now()
        await tell_consoles(session, party)


async def _lock_swap(session: AsyncSession, actor: StaffActor, swap_id: UUID) -> tuple[Party, ShiftSwap]:
    party_id = await session.scalar(
        select(DutyShift.party_id)
        .join(ShiftSwap, ShiftSwap.shift_id == DutyShift.id)
        .where(ShiftSwap.id == swap_id)
    )
    if party_id is None:
        raise NotFound
    party = await lock_kept(session, actor, party_id)
    return party, await session.get_one(ShiftSwap, swap_id, with_for_update=True, populate_existing=True)


async def _change_hands(session: AsyncSession, party: Party, swap: ShiftSwap) -> None:
    shift = await session.get_one(DutyShift, swap.shift_id, populate_existing=True)
    other = (
        await session.get(DutyShift, swap.for_shift_id, populate_existing=True) if swap.for_shift_id else None
    )
    if shift.staff_id != swap.asked_by or (other is not None and other.staff_id != swap.asked_of):
        raise WrongState("swap_is_over")
    besides = [shift.id, *([other.id] if other else [])]
    if shift.ends_at <= now() or (other is not None and other.ends_at <= now()):
        raise Refused("shift_is_over")
    await check_free(session, party, swap.asked_of, shift.starts_at, shift.ends_at, besides)
    if other is not None:
        await check_free(session, party, swap.asked_by, other.starts_at, other.ends_at, besides)
        other.staff_id = swap.asked_by
    shift.staff_id = swap.asked_of
    await session.flush()
    others = select(ShiftSwap).where(
        ShiftSwap.id != swap.id, ShiftSwap.state == SwapState.OPEN, ShiftSwap.shift_id.in_(besides)
    )
    for left in await session.scalars(others):
        left.state, left.answered_at = SwapState.WITHDRAWN, now()
