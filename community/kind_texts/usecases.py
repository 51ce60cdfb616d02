"""Writing what residents are told about a kind: the committee and admins of the community, and the street office."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.hotlines.usecases import NUMBER
from community.kind_texts.models import KindText
from community.needs.kinds import KINDS
from community.parties.models import Role
from community.places.models import Community

MAY_WRITE = frozenset({Role.COMMITTEE, Role.STREET, Role.ADMIN})
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Telling:
    """What is typed: both languages, and a number to call where there is one."""

    zh: str
    en: str
    phone: str = ""


def may_write_texts(actor: StaffActor, community: Community) -> bool:
    """Whether the actor writes for this community."""
    inside = actor.community_id in (None, community.id) and community.street_id == actor.street_id
    return inside and actor.role in MAY_WRITE


async def tell_about_kind(
    session: AsyncSession, actor: StaffActor, community_id: UUID, kind: str, telling: Telling
) -> KindText | None:
    """Write or, where nothing is typed, take away what is told about a kind.

    Raises NotFound, NotAllowed, Refused("text_in_both_languages"), Refused("kind_text_too_long"),
    Refused("number_unclear").
    """
    await _check_may_write(session, actor, community_id)
    if kind not in KINDS:
        raise NotFound
    _check(telling)
    note_act(
        session,
        actor,
        "kind_texts_changed",
        subject_kind="kind",
        subject_id=None,
        community_id=community_id,
        kind=kind,
    )
    before = await session.get(KindText, (community_id, kind), with_for_update=True)
    if not telling.zh.strip():
        if before is not None:
            await session.delete(before)
        return None
    row = before or KindText(community_id=community_id, kind=kind)
    row.zh, row.en, row.phone = telling.zh.strip(), telling.en.strip(), telling.phone.strip() or None
    row.changed_by, row.changed_at = actor.staff_id, now()
    session.add(row)
    await session.flush()
    return row


def _check(telling: Telling) -> None:
    if bool(telling.zh.strip()) is not bool(telling.en.strip()):
        raise Refused("text_in_both_languages")
    if max(len(telling.zh), len(telling.en)) > LONGEST:
        raise Refused("kind_text_too_long")
    if telling.phone.strip() and not NUMBER.fullmatch(telling.phone.strip()):
        raise Refused("number_unclear")


async def _check_may_write(session: AsyncSession, actor: StaffActor, community_id: UUID) -> None:
    community = await session.get(Community, community_id)
    if community is None or community.street_id != actor.street_id:
        raise NotFound
    if actor.community_id not in (None, community_id):
        raise NotFound
    if not may_write_texts(actor, community):
        raise NotAllowed
