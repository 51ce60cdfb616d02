"""What happened to a need, for a time line: transitions, what is no transition, and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.files.attaching import Attachment, find_attachments
from community.needs.models import EntryKind, NeedEntry, NeedHistory
from community.parties.models import Party, Staff


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a need, for a time line: a transition or words. `who` is a name, or None for Linli.

    `details` fill the sentence; `by_itself` marks what is no transition, such as a reminder.
    """

    at: datetime
    what: str
    who: str | None
    by: str
    words: str | None
    party: Mapping[str, str] | None = None
    details: Mapping[str, Any] | None = None
    by_itself: bool = False
    files: Sequence[Attachment] = ()


async def find_last_answer(session: AsyncSession, need_id: UUID) -> Event | None:
    """What staff last answered about a need that the caller has found to be the reader's."""
    answers = _entries_of(need_id).where(NeedEntry.kind == EntryKind.ANSWER)
    row = (await session.execute(answers.order_by(NeedEntry.id.desc()).limit(1))).first()
    return _event(row) if row else None


async def find_transitions(session: AsyncSession, need_id: UUID, with_events: bool) -> list[Event]:
    """Transitions, and what is none where `with_events`, in their order."""
    wanted = (
        select(NeedHistory, Staff.name, Party)
        .outerjoin(Staff, Staff.id == NeedHistory.staff_id)
        .outerjoin(Party, Party.id == NeedHistory.party_id)
        .where(NeedHistory.need_id == need_id)
        .order_by(NeedHistory.id)
    )
    if not with_events:
        wanted = wanted.where(NeedHistory.event.is_(None))
    return [
        Event(
            line.at,
            line.event or line.to_state.value,
            name,
            _by(line),
            line.why,
            party.name if party is not None else None,
            line.details,
            by_itself=line.event is not None,
        )
        for line, name, party in await session.execute(wanted)
    ]


async def find_entries(session: AsyncSession, need_id: UUID, with_notes: bool) -> list[Event]:
    """Words added to a need, notes of staff only where `with_notes`."""
    wanted = _entries_of(need_id).order_by(NeedEntry.id)
    if not with_notes:
        wanted = wanted.where(NeedEntry.kind != EntryKind.NOTE)
    attached = await find_attachments(session, need_id)
    return [_event(row, attached) for row in await session.execute(wanted)]


def _entries_of(need_id: UUID) -> Select[NeedEntry, str, Party]:
    return (
        select(NeedEntry, Staff.name, Party)
        .outerjoin(Staff, Staff.id == NeedEntry.staff_id)
        .outerjoin(Party, Party.id == Staff.party_id)
        .where(NeedEntry.need_id == need_id)
    )


def _event(
    row: Row[NeedEntry, str, Party], attached: Mapping[int, Sequence[Attachment]] | None = None
) -> Event:
    entry, name, party = row
    named = party.name if party is not None else None
    files = (attached or {}).get(entry.id, ())
    return Event(entry.at, entry.kind.value, name, _by(entry), entry.words, named, files=files)


def _by(row: NeedHistory | NeedEntry) -> str:
    if row.resident_id is not None:
        return "resident"
    return "staff" if row.staff_id is not None else "linli"
