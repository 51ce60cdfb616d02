"""What is stored in the middle of a dialogue: `= ...` lines compare it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.conversations.models import Handover
from community.needs.models import Need
from community.residents.models import Resident
from community.signups.models import SignUp
from tests.dialogue.chat import Chat
from tests.dialogue.confided import tell_consent

Read = Callable[[AsyncSession, UUID], Awaitable[str]]


async def check_stored(chat: Chat, line: str) -> None:
    """Compare what a `=` line says with the database."""
    name, _, wanted = line.partition(":")
    async with chat.sessions() as session:
        stored = await STORED[name](session, chat.resident_id)
    assert stored == wanted.strip(), f"{name}: {stored!r}, not {wanted.strip()!r}"


async def _needs(session: AsyncSession, resident_id: UUID) -> str:
    """`kind state` of each need, oldest first."""
    wanted = select(Need).where(Need.resident_id == resident_id).order_by(Need.created_at)
    return ", ".join(f"{need.kind} {need.state.value}" for need in await session.scalars(wanted))


async def _how_many(session: AsyncSession, resident_id: UUID) -> str:
    """How many needs, where their kind is a matter of understanding."""
    wanted = select(Need.id).where(Need.resident_id == resident_id)
    return str(len((await session.scalars(wanted)).all()))


async def _language(session: AsyncSession, resident_id: UUID) -> str:
    resident = await session.get_one(Resident, resident_id)
    return resident.language.value if resident.language else ""


async def _person(session: AsyncSession, resident_id: UUID) -> str:
    """`none`, `wanted`, or `here` while a person has the conversation."""
    wanted = select(Handover).where(Handover.resident_id == resident_id, Handover.ended_at.is_(None))
    handover = (await session.scalars(wanted)).one_or_none()
    return "none" if handover is None else "here" if handover.taken_at else "wanted"


async def _sign_ups(session: AsyncSession, resident_id: UUID) -> str:
    """`state people` of each sign-up, oldest first."""
    wanted = select(SignUp).where(SignUp.resident_id == resident_id).order_by(SignUp.created_at)
    return ", ".join(f"{row.state.value} {row.people}" for row in await session.scalars(wanted))


STORED: Mapping[str, Read] = {
    "needs": _needs,
    "number of needs": _how_many,
    "language": _language,
    "person": _person,
    "sign-ups": _sign_ups,
    "consent": tell_consent,
}
