"""Writes the search terms of what is stored already: once by a migration, and again when the keys have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Row, Table, bindparam, select, update

from community.needs.models import EntryKind, Need, NeedEntry, Visibility
from community.needs.terms import make_terms
from community.places.models import Place
from community.residents.models import Resident
from community.search.phones import stored_phone

BATCH = 500
NEEDS, ENTRIES = cast("Table", Need.__table__).c, cast("Table", NeedEntry.__table__).c
RESIDENTS = cast("Table", Resident.__table__).c


def fill_search_terms(connection: Connection) -> int:
    """Write the terms of every need and the phone term of every resident, in batches; returns how many needs."""
    _fill_residents(connection)
    places = {row.id: row for row in connection.execute(select(Place.__table__))}
    written, last = 0, UUID(int=0)
    while needs := _read_needs(connection, last):
        _fill_needs(connection, needs, places)
        written, last = written + len(needs), needs[-1].id
    return written


def _read_needs(connection: Connection, last: UUID) -> Sequence[Row[Any]]:
    columns = [NEEDS[name] for name in ("id", "kind", "words", "place_words", "place_id", "contact_phones")]
    wanted = select(*columns).where(NEEDS.id > last, NEEDS.visibility != Visibility.CONFIDENTIAL)
    rows: Sequence[Row[Any]] = connection.execute(wanted.order_by(NEEDS.id).limit(BATCH)).all()
    return rows


def _fill_needs(connection: Connection, needs: Sequence[Row[Any]], places: Mapping[UUID, Any]) -> None:
    added = _read_additions(connection, [need.id for need in needs])
    rows = [
        {
            "of": need.id,
            "made": make_terms(
                kind=need.kind,
                words=[need.words, need.place_words or "", *added[need.id]],
                path=_path(places, need.place_id),
                phones=need.contact_phones,
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


def _fill_residents(connection: Connection) -> None:
    known = connection.execute(
        select(RESIDENTS.id, RESIDENTS.phone).where(RESIDENTS.phone.is_not(None))
    ).all()
    if not known:
        return
    changed = (
        update(RESIDENTS.id.table).where(RESIDENTS.id == bindparam("of")).values(phone_term=bindparam("made"))
    )
    connection.execute(changed, [{"of": of, "made": stored_phone(phone)} for of, phone in known])
