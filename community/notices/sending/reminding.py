"""Who got a notice and has not confirmed it is reminded, once a day at most, when staff ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.notices.models import Notice, NoticeRecipient, RecipientState
from community.notices.rights import OUT, owns, readable_by
from community.notices.sending.bubble import reminder_bubble
from community.notices.sending.expanding import wave_of
from community.notices.sending.models import NoticeSending
from community.notices.sending.settling import QUEUED, settle
from community.notices.sending.steps import get_sender, get_zone, lock_sending

AT_ONCE = 10_000
_WRITES = {"told": text("SELECT id FROM settled"), "queued": QUEUED}


async def remind_unconfirmed(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> int:
    """Remind everybody who got the notice and has not confirmed it; how many they are. The job writes to them.

    Raises NotFound, NotAllowed for other offices, WrongState where nothing is to be confirmed or it is not valid any
    more, Refused("notice_reminded_today"), Refused("notice_all_confirmed"), Refused("notice_nobody_has_it").
    """
    notice, sending = await _lock(session, actor, notice_id)
    at = now()
    if not notice.need_receipt or notice.state not in OUT or notice.valid_until <= at:
        raise WrongState(state=notice.state.value)
    if is_reminded_today(sending, at, await get_zone(session, notice)):
        raise Refused("notice_reminded_today")
    people: int = (
        await session.scalar(select(func.count()).select_from(_unconfirmed(notice_id).subquery())) or 0
    )
    if not people:
        raise Refused(
            "notice_all_confirmed" if await _has_arrived(session, notice_id) else "notice_nobody_has_it"
        )
    sending.reminding, sending.reminder_cursor = True, None
    sending.reminders, sending.reminded_at = sending.reminders + 1, at
    note_act(
        session,
        actor,
        "notice_reminded",
        subject_kind="notice",
        subject_id=notice.id,
        community_id=notice.community_id,
        people=people,
    )
    return people


def is_reminded_today(sending: NoticeSending, at: datetime, zone: str) -> bool:
    """Whether people were reminded on this day of the community."""
    place = ZoneInfo(zone)
    before = sending.reminded_at
    return before is not None and before.astimezone(place).date() == at.astimezone(place).date()


async def find_reminding(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """Notices of which reminders are being written."""
    wanted = (
        select(NoticeSending.notice_id)
        .join(Notice, Notice.id == NoticeSending.notice_id)
        .where(NoticeSending.over_at.is_(None), NoticeSending.reminding, Notice.valid_until > at)
    )
    return (await session.scalars(wanted.limit(most))).all()


async def expand_reminder(session: AsyncSession, at: datetime, notice_id: UUID, most: int = AT_ONCE) -> int:
    """Queue the reminder for the next `most` people; nobody twice, and it goes on after a crash.

    A person's wishes and limits hold: who has had enough messages today is not reminded.
    """
    locked = await lock_sending(session, notice_id)
    if locked is None or not locked[1].reminding:
        return 0
    notice, sending = locked
    bubble = reminder_bubble(notice, await get_sender(session, notice))
    wave = wave_of(notice, bubble, f"notice_reminder:{notice.id}:{sending.reminders}")
    whom = _unconfirmed(notice.id)
    if sending.reminder_cursor is not None:
        whom = whom.where(NoticeRecipient.resident_id > sending.reminder_cursor)
    whom = whom.order_by(NoticeRecipient.resident_id).limit(most)
    found = await settle(session, wave, whom, at, _WRITES)
    sending.reminder_cursor, sending.reminding = found.last, found.people == most
    people: int = found.people
    return people


def _unconfirmed(notice_id: UUID) -> Select[UUID]:
    return select(NoticeRecipient.resident_id.label("id")).where(
        NoticeRecipient.notice_id == notice_id,
        NoticeRecipient.state == RecipientState.SENT,
        NoticeRecipient.confirmed_at.is_(None),
    )


async def _has_arrived(session: AsyncSession, notice_id: UUID) -> bool:
    """Whether anybody got it, or was told at the door."""
    got = or_(NoticeRecipient.state == RecipientState.SENT, NoticeRecipient.confirmed_at.is_not(None))
    wanted = select(NoticeRecipient.resident_id).where(NoticeRecipient.notice_id == notice_id, got)
    return await session.scalar(wanted.limit(1)) is not None


async def _lock(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> tuple[Notice, NoticeSending]:
    notice = await session.scalar(select(Notice).where(Notice.id == notice_id, readable_by(actor)))
    if notice is None:
        raise NotFound
    if not owns(actor, notice):
        raise NotAllowed
    sending = await session.get(NoticeSending, notice_id, with_for_update=True, populate_existing=True)
    if sending is None:
        raise WrongState(state=notice.state.value)
    return notice, sending
