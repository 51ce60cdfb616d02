"""A notice becomes a row a person, set by set, within the database: nobody twice, and it goes on after a crash.

Before: starting.py. Each set is one statement that writes recipients, messages and what waits for a digest together,
and moves the cursor in the same transaction. While the notice is valid, further passes find who moved in. Next:
channels/delivery sends the messages, following.py notes what became of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.audiences import audience_of, residents_in
from community.notices.files import find_files
from community.notices.kinds import find_notice_kind
from community.notices.models import Notice, NoticeRecipient, NoticeState, NoticeUrgency
from community.notices.sending.bubble import Bubble, notice_bubble
from community.notices.sending.models import NoticeSending
from community.notices.sending.settling import QUEUED, Wave, settle
from community.notices.sending.steps import get_sender, lock_sending, urgent_first, wake_consoles
from community.outbox.models import Priority
from community.residents.models import Resident

AT_ONCE = 10_000
LOOK_EVERY = timedelta(minutes=1)
PEOPLE_A_SECOND = 1_000
"""A pass for who moved in comes a minute later, and a second later for each thousand who got the notice already."""
_GOES_OUT = (NoticeState.SENDING, NoticeState.SENT)
_TOLD = text(
    """
    INSERT INTO notice_recipients (notice_id, resident_id, state, reason, channel, outbox_id, queued_at)
    SELECT :notice_id, id,
        CASE
            WHEN reason IS NOT NULL THEN 'suppressed'
            WHEN outbox_id IS NULL THEN 'waiting'
            ELSE 'queued'
        END,
        coalesce(reason, CASE WHEN outbox_id IS NULL THEN 'digest' END), channel, outbox_id,
        CAST(:at AS timestamptz)
    FROM settled
    ON CONFLICT DO NOTHING
    RETURNING resident_id AS id
    """
)
_TOGETHER = text(
    """
    INSERT INTO notice_digest_items (resident_id, notice_id, due_at)
    SELECT s.id, :notice_id, s.digest_at FROM settled AS s JOIN told AS t ON t.id = s.id
    WHERE s.outbox_id IS NULL AND s.reason IS NULL
    ON CONFLICT DO NOTHING
    """
)
_WRITES = {"told": _TOLD, "queued": QUEUED, "together": _TOGETHER}


async def find_expanding(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """Notices of whose audience somebody may not have a row yet, urgent ones first."""
    under_way = or_(
        NoticeSending.expanded_at.is_(None),
        NoticeSending.cursor.is_not(None),
        NoticeSending.next_look_at <= at,
    )
    wanted = (
        select(Notice.id)
        .join(NoticeSending, NoticeSending.notice_id == Notice.id)
        .where(
            NoticeSending.over_at.is_(None), under_way, Notice.state.in_(_GOES_OUT), Notice.valid_until > at
        )
    )
    return (await session.scalars(wanted.order_by(*urgent_first()).limit(most))).all()


async def expand_notice(session: AsyncSession, at: datetime, notice_id: UUID, most: int = AT_ONCE) -> int:
    """Give the next `most` people of the audience their rows; how many there were, 0 at the end of a pass."""
    locked = await lock_sending(session, notice_id)
    if locked is None:
        return 0
    notice, sending = locked
    if notice.state not in _GOES_OUT or notice.valid_until <= at:
        return 0
    sender = await get_sender(session, notice)
    wave = wave_of(notice, notice_bubble(notice, sender, await find_files(session, notice.id)))
    whom = _next_people(notice, sending, most)
    found = await settle(session, wave, whom, at, _WRITES, notice_id=notice.id)
    sending.cursor = found.last
    if found.people < most:
        await _end_pass(session, sending, at)
    if found.people:
        await wake_consoles(session, notice)
    people: int = found.people
    return people


def wave_of(notice: Notice, bubble: Bubble, purpose: str | None = None) -> Wave:
    """What is said of a notice, as it goes out: urgent ones before all others, what the category says for the rest."""
    kind = find_notice_kind(notice.category)
    urgent = notice.urgency is NoticeUrgency.URGENT
    usual = kind.priority if kind else Priority.BULK
    for_all = notice.is_emergency or bool(kind and kind.for_all)
    return Wave(
        bubble=bubble,
        purpose=purpose or f"notice:{notice.id}",
        priority=Priority.URGENT if urgent or for_all else usual,
        until=notice.valid_until,
        category=notice.category,
        followed=kind.followed if kind else True,
        for_all=for_all,
        urgent=urgent,
        merges=True,
    )


def _next_people(notice: Notice, sending: NoticeSending, most: int) -> Select[UUID]:
    """By their ids from the cursor on; after the first pass only who has no row."""
    people = residents_in(audience_of(notice))
    if sending.cursor is not None:
        people = people.where(Resident.id > sending.cursor)
    if sending.expanded_at is not None:
        has_row = exists().where(
            NoticeRecipient.notice_id == notice.id, NoticeRecipient.resident_id == Resident.id
        )
        people = people.where(~has_row)
    return people.order_by(Resident.id).limit(most)


async def _end_pass(session: AsyncSession, sending: NoticeSending, at: datetime) -> None:
    got = select(func.count()).where(NoticeRecipient.notice_id == sending.notice_id)
    seconds = (await session.scalar(got) or 0) / PEOPLE_A_SECOND
    sending.cursor, sending.expanded_at = None, sending.expanded_at or at
    sending.next_look_at = at + LOOK_EVERY + timedelta(seconds=seconds)
