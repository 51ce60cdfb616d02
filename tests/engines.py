"""Engines of tests share what SQLAlchemy learns: each statement is compiled once a process, not once a test.

Every test has engines of its own, with connections of its own. What costs is neither: it is the dialect, which asks
the server who it is, and the statements, which are compiled for it. conftest.py calls `share_what_is_learnt` first.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import LRUCache

MOST_STATEMENTS = 5_000


class OneDialect(PGDialectAsync_psycopg):
    """Whoever makes one gets the same; it looks at the server once."""

    supports_statement_cache = True
    _only: OneDialect | None = None
    _knows_the_server = False

    def __new__(cls, *_: object, **__: object) -> OneDialect:  # noqa: PYI034 (a Self would be another each time)
        """The one there is."""
        cls._only = cls._only or super().__new__(cls)
        return cls._only

    def __init__(self, **options: Any) -> None:
        if not vars(self):
            super().__init__(**options)  # type: ignore[no-untyped-call]

    def initialize(self, connection: Connection) -> None:
        """All servers of a run are of one kind."""
        if not self._knows_the_server:
            super().initialize(connection)  # type: ignore[no-untyped-call]
            self._knows_the_server = True


class FindsOneDialect(PGDialect_psycopg):
    """What SQLAlchemy finds for `postgresql+psycopg`."""

    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, _: object) -> type[OneDialect]:
        """Of the engines that `make_engine` makes."""
        return OneDialect


def share_what_is_learnt() -> None:
    """For all engines that are made in this process from now on."""
    registry.register("postgresql.psycopg", __name__, FindsOneDialect.__name__)
    compiled: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)
    make = partial(create_async_engine, execution_options={"compiled_cache": compiled})
    pytest.MonkeyPatch().setattr("linli.database.create_async_engine", make)
