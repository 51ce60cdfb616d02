"""Finding notices by words, by the index of their terms; what is found, `reading.py` lets the person see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.asking import Asked, Unit, read_question, read_typed
from community.notices.models import Notice
from community.notices.reading import Reader, find_readable, is_valid, newest_first
from community.notices.spelling import find_near_topics, find_near_words
from community.notices.terms import topic_terms

MOST = 50
HALF = 0.5
Ways = Sequence[frozenset[str]]
"""The ways in which a unit is found: each a set of terms of which a notice has to hold all."""


async def search_notices(
    session: AsyncSession, reader: Reader, typed: str, at: datetime, most: int = MOST
) -> Sequence[Notice]:
    """What a search field finds, valid or over, newest first: all words, else what a question with them is about."""
    asked = read_typed(typed)
    if not asked:
        return []
    ways = await _ways(session, asked)
    wanted = find_readable(reader, at).where(and_(*map(_any_way, ways)))
    found = (await session.scalars(wanted.order_by(*newest_first()).limit(most))).all()
    return found or await find_about(session, reader, read_question(typed), at, most=most, valid_only=False)


async def find_about(
    session: AsyncSession,
    reader: Reader,
    asked: Asked,
    at: datetime,
    *,
    most: int = MOST,
    valid_only: bool = True,
) -> Sequence[Notice]:
    """The notices that a question is about, those first that hold most of it; at least half of it has to be there."""
    if not asked:
        return []
    ways = await _ways(session, asked)
    wanted = find_readable(reader, at).where(or_(*map(_any_way, ways)))
    if valid_only:
        wanted = wanted.where(is_valid(at))
    found = (await session.scalars(wanted.order_by(*newest_first()).limit(MOST))).all()
    shares = [(_share(notice, ways), notice) for notice in found]
    best = max((share for share, _ in shares), default=0.0)
    return [notice for share, notice in shares if share == best and share >= HALF][:most]


async def _ways(session: AsyncSession, asked: Asked) -> list[Ways]:
    return [await _ways_of(session, unit) for unit in asked.units]


async def _ways_of(session: AsyncSession, unit: Unit) -> Ways:
    """The terms themselves, the topics instead of them, a near word or its topic instead of a misspelt one."""
    near = await find_near_words(session, unit.word) if unit.word else []
    topics = topic_terms(sorted(find_near_topics(unit.word))) if unit.word and not unit.topics else []
    ways = [unit.terms, unit.topics, *((word,) for word in (*near, *topics))]
    return [frozenset(terms) for terms in ways if terms]


def _any_way(ways: Ways) -> ColumnElement[bool]:
    return or_(false(), *(Notice.terms.contains(sorted(terms)) for terms in ways))


def _share(notice: Notice, ways: Sequence[Ways]) -> float:
    """How much of what was asked the notice holds."""
    held = frozenset(notice.terms)
    return sum(any(terms <= held for terms in each) for each in ways) / len(ways)
