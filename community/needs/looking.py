"""Which needs of a queue hold the words that somebody looks for, at a cost that does not grow with what is stored.

The database cannot know how often several terms stand together, so it may read thousands of rows to show thirty. Here
it is told what to read: all that is not past, which is little; of what is past the latest, then the last months, the
last year, and everything only where these hold too few, which says that the words are rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.clock import now
from community.needs.filtering import QueueFilter, conditions_of, sought_in
from community.needs.known import known_to
from community.needs.models import PAST_ONLY, Need, NeedState
from community.needs.terms import terms_of_months
from community.search.asking import Sought, read_sought
from community.search.index import asked

LATEST = 300
MONTHS = (2, 14)
Ids = Sequence[UUID]


async def find_present_ids(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, states: frozenset[NeedState]
) -> Ids:
    """Everything in these states, none of them past, that holds the words; in no order."""
    read = _readable(actor, wanted).where(Need.state.in_(states)).offset(0)
    return (await session.scalars(_holding(actor, wanted, read))).all()


async def find_past_ids(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, *, most: int, skip: int
) -> Ids:
    """A page of what is past and holds the words, the latest first."""
    found: Ids = ()
    for window in _windows(actor, wanted, read_sought(wanted.words)):
        found = (await session.scalars(window.offset(skip).limit(most))).all()
        if len(found) == most:
            break
    return found


def _windows(actor: StaffActor, wanted: QueueFilter, sought: Sought) -> Iterator[Select[UUID]]:
    """Each holds the ones before it. Codes and phones are rare, so for them everything is read at once.

    The latest are read only where nothing else is asked for: who knows how far back the latest of a kind would be.
    """
    past = _readable(actor, wanted).where(PAST_ONLY)
    if not sought.code and not sought.phone:
        if wanted == QueueFilter(scope=wanted.scope, states=wanted.states, words=wanted.words):
            latest = past.order_by(Need.created_at.desc()).limit(LATEST)
            yield _holding(actor, wanted, latest, ordered=True)
        for months in MONTHS:
            lately = or_(*(Need.terms.overlap(terms) for terms in asked(terms_of_months(now(), months))))
            yield _all_past(actor, wanted).where(lately)
    yield _all_past(actor, wanted)


def _all_past(actor: StaffActor, wanted: QueueFilter) -> Select[UUID]:
    conditions = (known_to(actor), PAST_ONLY, *conditions_of(actor, wanted))
    return select(Need.id).where(*conditions).order_by(Need.created_at.desc())


def _readable(actor: StaffActor, wanted: QueueFilter) -> Select[*tuple[Any, ...]]:
    """What is read of the needs that all but the words ask for."""
    columns = (
        Need.id,
        Need.code,
        Need.community_id,
        Need.lead_party_id,
        Need.resident_id,
        Need.visibility,
        Need.terms,
        Need.created_at,
    )
    return select(*columns).where(known_to(actor), *conditions_of(actor, replace(wanted, words="")))


def _holding(
    actor: StaffActor, wanted: QueueFilter, read: Select[*tuple[Any, ...]], *, ordered: bool = False
) -> Select[UUID]:
    """Of the rows that are read those that hold the words; a LIMIT or OFFSET keeps the database from mixing the two."""
    of = aliased(Need, read.subquery())
    held: Select[UUID] = select(of.id).where(or_(*sought_in(actor, read_sought(wanted.words), of)))
    return held.order_by(of.created_at.desc()) if ordered else held
