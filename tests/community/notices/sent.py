"""Notices that go out to the people of the cast, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.notices.sending.expanding import expand_notice
from community.notices.sending.starting import start_sending
from community.outbox.models import OutboxMessage
from community.residents.models import Resident
from community.residents.usecases import Known, meet_person
from linli.database import Sessions
from tests.cast import Cast, Neighbourhood

ZONE = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
"""A Wednesday morning."""


async def approve(sessions: Sessions, where: Neighbourhood, at: datetime = TEN, **fields: Any) -> UUID:
    """A notice to everybody there, approved, valid for two days."""
    values: dict[str, Any] = {
        "community_id": where.community.id,
        "category": "utilities",
        "state": NoticeState.APPROVED,
        "title_zh": "停水",
        "title_en": "Water cut",
        "text_zh": "明天 9:00–12:00 停水，请提前存水。",
        "text_en": "No water tomorrow, 9:00–12:00. Please store some.",
        "valid_from": at,
        "valid_until": at + timedelta(days=2),
        "need_receipt": True,
    }
    notice = Notice(**values | fields)
    async with sessions.begin() as session:
        session.add(notice)
    return notice.id


async def send(sessions: Sessions, notice_id: UUID, at: datetime = TEN, most: int = 10_000) -> int:
    """Begin, and go on to the end of the pass; how many people got a row."""
    async with sessions.begin() as session:
        await start_sending(session, at, notice_id)
    return await go_on(sessions, notice_id, at, most)


async def go_on(sessions: Sessions, notice_id: UUID, at: datetime, most: int = 10_000) -> int:
    """Set after set until one is not full."""
    total = 0
    while True:
        async with sessions.begin() as session:
            people = await expand_notice(session, at, notice_id, most)
        total += people
        if people < most:
            return total


async def send_out(sessions: Sessions, where: Neighbourhood, at: datetime = TEN, **fields: Any) -> UUID:
    """Approve and send."""
    notice_id = await approve(sessions, where, at, **fields)
    await send(sessions, notice_id, at)
    return notice_id


async def recipients(sessions: Sessions, notice_id: UUID) -> Mapping[UUID, NoticeRecipient]:
    """The rows of a notice, by person."""
    async with sessions() as session:
        found = await session.scalars(select(NoticeRecipient).where(NoticeRecipient.notice_id == notice_id))
        return {row.resident_id: row for row in found}


async def messages(sessions: Sessions, resident_id: UUID) -> Sequence[OutboxMessage]:
    """What was queued for a person, in order."""
    async with sessions() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.resident_id == resident_id)
        return (await session.scalars(wanted.order_by(OutboxMessage.seq))).all()


async def settle_crowd(sessions: Sessions, cast: Cast, people: int) -> Sequence[Known]:
    """More people who live in building 3 of the cast's own community."""
    async with sessions.begin() as session:
        met = [
            await meet_person(session, "web", f"crowd {number}", community_id=cast.here.community.id)
            for number in range(people)
        ]
        for known in met:
            resident = await session.get_one(Resident, known.resident_id)
            resident.home_id = cast.here.unit.id
        return met
