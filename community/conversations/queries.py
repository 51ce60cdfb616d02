"""Reading conversations for staff: who waits for a person, and what was said with a resident, within one's rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.conversations.models import Handover
from community.conversations.rights import may_hold, may_speak
from community.errors import NotFound
from community.inbox.models import InboundMessage
from community.needs.models import Need, Visibility
from community.needs.rights import may_read
from community.outbox.models import OutboxMessage, OutboxState
from community.residents.models import Resident

LONGEST = 60
# What the bot says to somebody who reports a confidential matter; only the social workers assigned to it may read that.
CONFIDING = ("danger_to_self", "report_read_back_private", "report_dropped_private", "need_saved_private")
CONFIDING_SKILLS = ("crisis\\_%", "care\\_%")
# These do not say which matter they are about: it may be a confidential one.
MAY_CONFIDE = ("several_matters", "matter_waits", "next_matter")
MAY_CONFIDE_SKILLS = ("rating\\_%",)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a conversation: what the resident wrote (`text`), or a message to the resident (name and values)."""

    at: datetime
    by_resident: bool
    text: str = ""
    files: Sequence[str] = ()
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
        .where(Handover.party_id == actor.party_id, Handover.ended_at.is_(None))
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
    if handover is None or not may_hold(actor, handover):
        raise NotFound
    return handover, await _find_said(session, handover.resident_id, handover.created_at)


async def get_need_conversation(session: AsyncSession, actor: StaffActor, need: Need) -> Sequence[Said]:
    """What Linli and staff told the resident about this need. Raises NotFound where the actor may not read it.

    What else the resident chats about is none of the party's business, so only messages of this need are here.
    """
    if not await may_read(session, actor, need):
        raise NotFound
    wanted = select(OutboxMessage).where(OutboxMessage.need_id == need.id)
    newest = await session.scalars(wanted.order_by(OutboxMessage.seq.desc()).limit(LONGEST))
    return [_told(row) for row in reversed(newest.all())]


async def _find_said(session: AsyncSession, resident_id: UUID, since: datetime) -> Sequence[Said]:
    """The newest lines of both sides, in the order they were said, without what was confided to the bot alone."""
    confided = _confided(resident_id)
    own = await session.scalars(
        select(InboundMessage)
        .where(InboundMessage.resident_id == resident_id, InboundMessage.received_at >= since)
        .where(InboundMessage.id.not_in(confided))
        .order_by(InboundMessage.id.desc())
        .limit(LONGEST)
    )
    told = await session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.resident_id == resident_id,
            OutboxMessage.created_at >= since,
            OutboxMessage.need_id.is_(None),
            or_(OutboxMessage.answers_id.is_(None), OutboxMessage.answers_id.not_in(confided)),
        )
        .order_by(OutboxMessage.seq.desc())
        .limit(LONGEST)
    )
    lines = [Said(row.received_at, True, text=row.text, files=row.files) for row in own.all()]
    lines += [_told(row) for row in reversed(told.all())]
    return sorted(lines, key=lambda said: said.at)[-LONGEST:]


def _confided(resident_id: UUID) -> Select[int | None]:
    """The messages that the bot answered as something confided, or with the code of a confidential need of theirs."""
    codes = select(Need.code).where(
        Need.resident_id == resident_id, Need.visibility == Visibility.CONFIDENTIAL
    )
    named = func.jsonb_path_query_array(
        func.jsonb_build_array(OutboxMessage.values, OutboxMessage.buttons), cast("$.**.code", JSONPATH)
    )
    return select(OutboxMessage.answers_id).where(
        OutboxMessage.resident_id == resident_id,
        OutboxMessage.answers_id.is_not(None),
        or_(
            OutboxMessage.message.in_((*CONFIDING, *MAY_CONFIDE)),
            *map(OutboxMessage.message.like, (*CONFIDING_SKILLS, *MAY_CONFIDE_SKILLS)),
            named.op("?|")(func.array(codes.scalar_subquery())),
        ),
    )


def _told(row: OutboxMessage) -> Said:
    troubled = row.state in (
        OutboxState.FAILED,
        OutboxState.HELD,
        OutboxState.SUPPRESSED,
        OutboxState.EXPIRED,
    )
    return Said(
        row.sent_at or row.created_at,
        False,
        message=row.message,
        values=row.values,
        state=row.state.value,
        reason=row.reason if troubled else None,
    )
