"""Reading conversations for staff: who waits for a person, and what was said with a resident, within one's rights."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.conversations.models import Handover
from community.conversations.rights import held_by, may_hold, may_speak
from community.errors import NotFound
from community.files.attaching import Attachment, find_sent
from community.inbox.models import InboundMessage
from community.needs.models import Need, Visibility
from community.needs.rights import may_read
from community.outbox.models import TO_STAFF, OutboxMessage, OutboxState
from community.residents.models import Resident

LONGEST = 60
LOOKED_THROUGH = 3 * LONGEST
# What the bot says to somebody who reports a confidential matter; only the social workers assigned to it may read that.
CONFIDING = (
    "danger_to_self",
    "report_read_back_private",
    "report_read_back_secret",
    "report_dropped_private",
    "need_saved_private",
)
CONFIDING_SKILLS = ("crisis_", "care_", "consent_", "looked_")
# These do not say which matter they are about, or what is told may still become a confidential one.
MAY_CONFIDE = ("several_matters", "matter_waits", "next_matter")
MAY_CONFIDE_SKILLS = ("rating_", "report_")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a conversation: what the resident wrote (`text`), or a message to the resident (name and values).

    `state` is that of the outbox row, or `seen` once the resident's page showed it, or `told` in another way.
    """

    at: datetime
    by_resident: bool
    text: str = ""
    files: Sequence[Attachment] = ()
    message: str = ""
    values: dict[str, Any] | None = None
    state: str = ""
    reason: str | None = None


async def find_open_handovers(
    session: AsyncSession, actor: StaffActor
) -> Sequence[tuple[Handover, Resident]]:
    """Wishes for a person that are not over, of the actor's party, the longest waiting first."""
    if not may_speak(actor):
        return []
    wanted = (
        select(Handover, Resident)
        .join(Resident, Resident.id == Handover.resident_id)
        .where(Handover.party_id == actor.party_id, Handover.ended_at.is_(None), held_by(actor))
        .order_by(Handover.created_at)
    )
    return [(handover, resident) for handover, resident in await session.execute(wanted)]


async def count_waiting(session: AsyncSession, actor: StaffActor) -> int:
    """How many residents wait for a person of the actor's party."""
    if not may_speak(actor):
        return 0
    waiting = (
        Handover.party_id == actor.party_id,
        Handover.ended_at.is_(None),
        Handover.taken_at.is_(None),
    )
    return await session.scalar(select(func.count()).select_from(Handover).where(*waiting)) or 0


async def get_handover_conversation(
    session: AsyncSession, actor: StaffActor, handover_id: UUID
) -> tuple[Handover, Sequence[Said]]:
    """An open handover of the actor's party with what was said since shortly before it. Raises NotFound."""
    handover = await session.get(Handover, handover_id)
    if handover is None or not await may_hold(session, actor, handover):
        raise NotFound
    return handover, await _find_said(session, handover)


async def get_need_conversation(session: AsyncSession, actor: StaffActor, need: Need) -> Sequence[Said]:
    """What Linli and staff told the resident about this need. Raises NotFound where the actor may not read it.

    What else the resident chats about is none of the party's business, so only messages of this need are here, and
    what the resident said while staff were talking about it.
    """
    if not await may_read(session, actor, need):
        raise NotFound
    wanted = select(OutboxMessage).where(OutboxMessage.need_id == need.id)
    newest = await session.scalars(wanted.order_by(OutboxMessage.seq.desc()).limit(LONGEST))
    told = [_told(row) for row in reversed(newest.all())]
    return sorted([*told, *await _find_said_in_talks(session, need)], key=lambda said: said.at)


async def _find_said_in_talks(session: AsyncSession, need: Need) -> Sequence[Said]:
    talks = await session.scalars(
        select(Handover).where(Handover.need_id == need.id, Handover.taken_at.is_not(None))
    )
    lines = [line for talk in talks.all() for line in await _find_said(session, talk)]
    return [line for line in lines if line.by_resident]


async def _find_said(session: AsyncSession, handover: Handover) -> Sequence[Said]:
    """The newest lines of both sides, in the order they were said, without what was confided to the bot alone."""
    resident_id, since = handover.resident_id, handover.created_at
    until = handover.ended_at or now()
    own = await session.scalars(
        select(InboundMessage)
        .where(InboundMessage.resident_id == resident_id, InboundMessage.received_at.between(since, until))
        .order_by(InboundMessage.id.desc())
        .limit(LOOKED_THROUGH)
    )
    told = await session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.resident_id == resident_id,
            OutboxMessage.created_at >= since,
            ~OutboxMessage.purpose.startswith(TO_STAFF),
            or_(OutboxMessage.need_id.is_(None), OutboxMessage.need_id == handover.need_id),
        )
        .order_by(OutboxMessage.seq.desc())
        .limit(LOOKED_THROUGH)
    )
    mine, theirs = own.all(), told.all()
    answered = {row.id for row in mine} | {row.answers_id for row in theirs if row.answers_id is not None}
    confided = await _find_confided(session, resident_id, answered)
    shown = [row for row in mine if row.id not in confided]
    sent = await find_sent(session, {file_id for row in shown for file_id in row.files})
    lines = [
        Said(row.received_at, True, row.text, [sent[each] for each in row.files if each in sent])
        for row in shown
    ]
    lines += [_told(row) for row in reversed(theirs) if row.answers_id not in confided]
    return sorted(lines, key=lambda said: said.at)[-LONGEST:]


async def _find_confided(session: AsyncSession, resident_id: UUID, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that the bot answered as something confided, or with the code of a confidential need.

    Values and buttons are sealed, so they are looked at here and not by the database.
    """
    codes = await session.scalars(
        select(Need.code).where(Need.resident_id == resident_id, Need.visibility == Visibility.CONFIDENTIAL)
    )
    secret = frozenset(codes.all())
    answers = select(
        OutboxMessage.answers_id, OutboxMessage.message, OutboxMessage.values, OutboxMessage.buttons
    ).where(OutboxMessage.resident_id == resident_id, OutboxMessage.answers_id.in_(message_ids))
    return {
        message_id
        for message_id, message, values, buttons in await session.execute(answers)
        if message_id is not None and (_may_confide(message) or secret & set(_codes_in([values, buttons])))
    }


def _may_confide(message: str) -> bool:
    return message in CONFIDING + MAY_CONFIDE or message.startswith(CONFIDING_SKILLS + MAY_CONFIDE_SKILLS)


def _codes_in(value: object) -> Iterator[str]:
    """Every code of a need that values or buttons name, however deep."""
    if isinstance(value, Mapping):
        yield from (str(part) for name, part in value.items() if name == "code")
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _codes_in(part)


def _told(row: OutboxMessage) -> Said:
    troubled = row.state in (
        OutboxState.FAILED,
        OutboxState.HELD,
        OutboxState.SUPPRESSED,
        OutboxState.EXPIRED,
        OutboxState.WAITING,
    )
    return Said(
        row.sent_at or row.created_at,
        False,
        message=row.message,
        values=row.values,
        state="told" if row.told_at else "seen" if row.seen_at else row.state.value,
        reason=row.reason if troubled and row.told_at is None else None,
    )
