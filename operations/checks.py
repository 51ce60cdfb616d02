"""`linli check`: is everything that Linli needs there and alive? Each check gives a sentence when it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from community.clock import now
from community.heartbeats.usecases import find_last_beat
from community.outbox.paces import find_paces
from linli.database import Sessions
from linli.settings import Settings, WrongSettings, load_settings
from operations.database import check_database, find_database_url
from operations.keys import check_keys
from operations.problem import Problem
from operations.sessions import run_with_sessions
from operations.tables import MIGRATIONS

WORKER_SILENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what is wrong with it; nothing where it is well."""

    name: str
    wrong: str | None


def check_all() -> list[Finding]:
    """Look at everything; the database's state is only asked where the database can be used."""
    try:
        settings = load_settings()
    except WrongSettings as error:
        return [Finding("settings", str(error))]
    database = _look("database", lambda: check_database(find_database_url(settings)))
    findings = [Finding("settings", None), database]
    if database.wrong is None:
        findings.append(_look("tables", lambda: _check_tables(find_database_url(settings))))
    if all(finding.wrong is None for finding in findings[1:]):
        findings.append(_look("keys", lambda: check_keys(find_database_url(settings))))
    findings += [_look("bot", lambda: _check_bot(settings)), _look("app", lambda: _check_app(settings))]
    if all(finding.wrong is None for finding in findings if finding.name in ("database", "tables")):
        findings.append(_look("worker", lambda: _check_worker(find_database_url(settings))))
        findings.append(_look("channels", lambda: _check_channels(find_database_url(settings))))
    return findings


def _look(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except Problem as problem:
        return Finding(name, str(problem))
    return Finding(name, None)


def _check_tables(url: str) -> None:
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    if current != newest:
        raise Problem(f"The tables are at {current or 'nothing'}, not at {newest}: run linli db upgrade.")


def _check_bot(settings: Settings) -> None:
    _ask(f"{settings.bot_address}/status", "Rasa", "start Linli (make run), or put LINLI_BOT_URL right")


def _check_app(settings: Settings) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    _ask(
        f"http://{host}:{settings.port}/healthz", "The app", "start Linli (make run), or put LINLI_PORT right"
    )


def _ask(url: str, who: str, advice: str) -> None:
    try:
        answer = httpx.get(url, timeout=5.0)
    except httpx.HTTPError as error:
        raise Problem(f"{who} does not answer at {url} ({type(error).__name__}): {advice}.") from error
    if answer.status_code != httpx.codes.OK:
        raise Problem(f"{who} answers {answer.status_code} at {url}: look into its log in the data folder.")


def _check_worker(url: str) -> None:
    async def last_beat(sessions: Sessions) -> timedelta | None:
        async with sessions() as session:
            at = await find_last_beat(session, "worker")
        return now() - at if at else None

    silent = run_with_sessions(url, last_beat)
    if silent is None:
        raise Problem("The worker has never run here: start Linli (make run).")
    if silent > WORKER_SILENT:
        raise Problem(f"The worker was last alive {silent.total_seconds():.0f} s ago: look into worker.log.")


def _check_channels(url: str) -> None:
    async def troubles(sessions: Sessions) -> list[str]:
        async with sessions() as session:
            paces = await find_paces(session, now())
        return [f"{pace.channel}: {pace.reason} since {pace.since:%Y-%m-%d %H:%M} UTC" for pace in paces]

    if found := run_with_sessions(url, troubles):
        raise Problem(f"{'; '.join(found)}. Messages are kept meanwhile: run linli channel check.")
