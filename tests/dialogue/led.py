"""What staff do around a shift in a dialogue: confirm who is trained, move it, call it off, see who is there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Shift
from community.activities.qualifications import confirm_qualification
from community.credits.usecases import set_time_bank
from community.parties.models import PartyType
from community.signups.models import HELD, SignUp
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.moving import cancel_shift, move_shift
from tests.dialogue.chat import Chat

COMMITTEE = PartyType.COMMITTEE


async def trains(chat: Chat, session: AsyncSession, code: str) -> None:
    """`staff confirm: 急救培训`, for the person who talks."""
    await confirm_qualification(session, chat.cast.here.staff[COMMITTEE], chat.resident_id, code)


async def moves(chat: Chat, session: AsyncSession, days: str) -> None:
    """`the shift moves: 1`: so many days on."""
    shift, later = await _next(session), timedelta(days=int(days))
    staff = chat.cast.here.staff[COMMITTEE]
    await move_shift(session, staff, shift.id, shift.starts_at + later, shift.ends_at + later)


async def calls_off(chat: Chat, session: AsyncSession, why: str) -> None:
    """`the shift is called off: 下大雨。`."""
    await cancel_shift(session, chat.cast.here.staff[COMMITTEE], (await _next(session)).id, why)


async def sees(chat: Chat, session: AsyncSession, _: str) -> None:
    """The leader has seen the person at the next shift."""
    wanted = select(SignUp).where(SignUp.resident_id == chat.resident_id, SignUp.state.in_(HELD))
    row = (await session.scalars(wanted.order_by(SignUp.starts_at).limit(1))).one()
    await check_in_by_leader(session, chat.cast.here.staff[COMMITTEE], row.id)


async def keeps_bank(chat: Chat, session: AsyncSession, _: str) -> None:
    """The community keeps a time bank from now on."""
    await set_time_bank(session, chat.cast.here.staff[COMMITTEE], kept=True)


async def _next(session: AsyncSession) -> Shift:
    return (await session.scalars(select(Shift).order_by(Shift.starts_at).limit(1))).one()
