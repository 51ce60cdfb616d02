"""Keeping canned answers: add, change, retire, bring back; and counting that one was sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.canned.filling import check_fields
from community.canned.models import CannedAnswer, CannedFor
from community.canned.rights import may_keep, may_use
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.parties.models import Party

MOST = 60


@dataclass(frozen=True, slots=True)
class CannedText:
    """What is typed for a canned answer; all of it is needed."""

    fits: CannedFor
    title_zh: str
    title_en: str
    zh: str
    en: str


async def keep_canned(
    session: AsyncSession,
    actor: StaffActor,
    party_id: UUID,
    typed: CannedText,
    canned_id: UUID | None = None,
) -> CannedAnswer:
    """Add a canned answer, or change the one with this id.

    Raises Refused("canned_missing"), Refused("field_unknown"), Refused("canned_too_many").
    """
    party = await _get_kept_party(session, actor, party_id)
    if not all(part.strip() for part in (typed.title_zh, typed.title_en, typed.zh, typed.en)):
        raise Refused("canned_missing")
    check_fields(f"{typed.zh}\n{typed.en}")
    canned = await _get_canned(session, party, canned_id) if canned_id else await _new(session, party)
    canned.fits = typed.fits
    canned.title_zh, canned.title_en = typed.title_zh.strip(), typed.title_en.strip()
    canned.zh, canned.en = typed.zh.strip(), typed.en.strip()
    await _note(session, actor, party, canned, "canned_kept")
    return canned


async def retire_canned(
    session: AsyncSession, actor: StaffActor, party_id: UUID, canned_id: UUID, *, retired: bool = True
) -> None:
    """Offer it no more; with `retired=False` offer it again."""
    party = await _get_kept_party(session, actor, party_id)
    canned = await _get_canned(session, party, canned_id)
    canned.retired_at = now() if retired else None
    await _note(session, actor, party, canned, "canned_retired" if retired else "canned_restored")


async def count_canned_use(session: AsyncSession, actor: StaffActor, canned_id: UUID) -> None:
    """One of the actor's own party was sent; any other id counts nothing."""
    await session.execute(
        update(CannedAnswer)
        .where(CannedAnswer.id == canned_id, CannedAnswer.party_id == actor.party_id)
        .values(used=CannedAnswer.used + 1)
    )


async def _get_kept_party(session: AsyncSession, actor: StaffActor, party_id: UUID) -> Party:
    party = await session.get(Party, party_id)
    if party is not None and await may_keep(session, actor, party):
        return party
    if party is not None and may_use(actor, party):
        raise NotAllowed
    raise NotFound


async def _get_canned(session: AsyncSession, party: Party, canned_id: UUID) -> CannedAnswer:
    canned = await session.get(CannedAnswer, canned_id, with_for_update=True)
    if canned is None or canned.party_id != party.id:
        raise NotFound
    return canned


async def _new(session: AsyncSession, party: Party) -> CannedAnswer:
    kept = select(func.count()).where(CannedAnswer.party_id == party.id, CannedAnswer.retired_at.is_(None))
    if (await session.scalar(kept) or 0) >= MOST:
        raise Refused("canned_too_many")
    canned = CannedAnswer(party_id=party.id)
    session.add(canned)
    return canned


async def _note(
    session: AsyncSession, actor: StaffActor, party: Party, canned: CannedAnswer, act: str
) -> None:
    canned.changed_by, canned.changed_at = actor.staff_id, now()
    await session.flush()
    note_act(
        session,
        actor,
        act,
        subject_kind="canned",
        subject_id=canned.id,
        community_id=party.community_id,
        party=party.id,
    )
