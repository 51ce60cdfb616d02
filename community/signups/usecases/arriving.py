"""Arriving: a code that changes each minute, shown where the shift meets; or the leader's list, without a phone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Shift
from community.actors import Actor, ResidentActor, StaffActor
from community.clock import now
from community.errors import Refused, WrongState
from community.limits.usecases import count_use
from community.signups.leading import hold_led
from community.signups.models import COMING, SignUp, SignUpState
from community.signups.usecases.steps import Held, drop_reminders, hold_own, move_sign_up

EARLIEST = timedelta(minutes=30)
LATEST_OUT = timedelta(hours=1)
TRIES, WINDOW = 5, timedelta(minutes=10)
_MINUTE = 60
_CODES = 10_000


def code_of(shift: Shift, at: datetime) -> str:
    """The four digits of the shift in this minute."""
    minute = int(at.timestamp()) // _MINUTE
    digest = hmac.digest(shift.secret, str(minute).encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:4]) % _CODES:04d}"


def is_open(shift: Shift, at: datetime) -> bool:
    """Whether residents can arrive: from half an hour before until the end."""
    return is_listed(shift, at) and at <= shift.ends_at


def is_listed(shift: Shift, at: datetime) -> bool:
    """Whether the leader can note who is there: from half an hour before until the shift is written up."""
    return shift.cancelled_at is None and shift.ended_at is None and shift.starts_at - EARLIEST <= at


async def find_arriving(
    session: AsyncSession, resident_id: UUID, at: datetime
) -> Sequence[tuple[UUID, Shift]]:
    """The resident's sign-ups whose shifts take arrivals now, the earlier first: two where shifts follow each other."""
    wanted = (
        select(SignUp.id, Shift)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            SignUp.resident_id == resident_id,
            SignUp.state.in_(COMING),
            SignUp.starts_at <= at + EARLIEST,
            SignUp.ends_at >= at,
        )
        .order_by(SignUp.starts_at)
    )
    return [(sign_up_id, shift) for sign_up_id, shift in await session.execute(wanted)]


async def check_in_by_code(session: AsyncSession, resident_id: UUID, code: str) -> Held:
    """The resident is at that shift of theirs whose spot shows this code. Raises Refused("check_in_wrong") at none."""
    at = now()
    for sign_up_id, shift in await find_arriving(session, resident_id, at):
        if code in _codes_of(shift, at):
            return await check_in(session, resident_id, sign_up_id, code)
    raise Refused("check_in_wrong")


async def check_in(session: AsyncSession, resident_id: UUID, sign_up_id: UUID, code: str) -> Held:
    """The resident is there: the code of this minute or the last one says so. A second time changes nothing.

    Raises Refused: check_in_early, check_in_over, check_in_wrong; TooMany after five wrong codes in ten minutes, which
    the caller counts by `count_code`.
    """
    held = await hold_own(session, resident_id, sign_up_id)
    if held.sign_up.state is SignUpState.CHECKED_IN:
        return held
    _check_time(held, is_over=now() > held.shift.ends_at)
    if code not in _codes_of(held.shift, now()):
        raise Refused("check_in_wrong")
    await _arrive(session, ResidentActor(resident_id), held)
    return held


def _codes_of(shift: Shift, at: datetime) -> set[str]:
    return {code_of(shift, at), code_of(shift, at - timedelta(seconds=_MINUTE))}


async def count_code(session: AsyncSession, resident_id: UUID) -> None:
    """Count one code that somebody tries, so that codes cannot be guessed. Raises TooMany."""
    await count_use(session, f"check_in:{resident_id}", TRIES, WINDOW)


async def check_in_by_leader(
    session: AsyncSession, actor: StaffActor | ResidentActor, sign_up_id: UUID
) -> Held:
    """Staff or the team's leader have seen the person, phone or not, and note it during the shift or after its end.

    Raises NotFound, also for whoever may not lead the list; Refused: check_in_early, check_in_over.
    """
    held = await hold_led(session, actor, sign_up_id)
    if held.sign_up.state is SignUpState.CHECKED_IN:
        return held
    _check_time(held, is_over=held.shift.ended_at is not None)
    await _arrive(session, actor, held)
    return held


async def check_out(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    """The resident goes; without it the shift's length counts. Raises WrongState where nobody had arrived."""
    return _go(await hold_own(session, resident_id, sign_up_id))


async def check_out_by_leader(
    session: AsyncSession, actor: StaffActor | ResidentActor, sign_up_id: UUID
) -> Held:
    """Staff or the team's leader note that somebody goes. Raises NotFound, WrongState where nobody had arrived."""
    return _go(await hold_led(session, actor, sign_up_id))


def _go(held: Held) -> Held:
    if held.sign_up.state is not SignUpState.CHECKED_IN:
        raise WrongState("check_out_nothing")
    held.sign_up.checked_out_at = held.sign_up.checked_out_at or now()
    return held


async def find_present(session: AsyncSession, resident_id: UUID, at: datetime) -> SignUp | None:
    """The resident's sign-up that arrived and has not ended; of several the one that they are at and have not left."""
    wanted = select(SignUp).where(
        SignUp.resident_id == resident_id,
        SignUp.state == SignUpState.CHECKED_IN,
        SignUp.ends_at >= at - LATEST_OUT,
    )
    order = (SignUp.checked_out_at.is_not(None), SignUp.starts_at > at, SignUp.starts_at.desc())
    found: SignUp | None = await session.scalar(wanted.order_by(*order).limit(1))
    return found


def _check_time(held: Held, *, is_over: bool) -> None:
    if is_over or held.sign_up.state not in COMING or held.shift.cancelled_at is not None:
        raise WrongState("check_in_over", **held.values)
    if now() < held.shift.starts_at - EARLIEST:
        raise Refused("check_in_early", opens=(held.shift.starts_at - EARLIEST).isoformat(), **held.values)


async def _arrive(session: AsyncSession, actor: Actor, held: Held) -> None:
    move_sign_up(session, actor, held.sign_up, SignUpState.CHECKED_IN)
    held.sign_up.checked_in_at = now()
    await drop_reminders(session, [held.sign_up.id])
