"""Which database is meant, and whether it can be used: reachable, new enough, UTF-8 and the right locale."""

from __future__ import annotations

from pathlib import Path

import psycopg

from linli.settings import Settings
from operations.embedded_postgres import EmbeddedPostgres
from operations.places import data_folder, log_folder
from operations.problem import Problem

OLDEST = 15
LOCALES = ("c.utf-8", "c.utf8")


def find_database_url(settings: Settings) -> str:
    """The database of the settings, else the embedded one, which has to run; raise Problem when it does not."""
    if settings.database_url:
        return settings.database_url
    server = EmbeddedPostgres(_home(settings), log_folder(settings.data_dir) / "database.log")
    try:
        psycopg.connect(server.url(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise Problem(
            "The embedded database does not run: start Linli first (make run), or set LINLI_DATABASE_URL."
        ) from error
    return server.url()


def check_database(url: str) -> None:
    """Raise Problem when the database cannot be used, saying why and what to do."""
    try:
        with psycopg.connect(url, connect_timeout=5, client_encoding="utf8") as connection:
            _check_server(connection)
    except psycopg.ProgrammingError as error:
        raise Problem(f"LINLI_DATABASE_URL cannot be read ({_first_line(error)}).") from error
    except psycopg.OperationalError as error:
        raise unreachable(error) from error


def unreachable(error: psycopg.Error) -> Problem:
    """What to say of a database that does not answer."""
    return Problem(
        f"The database cannot be reached ({_first_line(error)}): start it, or put LINLI_DATABASE_URL right."
    )


def _check_server(connection: psycopg.Connection) -> None:
    if connection.info.server_version // 10000 < OLDEST:
        raise Problem(f"The database is older than PostgreSQL {OLDEST}: use a newer one.")
    row = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    encoding, locale = row or ("", "")
    if encoding != "UTF8" or str(locale).lower() not in LOCALES:
        raise Problem(
            f"The database has encoding {encoding} and locale {locale}, Linli needs UTF8 and C.UTF-8: make it with "
            "CREATE DATABASE linli ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0."
        )
    allowed = connection.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()
    if allowed != (True,):
        who, where = connection.info.user, connection.info.dbname
        raise Problem(
            f"{who} may not make tables in the database {where}: ALTER DATABASE {where} OWNER TO {who}."
        )


def _home(settings: Settings) -> Path:
    return data_folder(settings.data_dir) / "postgres"


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip() or "no answer").splitlines()[0]
