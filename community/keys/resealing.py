"""Seal anew, table by table and a few rows at a time, what another key sealed or what is still plain.

Each batch is a transaction of its own: the app works meanwhile, and what was done stays done where it is stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import Base, SealedJson, SealedText
from linli.sealing import MARK, Keyring

PLAIN = "plain"
EMPTY = ("", "{}", "[]", "null")
BATCH = 500
"""Rows that are looked at in one transaction."""
Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """`upto` is the last row that was looked at, None at the end of the table; `sealed` are the rows sealed anew."""

    upto: Place | None
    sealed: int


def sealed_tables(metadata: MetaData = Base.metadata) -> Mapping[Table, Sequence[Column[Any]]]:
    """The tables with columns whose values are sealed."""
    found = {
        table: [column for column in table.columns if isinstance(column.type, SealedText | SealedJson)]
        for table in metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


async def reseal_batch(
    session: AsyncSession, keyring: Keyring, table: Table, after: Place | None, most: int = BATCH
) -> Batch:
    """Seal with the first key what is not, in the next `most` rows; rows that somebody else holds are left out.

    Raises CannotOpen where no key opens a value.
    """
    upto = await _find_last(session, table, after, most)
    if upto is None:
        return Batch(None, 0)
    columns = sealed_tables()[table]
    waiting = or_(*(_is_to_be_sealed(column, keyring.first) for column in columns))
    rows = await session.execute(
        select(*_key(table), *columns)
        .where(_between(table, after, upto), waiting)
        .with_for_update(skip_locked=True)
    )
    changes = [_change(table, columns, row) for row in rows.mappings()]
    if changes:
        await session.execute(_update(table, columns), changes)
    return Batch(upto, len(changes))


async def count_by_key(session: AsyncSession, table: Table) -> Mapping[str, int]:
    """How many values of a table each key seals; PLAIN for those that none does. Empty values are not counted."""
    await session.execute(
        text("SET LOCAL statement_timeout = 0")
    )  # a table is read whole, while an operator waits
    counts: dict[str, int] = {}
    for column in sealed_tables()[table]:
        raw = _raw(column)
        key = _key_of(raw)
        rows = select(key, func.count()).where(_has_words(raw)).group_by(key)
        for key_id, number in await session.execute(rows):
            counts[key_id] = counts.get(key_id, 0) + number
    return counts


async def _find_last(session: AsyncSession, table: Table, after: Place | None, most: int) -> Place | None:
    """The last of the next `most` rows; so no statement looks through a whole table."""
    ahead = select(*_key(table)).order_by(*_key(table)).limit(most)
    if after is not None:
        ahead = ahead.where(_comes_after(table, after))
    rows = (await session.execute(ahead)).all()
    return tuple(rows[-1]) if rows else None


def _between(table: Table, after: Place | None, upto: Place) -> ColumnElement[bool]:
    inside = tuple_(*_key(table)) <= tuple_(*_bound(table, upto))
    return inside if after is None else and_(_comes_after(table, after), inside)


def _comes_after(table: Table, after: Place) -> ColumnElement[bool]:
    return tuple_(*_key(table)) > tuple_(*_bound(table, after))


def _bound(table: Table, place: Place) -> list[ColumnElement[Any]]:
    return [
        bindparam(None, value, type_=column.type) for column, value in zip(_key(table), place, strict=True)
    ]


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def _is_to_be_sealed(column: Column[Any], first: str) -> ColumnElement[bool]:
    raw = _raw(column)
    return and_(_has_words(raw), func.left(raw, len(MARK) + len(first) + 1) != f"{MARK}{first}:")


def _key_of(raw: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(func.substring(raw, f"^{MARK}([^:]*):"), PLAIN)


def _has_words(raw: ColumnElement[str]) -> ColumnElement[bool]:
    return raw.is_not(None) & raw.not_in(EMPTY)


def _raw(column: Column[Any]) -> ColumnElement[str]:
    """A value as it is stored: the text of it, without the quotes of JSON."""
    if isinstance(column.type, SealedJson):
        return type_coerce(column, JSONB).op("#>>", return_type=Text)(literal_column("'{}'::text[]"))
    return type_coerce(column, String)


def _change(table: Table, columns: Sequence[Column[Any]], row: RowMapping) -> dict[str, Any]:
    return {f"old_{column.name}": row[column] for column in _key(table)} | {
        f"new_{column.name}": row[column] for column in columns
    }


def _update(table: Table, columns: Sequence[Column[Any]]) -> Update:
    here = and_(*(column == bindparam(f"old_{column.name}") for column in _key(table)))
    return (
        update(table)
        .where(here)
        .values({column.name: bindparam(f"new_{column.name}", type_=column.type) for column in columns})
    )
