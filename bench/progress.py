"""How far a notice to a million people is: its page, looked at first and again, the door list, the list taken away.

The rows are made in the database as a notice leaves them that is half delivered; the pages are those of the app.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
from pydantic import SecretStr

from bench.client import Http
from bench.figures import Report
from bench.ground import ground, wait_for
from bench.growth import find_clerk
from bench.talk import COMMUNITY
from community.access.usecases import SessionTimes, open_session
from linli.database import Sessions
from linli.sealing import keyring, new_key
from operations.children import Child
from operations.deployment import Deployment
from operations.embedded_postgres import ROLE, SUPERUSER
from operations.sessions import run_with_sessions

MUST_SECONDS, MUST_MEGABYTES = 1.0, 50.0
TIMES = 5
BUILDINGS, UNITS = 300, 4

_COMMUNITY = "SELECT id FROM communities WHERE code = %(code)s"
_PLACES = f"""
    WITH buildings AS (
        INSERT INTO places (id, community_id, level, number, zh, en)
        SELECT gen_random_uuid(), c.id, 'building', (n + 100)::text, concat(n + 100, '号楼'),
            concat('Building ', n + 100)
        FROM ({_COMMUNITY}) AS c, generate_series(1, %(buildings)s) AS n
        RETURNING id, community_id
    )
    INSERT INTO places (id, community_id, parent_id, level, number, zh, en)
    SELECT gen_random_uuid(), community_id, id, 'unit', n::text, concat(n, '单元'), concat('Unit ', n)
    FROM buildings, generate_series(1, %(units)s) AS n
    RETURNING id
"""
_PEOPLE = f"""
    INSERT INTO residents (id, community_id, home_id, language, home_claim, name, phone, room)
    SELECT gen_random_uuid(), c.id, CASE WHEN mod(n, 50) > 0 THEN (%(homes)s::uuid[])[1 + mod(n, %(count)s)] END,
        'zh', 'claimed', %(name)s, %(phone)s, %(room)s
    FROM ({_COMMUNITY}) AS c, generate_series(1, %(people)s) AS n
"""
_NOTICE = f"""
    INSERT INTO notices (id, community_id, category, state, title_zh, text_zh, valid_from, valid_until, need_receipt,
        public)
    SELECT %(notice)s, id, 'utilities', 'sending', '停水通知', '明天停水。', now(), now() + interval '2 days',
        true, true
    FROM ({_COMMUNITY}) AS c
"""
_SENDING = "INSERT INTO notice_sendings (notice_id, started_at) VALUES (%(notice)s, now())"
_ROWS = f"""
    INSERT INTO notice_recipients (notice_id, resident_id, state, reason, channel, outbox_id, queued_at, sent_at,
        confirmed_at, confirmed_by)
    SELECT %(notice)s, id, CASE WHEN h < 70 THEN 'sent' WHEN h < 80 THEN 'queued' WHEN h < 88 THEN 'waiting'
            WHEN h < 92 THEN 'failed' ELSE 'suppressed' END,
        CASE WHEN h < 80 THEN NULL WHEN h < 88 THEN 'window_over' WHEN h < 92 THEN 'nobody_there'
            WHEN h < 96 THEN 'no_address' ELSE 'stopped' END,
        'web', gen_random_uuid(), now(), CASE WHEN h < 70 THEN now() END, CASE WHEN h < 30 THEN now() END,
        CASE WHEN h < 30 THEN 'resident' END
    FROM (
        SELECT r.id, mod(abs(hashtext(r.id::text)), 100) AS h FROM residents AS r
        WHERE r.community_id = ({_COMMUNITY})
    ) AS people
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many people the notice goes to."""

    people: int = 1_000_000


def run(report: Report, sizes: Sizes) -> None:
    """Print `progress first look 0.80 s` and the like."""
    with ground(encryption_keys=SecretStr(new_key()), bot_url="http://127.0.0.1:9") as linli:
        notice_id = _fill(linli, sizes.people)
        linli.start("web")
        web = linli.children()["web"]
        wait_for(web, f"{linli.url}/healthz")
        cookie = run_with_sessions(linli.settings.database_url, _sign_in)
        asyncio.run(_look(report, linli, cookie, f"/staff/notices/{notice_id}"))
        _take_away(report, web, f"{linli.url}/staff/notices/{notice_id}/people.csv", cookie)


def _fill(linli: Deployment, people: int) -> UUID:
    """The homes, their people and what became of the notice; foreign keys are not checked, as the superuser may."""
    if linli.database is None:
        raise ValueError("only an embedded database is measured")
    sealed = {"name": "陈桂芳", "phone": "13800138000", "room": "501"}
    notice_id, values = (
        uuid4(),
        {name: keyring().seal(f"residents.{name}", said) for name, said in sealed.items()},
    )
    sizes = {"people": people, "buildings": BUILDINGS, "units": UNITS, "count": BUILDINGS * UNITS}
    known = {"code": COMMUNITY, "notice": notice_id, **sizes, **values}
    with psycopg.connect(linli.database.url(ROLE, SUPERUSER), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        homes = [row[0] for row in connection.execute(_PLACES, known)]
        for statement in (_PEOPLE, _NOTICE, _SENDING, _ROWS):
            connection.execute(statement, {**known, "homes": homes})
        connection.execute("VACUUM (ANALYZE) residents, notice_recipients, places, notices")
    return notice_id


async def _sign_in(sessions: Sessions) -> str:
    """The cookie of somebody of the committee."""
    async with sessions.begin() as session:
        token = await open_session(session, (await find_clerk(session)).id, SessionTimes())
    return f"linli-staff={token}"


async def _look(report: Report, linli: Deployment, cookie: str, path: str) -> None:
    """The page by somebody who comes first and as it refreshes itself; the list for the doors."""
    http = await Http(linli.settings.port, {"Cookie": cookie}).open()
    await http.get("/staff/notices?shelf=going")  # templates are read
    report.seconds("progress first look", await _time(http, f"{path}/progress"), MUST_SECONDS)
    again = [await _time(http, f"{path}/progress") for _ in range(TIMES)]
    report.seconds("progress again", sorted(again)[TIMES // 2], MUST_SECONDS)
    for whom in ("unreached", "unconfirmed"):
        doors = [await _time(http, f"{path}/door?whom={whom}") for _ in range(TIMES)]
        report.say(f"progress door list of the {whom}: {sorted(doors)[TIMES // 2]:.2f} s")
    await http.close()


async def _time(http: Http, path: str) -> float:
    started = time.perf_counter()
    await http.get(path)
    return time.perf_counter() - started


def _take_away(report: Report, web: Child, url: str, cookie: str) -> None:
    """All people as CSV; how much more memory the app ever had meanwhile."""
    used = _memory(web)
    before, most, rows, started = used(), 0.0, 0, time.perf_counter()
    with httpx.stream("GET", url, headers={"Cookie": cookie}, timeout=60, trust_env=False) as answer:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            rows += piece.count(b"\n")
            most = max(most, used())
    report.say(f"progress taken away: {rows:,} lines in {time.perf_counter() - started:.0f} s")
    report.megabytes("progress memory", most - before, MUST_MEGABYTES)


def _memory(web: Child) -> Callable[[], float]:
    process = psutil.Process(web.pid)
    return lambda: float(process.memory_info().rss) / 1024**2
