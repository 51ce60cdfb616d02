"""Moves the rows of one resident to another, table by table after the rules; what may be there once stays once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    UniqueConstraint,
    and_,
    delete,
    func,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import Base
from community.linking.rules import RULES, Drop, Move


async def move_rows(session: AsyncSession, gone: UUID, kept: UUID) -> None:
    """Everything that belongs to `gone` belongs to `kept` after this, or has ended. Both are locked by the caller."""
    for name, rule in RULES.items():
        column = column_of(name)
        if isinstance(rule, Drop):
            await session.execute(delete(column.table).where(column == gone))
            continue
        for others, where in unique_sets(column):
            await _keep_better(session, column, others, where, rule, gone=gone, kept=kept)
        await session.execute(update(column.table).where(column == gone).values({column: kept}))


def column_of(name: str) -> Column[UUID]:
    """The column of a rule."""
    table, _, column = name.partition(".")
    found: Column[UUID] = Base.metadata.tables[table].columns[column]
    return found


def unique_sets(column: Column[UUID]) -> Iterator[tuple[Sequence[Column[object]], ColumnElement[bool]]]:
    """For each rule of the table that a row be unique with this column: its other columns, and where it holds."""
    table = Base.metadata.tables[str(column.table)]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) or constraint is table.primary_key:
            columns = list(constraint.columns)
            if column in columns:
                yield [other for other in columns if other is not column], true()
    for index in table.indexes:
        if index.unique and column in list(index.columns):
            where = index.dialect_options["postgresql"]["where"]
            condition = text(where) if isinstance(where, str) else where
            yield (
                [other for other in index.columns if other is not column],
                true() if condition is None else and_(true(), condition),
            )


async def _keep_better(
    session: AsyncSession,
    column: Column[UUID],
    others: Sequence[Column[object]],
    where: ColumnElement[bool],
    rule: Move,
    *,
    gone: UUID,
    kept: UUID,
) -> None:
    """Of two rows that could not both belong to one person the worse is deleted."""
    table = column.table
    keys = list(table.primary_key)
    order = [text(rule.better)] if rule.better else []
    place = func.row_number().over(partition_by=[*others], order_by=[*order, (column == kept).desc()])
    ranked = select(*keys, place.label("place")).where(column.in_((gone, kept)), where).subquery()
    worse = select(*(ranked.c[key.name] for key in keys)).where(ranked.c.place > 1)
    await session.execute(delete(table).where(tuple_(*keys).in_(worse)))
