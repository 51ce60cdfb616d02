"""Fills a database with as many needs as a town has after years, in the database itself: filling.sql has the sets.

What is over is spread evenly over five years, what is open over the last days; both over communities, kinds, places,
parties and people. Indexes are made after the rows, and foreign keys are not checked, by the rights of the superuser.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import ClientCursor

from community.clock import now
from community.needs.kinds import KINDS, Kind
from community.needs.models import Visibility
from community.needs.terms import make_terms, terms_of_months
from community.places.models import Level, Place
from community.search.index import stored
from linli.sealing import keyring
from operations.deployment import Deployment
from operations.embedded_postgres import ROLE, SUPERUSER

MONTHS = 70
PATTERNS = 3000
"""Different reports: what is stored of a need is one of them."""
THINGS = "电梯、楼道灯、水管、垃圾桶、门禁、路灯、充电桩、停车位、下水道、树枝、健身器材、消防通道、屋顶、信箱、井盖"
TROUBLES = (
    "坏了、又停了、漏水、没人管、堵住了、太吵、味道很大、不亮、松了、打不开、被占了、冒烟、掉下来、锈了、积水"
)
SINCE = "两天了、一个星期了、昨晚开始、今天早上、好久了、每天晚上、上个月就报过、刚刚"
WHO = "有老人下不了楼、孩子睡不着、轮椅过不去、邻居都在说、麻烦快点、请来看看、很危险、没有热水"
STATEMENTS = (Path(__file__).parent / "filling.sql").read_text(encoding="utf-8").split("\n\n")[1:]
TABLES = ("needs", "need_history", "need_entries", "surveys", "need_assignments", "need_clocks", "residents")


def fill(linli: Deployment, needs: int, open_needs: int) -> None:
    """Add so many needs with their history to the demo's communities, `open_needs` of them not over."""
    if linli.database is None:
        raise ValueError("only an embedded database is filled")
    with psycopg.connect(linli.database.url(ROLE, SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET timezone = 'UTC'")
        _make_patterns(connection)
        _make_months(connection)
        with _without_indexes(connection):
            for statement in STATEMENTS:
                values = {"past": needs - open_needs, "open": open_needs, "people": max(100, needs // 4)}
                ClientCursor(connection).execute(statement, values)
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Indexes that are no constraints, made again at the end."""
    kept = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique",
        [list(TABLES)],
    ).fetchall()
    for name, _ in kept:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in kept:
        connection.execute(definition)


def _make_patterns(connection: psycopg.Connection) -> None:
    """The table of reports that needs are made of, sealed and with their terms as the use-case would store them."""
    connection.execute(
        "CREATE TEMP TABLE patterns (n int PRIMARY KEY, community_id uuid, kind text, party_id uuid, "
        "staff_id uuid, place_id uuid, visibility text, urgency text, words text, answer text, terms text[])"
    )
    chance = random.Random(7)
    where = _find_places(connection)
    parties = _find_parties(connection)
    with connection.cursor().copy("COPY patterns FROM STDIN") as copy:
        copy.set_types(
            ["int4", "uuid", "text", "uuid", "uuid", "uuid", "text", "text", "text", "text", "text[]"]
        )
        for number in range(PATTERNS):
            copy.write_row([number, *_make_pattern(chance, where, parties)])


def _make_months(connection: psycopg.Connection) -> None:
    """The term of each month in which a need may have come."""
    connection.execute("CREATE TEMP TABLE months (month timestamptz PRIMARY KEY, term text)")
    at = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(MONTHS):
        (term,) = stored(terms_of_months(at, 1))
        connection.execute("INSERT INTO months VALUES (%s, %s)", [at, term])
        at = (at - timedelta(days=1)).replace(day=1)


def _make_pattern(
    chance: random.Random, where: Sequence[Sequence[Place]], parties: dict[tuple[Any, str], Sequence[Any]]
) -> list[object]:
    path, kind = chance.choice(where), chance.choice(list(KINDS.values()))
    said = [chance.choice(pieces.split("、")) for pieces in (THINGS, TROUBLES, SINCE, WHO)]
    words = "{}{}{}，{}，{}".format(path[0].zh, *said)
    party_id, staff = parties[path[0].community_id, kind.lead]
    return [
        path[0].community_id,
        kind.code,
        party_id,
        chance.choice(staff),
        path[0].id,
        kind.visibility.value,
        chance.choice(["normal"] * 9 + ["urgent"]),
        keyring().seal("needs.words", words),
        keyring().seal("need_entries.words", "已经安排人去看，今天给您回话。"),
        _terms(kind, words, path),
    ]


def _terms(kind: Kind, words: str, path: Sequence[Place]) -> list[str]:
    if kind.visibility is Visibility.CONFIDENTIAL:
        return []
    _, *terms = make_terms(kind=kind.code, words=[words], path=path, phones=[], at=now())
    return terms  # without the month, which comes with the need


def _find_places(connection: psycopg.Connection) -> Sequence[Sequence[Place]]:
    """Every unit of the town with what it lies in."""
    rows = connection.execute("SELECT id, community_id, parent_id, level, number, zh, en FROM places")
    places = {
        row[0]: Place(
            id=row[0], community_id=row[1], parent_id=row[2], level=Level(row[3]), number=row[4], zh=row[5], en=row[6]
        )
        for row in rows
    }  # fmt: skip
    paths = []
    for place in places.values():
        path = [place]
        while path[-1].parent_id is not None:
            path.append(places[path[-1].parent_id])
        paths.append(path)
    return [path for path in paths if path[0].level is Level.UNIT]


def _find_parties(connection: psycopg.Connection) -> dict[tuple[Any, str], Sequence[Any]]:
    """Of each community and type the party and its staff."""
    rows = connection.execute(
        "SELECT p.community_id, p.type, p.id, array_agg(s.id) FROM parties p JOIN staff s ON s.party_id = p.id "
        "WHERE p.community_id IS NOT NULL GROUP BY 1, 2, 3"
    )
    return {(community_id, kind): (party_id, staff) for community_id, kind, party_id, staff in rows}
