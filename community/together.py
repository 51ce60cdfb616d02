"""Stores new rows of several tables in one statement: one round trip where each table would have its own.

For the steps that people wait for. The rows refer to each other by keys that are made here, not by the database, which
checks such references when the statement ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnDefault, Select, bindparam, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.elements import KeyedColumnElement

from community.base import Base


async def store_together(session: AsyncSession, rows: Sequence[Base], *, told: tuple[str, str]) -> None:
    """Store the rows, and tell a channel a payload by pg_notify (`told`) when the transaction commits.

    The rows of one table stand in a row, and are numbered in that order. Rows that have their key are the session's
    afterwards, as if they had been flushed; those whose key the database makes are not: they are read when they are
    wanted. Raises what a flush of these rows would.
    """
    values: dict[str, object] = dict(zip(("channel", "payload"), told, strict=True))
    for place, row in enumerate(rows):
        for column in _columns(type(row)):
            values[f"{column.key}_{place}"] = _value_of(row, column)
    await session.execute(_make_statement(tuple(type(row) for row in rows)), values)
    for row in rows:
        if not _is_numbered(type(row)):
            make_transient_to_detached(row)
            session.add(row)


@cache
def _make_statement(kinds: tuple[type[Base], ...]) -> Select[Any]:
    """The statement for rows of these tables, in this order; one INSERT a table, as those of a WITH have no order."""
    told = select(func.pg_notify(bindparam("channel"), bindparam("payload")))
    for kind, places in groupby(range(len(kinds)), key=kinds.__getitem__):
        columns = _columns(kind)
        rows = [
            select(*(bindparam(f"{column.key}_{place}", type_=column.type) for column in columns))
            for place in places
        ]
        told = told.add_cte(
            insert(kind).from_select(columns, union_all(*rows)).cte(f"stored_{kind.__tablename__}")
        )
    return told


@cache
def _columns(kind: type[Base]) -> Sequence[KeyedColumnElement[Any]]:
    """What is stored of a row: all but the number that the database gives it."""
    return [column for column in kind.__table__.columns if not _is_number(column)]


@cache
def _is_numbered(kind: type[Base]) -> bool:
    return any(_is_number(column) for column in kind.__table__.columns)


def _is_number(column: KeyedColumnElement[Any]) -> bool:
    return isinstance(column, Column) and column.identity is not None


def _value_of(row: Base, column: KeyedColumnElement[Any]) -> object:
    """The row's value; where it was given none, the column's default, which the row has from then on."""
    if column.key not in row.__dict__:
        set_committed_value(row, str(column.key), _default_of(column))
    return row.__dict__[str(column.key)]


def _default_of(column: KeyedColumnElement[Any]) -> object:
    default = column.default if isinstance(column, Column) else None
    if not isinstance(default, ColumnDefault):
        return None
    return default.arg(None) if default.is_callable else default.arg
