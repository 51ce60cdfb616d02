"""Writes the search terms of what is stored already: once by a migration, and again when the keys have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Row, Table, bindparam, select, update

from community.needs.models import EntryKind, Need, NeedEntry, Visibility
from community.needs.terms import make_terms
from community.notices.models import Notice
from community.notices.spelling import keep_words
from community.notices.terms import make_notice_terms, words_among
from community.places.models import Place
from community.residents.models import Resident
from community.search.phones import stored_phone

BATCH = 500
NEEDS, ENTRIES = cast("Table", Need.__table__).c, cast("Table", NeedEntry.__table__).c
RESIDENTS = cast("Table", Resident.__table__).c
NOTICES = cast("Table", Notice.__table__).c


FIRST = UUID(int=0)


def fill_search_terms(connection: Connection) -> None:
    """Write the terms of every need and the phone term of every resident, all in the caller's transaction."""
    for fill in (fill_needs, fill_residents):
        last: UUID | None = FIRST
        while last is not None:
            last = fill(connection, last)


def fill_needs(connection: Connection, after: UUID) -> UUID | None:
    """Write the terms of some needs after this id, which are held meanwhile; gives the last one, None at the end."""
    needs = _read_needs(connection, after)
    if not needs:
        return None
    places = {row.id: row for row in connection.execute(select(cast("Table", Place.__table__)))}
    _write_needs(connection, needs, places)
    return cast("UUID", needs[-1].id)


def fill_residents(connection: Connection, after: UUID) -> UUID | None:
    """Write the phone terms of some residents after this id; gives the last one, None at the end."""
    wanted = select(RESIDENTS.id, RESIDENTS.phone).where(RESIDENTS.id > after, RESIDENTS.phone.is_not(None))
    known = connection.execute(wanted.order_by(RESIDENTS.id).limit(BATCH).with_for_update()).all()
    if not known:
        return None
    changed = update(RESIDENTS.id.table).where(RESIDENTS.id == bindparam("of"))
    rows = [{"of": of, "made": stored_phone(phone)} for of, phone in known]
    connection.execute(changed.values(phone_term=bindparam("made")), rows)
    return cast("UUID", known[-1].id)


def fill_notices(connection: Connection) -> None:
    """Write the terms of every notice and the words that may be misspelt; only the columns that are there by then."""
    columns = [NOTICES[name] for name in ("id", "title_zh", "title_en", "text_zh", "text_en")]
    for notice_id, *texts in connection.execute(select(*columns)).all():
        terms = make_notice_terms(texts)
        connection.execute(update(NOTICES.id.table).where(NOTICES.id == notice_id).values(terms=terms))
        keep_words(connection, words_among(terms))


def _read_needs(connection: Connection, last: UUID) -> Sequence[Row[Any]]:
    columns = [
        NEEDS[name]
        for name in ("id", "kind", "words", "place_words", "place_id", "contact_phones", "created_at")
    ]
    wanted = select(*columns).where(NEEDS.id > last, NEEDS.visibility != Visibility.CONFIDENTIAL)
    rows: Sequence[Row[Any]] = connection.execute(
        wanted.order_by(NEEDS.id).limit(BATCH).with_for_update()
    ).all()
    return rows


def _write_needs(connection: Connection, needs: Sequence[Row[Any]], places: Mapping[UUID, Any]) -> None:
    added = _read_additions(connection, [need.id for need in needs])
    rows = [
        {
            "of": need.id,
            "made": make_terms(
                kind=need.kind,
                words=[need.words, need.place_words or "", *added[need.id]],
                path=_path(places, need.place_id),
                phones=need.contact_phones,
                at=need.created_at,
            ),
        }
        for need in needs
    ]
    changed = update(NEEDS.id.table).where(NEEDS.id == bindparam("of")).values(terms=bindparam("made"))
    connection.execute(changed, rows)


def _read_additions(connection: Connection, need_ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    wanted = select(ENTRIES.need_id, ENTRIES.words).where(
        ENTRIES.need_id.in_(need_ids), ENTRIES.kind == EntryKind.ADDITION
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for need_id, words in connection.execute(wanted.order_by(ENTRIES.id)):
        found[need_id].append(words)
    return found


def _path(places: Mapping[UUID, Any], place_id: UUID | None) -> list[Any]:
    path = []
    while place_id is not None:
        path.append(places[place_id])
        place_id = places[place_id].parent_id
    return path
