"""Databases for tests: each is lent to one test after the other, and what a test wrote is taken away after it.

A copy of the template for every test costs more than most tests. So a copy is made now and then; between two tests
the rows come back to what they were, and the numbering too. A test that changed tables, or wrote a great many rows,
leaves a database that nobody gets any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from psycopg import Connection, sql

from operations.embedded_postgres import ROLE, SUPERUSER, EmbeddedPostgres

MOST_TESTS, MOST_ROWS = 150, 3_000
_KEEP = """
    CREATE SCHEMA kept;
    DO $$
    DECLARE name text; filled boolean;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
            IF filled THEN
                EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
            END IF;
        END LOOP;
    END $$;
    CREATE TABLE kept."sequences of linli" AS
        SELECT sequencename AS name, start_value, last_value FROM pg_sequences WHERE schemaname = 'public';
"""
_NUMBER_AGAIN = """
    SELECT setval(format('public.%I', name), coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM kept."sequences of linli"
"""
_ALONE = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
_SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O')
"""
Shape = tuple[int, ...]


@dataclass(slots=True)
class Lent:
    """One database on the shelf, with what it looked like when it was new."""

    name: str
    shape: Shape
    tables: Sequence[str]
    kept: frozenset[str]
    tests: int = 0


@dataclass(slots=True)
class Shelf:
    """The databases that are copies of one template; `template` makes that and gives its name."""

    server: EmbeddedPostgres
    template: Callable[[], str]
    _free: list[Lent] = field(default_factory=list)

    def lend(self) -> Lent:
        """A database as the template is."""
        return self._free.pop() if self._free else self._copy()

    def give_back(self, lent: Lent) -> None:
        """Take away what the test wrote; a database that this is not worth for is dropped."""
        lent.tests += 1
        if lent.tests < MOST_TESTS and self._restore(lent):
            self._free.append(lent)
        else:
            execute(self.server, f"DROP DATABASE {lent.name} WITH (FORCE)")

    def _copy(self) -> Lent:
        name, template = f"test_{uuid4().hex}", self.template()
        execute(self.server, f"CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE} STRATEGY FILE_COPY")
        with self._connect(name) as connection:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
            tables = [str(row[0]) for row in connection.execute(named, ("public",))]
            kept = frozenset(str(row[0]) for row in connection.execute(named, ("kept",)))
            return Lent(name, _shape(connection), tables, kept)

    def _restore(self, lent: Lent) -> bool:
        with self._connect(lent.name) as connection:
            connection.execute(_ALONE, (lent.name,))
            if _shape(connection) != lent.shape:
                return False
            connection.execute(
                "SET session_replication_role = replica"
            )  # no checks and no triggers meanwhile
            with connection.transaction():
                written = [row[0] for row in connection.execute(_which_are_filled(lent.tables))]
                rows = sum(_empty(connection, table) for table in written)
                for table in lent.kept & set(lent.tables):
                    _fill(connection, table)
                connection.execute(_NUMBER_AGAIN)
        return rows < MOST_ROWS

    def _connect(self, name: str) -> Connection[tuple[object, ...]]:
        return psycopg.connect(self.server.url(name, SUPERUSER), autocommit=True)


def keep_rows(server: EmbeddedPostgres, name: str) -> None:
    """Make a database a template: its rows are kept beside the tables, for `Shelf` to put back."""
    with psycopg.connect(server.url(name, SUPERUSER), autocommit=True) as connection:
        connection.execute(_KEEP)


def execute(server: EmbeddedPostgres, statement: str) -> None:
    """Run a statement that is about databases."""
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(statement.encode())


def _shape(connection: Connection[tuple[object, ...]]) -> Shape:
    return tuple(int(str(number)) for number in connection.execute(_SHAPE).fetchall()[0])


def _which_are_filled(tables: Sequence[str]) -> sql.Composed:
    one = "SELECT {name} WHERE EXISTS (SELECT FROM public.{table})"
    each = [sql.SQL(one).format(name=sql.Literal(table), table=sql.Identifier(table)) for table in tables]
    return sql.SQL(" UNION ALL ").join(each)


def _empty(connection: Connection[tuple[object, ...]], table: object) -> int:
    return connection.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(str(table)))).rowcount


def _fill(connection: Connection[tuple[object, ...]], table: str) -> None:
    connection.execute(
        sql.SQL("INSERT INTO public.{0} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{0}").format(
            sql.Identifier(table)
        )
    )
