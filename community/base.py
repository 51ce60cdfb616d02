"""What all tables share: the declarative base, column types for closed lists and moments, names for constraints."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, DateTime, Enum, MetaData, Result, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

RandomId = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid4)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Words = Annotated[str, mapped_column(Text)]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_NAMES)


def closed_list(members: type[StrEnum], check: str | None = None) -> Enum:
    """Column type of a closed list: stored as its code, guarded by a CHECK (`check` names it where a table has two)."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=check or members.__name__.lower(),
        values_callable=lambda listed: [member.value for member in listed],
    )


def count_changed(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    if not isinstance(result, CursorResult):
        raise TypeError("not the result of an UPDATE or DELETE")
    return result.rowcount
