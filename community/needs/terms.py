"""The search terms of a need: what it tells, where it is, its kind, whom to call; none of a confidential one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.kinds import find_kind
from community.needs.models import EntryKind, Need, NeedEntry, Visibility
from community.places.models import Place
from community.places.queries import find_path
from community.places.tree import PlaceNode
from community.search.index import stored
from community.search.phones import term_of_phone
from community.search.places import terms_of_path, terms_of_text
from community.search.terms import terms_of

MOST = 600
"""Terms of one need: a text of 5,000 characters is found by its beginning."""


async def keep_terms(session: AsyncSession, need: Need) -> None:
    """Write the need's terms as it stands now: after more words, of another kind, when fewer may read it."""
    if need.visibility is Visibility.CONFIDENTIAL:
        need.terms = []
        return
    added = await _find_additions(session, need)
    need.terms = make_terms(
        kind=need.kind,
        words=[need.words, need.place_words or "", *added],
        path=await find_path(session, need.place_id),
        phones=need.contact_phones,
        at=need.created_at,
    )


def make_terms(
    *, kind: str, words: Sequence[str], path: Sequence[Place | PlaceNode], phones: Sequence[str], at: datetime
) -> list[str]:
    """What is stored for a need that is not confidential; `path` is its place and what that lies in.

    The first is the month of `at`, when it came.
    """
    known = find_kind(kind)
    names = f"{known.zh} {known.en}" if known else ""
    found = [*terms_of_months(at, 1), *map(term_of_phone, phones), *terms_of_path(path), *terms_of(names)]
    for text in words:
        found += [*terms_of_text(text), *terms_of(text)]
    return stored(list(dict.fromkeys(found))[:MOST])


def terms_of_months(at: datetime, many: int) -> list[str]:
    """The terms of the month of a moment and of those before it, so that the latest needs are looked through first."""
    last = at.year * 12 + at.month - 1
    return [f"month:{month // 12}-{month % 12 + 1}" for month in range(last, last - many, -1)]


async def _find_additions(session: AsyncSession, need: Need) -> Sequence[str]:
    wanted = select(NeedEntry.words).where(NeedEntry.need_id == need.id, NeedEntry.kind == EntryKind.ADDITION)
    return (await session.scalars(wanted.order_by(NeedEntry.id))).all()
