"""What is stored in the middle of a dialogue: `= ...` lines compare it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.queries import get_preference
from community.conversations.models import Handover
from community.needs.models import Need
from community.notices.following import find_followed
from community.notices.models import Notice, NoticeRecipient
from community.residents.models import Resident
from community.signups.models import SignUp
from tests.dialogue.chat import Chat
from tests.dialogue.confided import tell_consent

ZONE = ZoneInfo("Asia/Shanghai")
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


async def _receipts(session: AsyncSession, resident_id: UUID) -> str:
    """The titles of the notices that the person confirmed."""
    wanted = (
        select(Notice.title_zh)
        .join(NoticeRecipient, NoticeRecipient.notice_id == Notice.id)
        .where(NoticeRecipient.resident_id == resident_id, NoticeRecipient.confirmed_at.is_not(None))
    )
    return ", ".join(await session.scalars(wanted.order_by(Notice.title_zh)))


async def _wishes(session: AsyncSession, resident_id: UUID) -> str:
    """`stopped`, `paused until ...`, `21:00-8:00`, `2 a day`, as far as wished; how many categories are followed."""
    kept = await get_preference(session, resident_id)
    said = [
        "stopped" if kept.notices_stopped_at else "",
        f"paused until {kept.paused_until.astimezone(ZONE):%m-%d %H:%M}" if kept.paused_until else "",
        f"{_clock(kept.quiet_from)}-{_clock(kept.quiet_until)}" if kept.quiet_from is not None else "",
        f"{kept.most_a_day} a day" if kept.most_a_day else "",
        f"follows {len(await find_followed(session, resident_id))}",
    ]
    return ", ".join(filter(None, said))


def _clock(minutes: int | None) -> str:
    return f"{(minutes or 0) // 60}:{(minutes or 0) % 60:02}"


async def _feedback(session: AsyncSession, resident_id: UUID) -> str:
    """`score words` of each shift that the person has said something about."""
    wanted = select(SignUp).where(SignUp.resident_id == resident_id, SignUp.score.is_not(None))
    rows = await session.scalars(wanted.order_by(SignUp.starts_at))
    return ", ".join(f"{row.score} {row.remark or ''}".strip() for row in rows)


STORED: Mapping[str, Read] = {
    "needs": _needs,
    "number of needs": _how_many,
    "language": _language,
    "person": _person,
    "sign-ups": _sign_ups,
    "feedback": _feedback,
    "consent": tell_consent,
    "receipts": _receipts,
    "wishes": _wishes,
}
