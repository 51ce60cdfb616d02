"""Reading the audit log within one's walls, with the log of who looked at confidential needs in the same list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Text, and_, case, cast, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.models import AuditAct, WhoKind
from community.errors import NotFound
from community.needs.models import Need, NeedView
from community.parties.models import Party, Role, Staff

PAGE = 50
READERS = frozenset({Role.ADMIN, Role.STREET})
VIEWED, VIEW_REFUSED = "confidential_viewed", "confidential_view_refused"


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts are wanted; what is None does not matter. Times are aware, `until` is not in it any more."""

    who_id: UUID | None = None
    act: str | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act. `who` is the name of a colleague, `code` the code of a need that it was about."""

    at: datetime
    who_kind: str
    who_id: UUID | None
    who: str | None
    act: str
    subject_kind: str
    subject_id: UUID | None
    subject: str | None
    community_id: UUID | None
    details: dict[str, object]


def may_read_acts(actor: StaffActor) -> bool:
    """Admins see who did what in their community, the street office and its admins in all of the street."""
    return actor.role in READERS


async def find_acts(
    session: AsyncSession, actor: StaffActor, wanted: ActFilter, *, most: int = PAGE, skip: int = 0
) -> Sequence[ActLine]:
    """The acts that fit, the newest first. Raises NotFound for who may not read the log."""
    if not may_read_acts(actor):
        raise NotFound
    both = _both(actor, wanted).subquery()
    subject = case(
        (
            both.c.subject_kind == "need",
            select(Need.code).where(Need.id == both.c.subject_id).scalar_subquery(),
        ),
        (
            both.c.subject_kind == "staff",
            select(Staff.name).where(Staff.id == both.c.subject_id).scalar_subquery(),
        ),
    )
    who = select(Staff.name).where(Staff.id == both.c.who_id).scalar_subquery()
    rows = await session.execute(
        select(both, who.label("who"), subject.label("subject"))
        .order_by(both.c.at.desc(), both.c.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [
        ActLine(
            at=row.at,
            who_kind=row.who_kind,
            who_id=row.who_id,
            who=row.who,
            act=row.act,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject=row.subject,
            community_id=row.community_id,
            details=row.details,
        )
        for row in rows
    ]


async def find_actors(session: AsyncSession, actor: StaffActor) -> Sequence[Staff]:
    """The colleagues whose acts the actor may ask for, those who are gone too."""
    if not may_read_acts(actor):
        raise NotFound
    inside = Party.community_id == actor.community_id if actor.community_id else true()
    wanted = (
        select(Staff)
        .join(Party, Party.id == Staff.party_id)
        .where(Party.street_id == actor.street_id, inside)
        .order_by(Staff.name)
    )
    return (await session.scalars(wanted)).all()


async def find_names(session: AsyncSession, actor: StaffActor) -> Mapping[str, str]:
    """Names by id (as text) of the street's colleagues and parties: what stands in details."""
    staff = select(Staff.id, Staff.name).join(Party, Party.id == Staff.party_id)
    of_street = Party.street_id == actor.street_id
    people = await session.execute(staff.where(of_street))
    parties = await session.execute(select(Party.id, Party.zh).where(of_street))
    return {str(known_id): name for known_id, name in (*people, *parties)}


def _both(actor: StaffActor, wanted: ActFilter) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(_acts(actor, wanted), _views(actor, wanted))


def _acts(actor: StaffActor, wanted: ActFilter) -> Select[*tuple[Any, ...]]:
    rules = [
        AuditAct.who_id == wanted.who_id if wanted.who_id else None,
        AuditAct.act == wanted.act if wanted.act else None,
        AuditAct.subject_kind == wanted.subject_kind if wanted.subject_kind else None,
        AuditAct.subject_id == wanted.subject_id if wanted.subject_id else None,
        AuditAct.at >= wanted.since if wanted.since else None,
        AuditAct.at < wanted.until if wanted.until else None,
        AuditAct.community_id == actor.community_id if actor.community_id else None,
    ]
    return select(
        AuditAct.id,
        AuditAct.at,
        cast(AuditAct.who_kind, Text).label("who_kind"),
        AuditAct.who_id,
        AuditAct.act,
        AuditAct.subject_kind,
        AuditAct.subject_id,
        AuditAct.community_id,
        AuditAct.details,
    ).where(and_(true(), *[rule for rule in rules if rule is not None]))


def _views(actor: StaffActor, wanted: ActFilter) -> Select[*tuple[Any, ...]]:
    """The views of confidential needs in the shape of acts."""
    act = case((NeedView.allowed, VIEWED), else_=VIEW_REFUSED)
    rules = [
        NeedView.staff_id == wanted.who_id if wanted.who_id else None,
        act == wanted.act if wanted.act else None,
        literal(wanted.subject_kind) == "need" if wanted.subject_kind else None,
        NeedView.need_id == wanted.subject_id if wanted.subject_id else None,
        NeedView.at >= wanted.since if wanted.since else None,
        NeedView.at < wanted.until if wanted.until else None,
        Need.community_id == actor.community_id if actor.community_id else None,
    ]
    return (
        select(
            NeedView.id,
            NeedView.at,
            literal(WhoKind.STAFF.value).label("who_kind"),
            NeedView.staff_id.label("who_id"),
            act.label("act"),
            literal("need").label("subject_kind"),
            NeedView.need_id.label("subject_id"),
            Need.community_id,
            func.jsonb_build_object("what", NeedView.what).label("details"),
        )
        .join(Need, Need.id == NeedView.need_id)
        .where(and_(true(), *[rule for rule in rules if rule is not None]))
    )
