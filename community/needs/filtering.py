"""What somebody of staff wants to see of the needs, and the conditions that it makes; rights come on top (known.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.clock import now
from community.needs.known import contact_seen_by, readable_to
from community.needs.models import UNENDED, ClockMark, Need, NeedState, Urgency, Visibility
from community.parts.models import UNDONE, NeedPart
from community.places.models import Place
from community.residents.models import Resident
from community.search.asking import Sought, read_sought
from community.search.index import asked
from community.wishes.models import ContactWay, ContactWish


class Scope(StrEnum):
    """The queues: whose needs, or what they wait for."""

    MINE = "mine"
    PARTY = "party"
    UNASSIGNED = "unassigned"
    AT_RISK = "at_risk"
    WAITING = "waiting"
    PARTS = "parts"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a staff member looks at. `states` empty means all, `older_days` those reported at least so long ago.

    What is past is asked for as a whole. `nobody` are those that nobody handles; `since` and `before` say when they
    were reported. `place_id` is a grid, building or unit with all that lies in it; `late`: no first answer in time.
    """

    scope: Scope = Scope.PARTY
    states: frozenset[NeedState] = frozenset()
    kind: str | None = None
    urgency: Urgency | None = None
    place_id: UUID | None = None
    party_id: UUID | None = None
    assignee_id: UUID | None = None
    nobody: bool = False
    since: datetime | None = None
    before: datetime | None = None
    older_days: int = 0
    mark: ClockMark | None = None
    words: str = ""
    late: bool = False


def conditions_of(actor: StaffActor, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """Everything but the states, as conditions on needs; what a masked line does not show cannot be asked for."""
    found = [*_of_scope(actor, wanted.scope), *_of_clocks(wanted)]
    if wanted.kind:
        found += [Need.kind == wanted.kind, readable_to(actor)]
    if wanted.urgency:
        found.append(Need.urgency == wanted.urgency)
    if wanted.place_id:
        found += [Need.place_id.in_(_inside(wanted.place_id)), readable_to(actor)]
    if wanted.party_id:
        found.append(Need.lead_party_id == wanted.party_id)
    if wanted.nobody or wanted.assignee_id:
        found.append(Need.assignee_id.is_(None) if wanted.nobody else Need.assignee_id == wanted.assignee_id)
    if sought := read_sought(wanted.words):
        found.append(or_(*sought_in(actor, sought, Need)))
    return found


def sought_in(actor: StaffActor, sought: Sought, of: type[Need]) -> list[ColumnElement[bool]]:
    """Any of these: all of the words, the code, the phone. A confidential need has no terms. `of` may be an alias."""
    found: list[ColumnElement[bool]] = [of.terms.contains(terms) for terms in asked(sought.terms)]
    if sought.code:
        found.append(of.code == sought.code)
    if sought.phone:
        found += [_called_at(actor, terms[0], of) for terms in asked([sought.phone])]
    return found


def _called_at(actor: StaffActor, term: str, of: type[Need]) -> ColumnElement[bool]:
    """Who is called at this number about a need, or gave it as their own: only for those who may see contact."""
    # As an array, so that each arm of the condition can use its index.
    known = func.array(select(Resident.id).where(Resident.phone_term == term).scalar_subquery())
    unnamed = exists().where(ContactWish.need_id == of.id, ContactWish.way == ContactWay.ANONYMOUS)
    return and_(
        contact_seen_by(actor, of),
        of.visibility != Visibility.CONFIDENTIAL,
        or_(of.terms.contains([term]), of.resident_id == any_(known)),
        not_(unnamed),
    )


def _of_scope(actor: StaffActor, scope: Scope) -> list[ColumnElement[bool]]:
    own = Need.lead_party_id == actor.party_id
    if scope is Scope.MINE:
        return [Need.assignee_id == actor.staff_id]
    if scope is Scope.UNASSIGNED:
        return [own, Need.assignee_id.is_(None), Need.state.in_(UNENDED)]
    if scope is Scope.AT_RISK:
        return [own, Need.clock_mark.is_not(None)]
    if scope is Scope.WAITING:
        return [own, Need.waiting_since.is_not(None)]
    if scope is Scope.PARTS:
        asked = select(NeedPart.need_id).where(
            NeedPart.party_id == actor.party_id, NeedPart.state.in_(UNDONE)
        )
        return [Need.id.in_(asked)]
    return [] if scope is Scope.ALL else [own]


def _of_clocks(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.older_days:
        found.append(Need.created_at <= now() - timedelta(days=wanted.older_days))
    if wanted.since:
        found.append(Need.created_at >= wanted.since)
    if wanted.before:
        found.append(Need.created_at < wanted.before)
    if wanted.mark:
        found.append(Need.clock_mark == wanted.mark)
    if wanted.late:
        found += [
            Need.first_answered_at.is_(None),
            Need.first_answer_due_at < now(),
            Need.state.in_(UNENDED),
        ]
    return found


def _inside(place_id: UUID) -> ColumnElement[UUID]:
    """The place with all that lies in it: a tree has three levels."""
    above = aliased(Place)
    near = select(above.id).where(above.parent_id == place_id)
    return select(Place.id).where(  # type: ignore[return-value]
        or_(Place.id == place_id, Place.parent_id == place_id, Place.parent_id.in_(near))
    )
