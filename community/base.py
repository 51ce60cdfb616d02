"""What all tables share: the declarative base, names for constraints, and the types of columns: closed lists, moments,
and what is sealed (linli/sealing.py)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Result,
    Text,
    TypeDecorator,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from linli.sealing import CannotSeal, is_sealed, keyring

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

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


class _Closed(TypeEngine.Comparator[Any]):
    """The database knows nothing of what is sealed: a condition or an order on it would be silently wrong."""

    def operate(self, op: OperatorType, *other: Any, **options: Any) -> ColumnElement[Any]:
        if op not in (operators.is_, operators.is_not, operators.eq, operators.ne) or other != (None,):
            raise TypeError("what is sealed can only be compared with None")
        return super().operate(op, *other, **options)


class SealedText(TypeDecorator[str]):
    """Words of people: sealed when stored, opened when read. Empty ones and None are stored as they are.

    `column` is where it stands, like "needs.words". Rows of the time before sealing are read as they are; raises
    CannotOpen where no key opens a value.
    """

    impl = Text
    cache_ok = True
    comparator_factory = _Closed

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Seal."""
        return keyring().seal(self.column, value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Open."""
        return keyring().open(self.column, value) if value and is_sealed(value) else value


class SealedJson(TypeDecorator[Any]):
    """A list or an object with words of people, sealed as a whole: stored as one JSON string; otherwise SealedText."""

    impl = JSONB(none_as_null=True)
    cache_ok = True
    comparator_factory = _Closed

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: object, dialect: Dialect) -> object:  # noqa: ARG002
        """Seal."""
        return seal_json(self.column, value)

    def process_result_value(self, value: object, dialect: Dialect) -> object:  # noqa: ARG002
        """Open."""
        return json.loads(keyring().open(self.column, value)) if isinstance(value, str) else value


def seal_json(column: str, value: object) -> object:
    """A list or an object as SealedJson stores it, for statements that are written by hand. Raises CannotSeal."""
    if not value:
        return value
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in plain and _NUL.search(plain):
        raise CannotSeal(f"{column} is given a NUL")
    return keyring().seal(column, plain)


def count_changed(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    if not isinstance(result, CursorResult):
        raise TypeError("not the result of an UPDATE or DELETE")
    return result.rowcount
