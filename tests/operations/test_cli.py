"""What an operator reads when something is wrong: one sentence, exit code 1, no traceback. And what `make` offers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from operations.embedded_postgres import SUPERUSER, EmbeddedPostgres
from operations.places import ROOT
from operations.ports import bind, port_of

LINLI = Path(sys.executable).parent / "linli"


def linli(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command with these settings and no others."""
    return linli_in(Path("/"), *words, **settings)


def linli_in(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run it where the operator stands in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    return subprocess.run(
        [LINLI, *words],
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=folder,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What it said, after checking that it failed in the way an operator can read."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("setting", ["LINLI_PORT", "LINLI_ACTIONS_PORT", "LINLI_BOT_PORT"])
def test_a_taken_port_is_one_sentence(place: Path, setting: str) -> None:
    free = {"LINLI_PORT": "0", "LINLI_ACTIONS_PORT": "0", "LINLI_BOT_PORT": "0", "LINLI_DATA_DIR": str(place)}
    with bind("127.0.0.1", 0, "") as taken:
        said = sentence(linli("up", **free | {setting: str(port_of(taken))}))
        assert said == (
            f"Port {port_of(taken)} on 127.0.0.1 is taken: stop what uses it, or set {setting} to another port."
        )


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("LINLI_PORT", "many", "LINLI_PORT: Input should be a valid integer"),
        ("LINLI_DATABASE_URL", "mysql://here/linli", "LINLI_DATABASE_URL: must look like postgresql://"),
        ("LINLI_HOST", "192.0.2.1", "192.0.2.1 is no address of this machine"),
        ("LINLI_DATABASE_URL", "postgresql://linli@127.0.0.1:1/linli", "The database cannot be reached"),
        ("LINLI_DATABASE_URL", "postgresql://linli@127.0.0.1:five/linli", "The database cannot be reached"),
        ("LINLI_PROT", "0", "LINLI_PROT: there is no such setting; did you mean LINLI_PORT?"),
    ],
)
def test_a_wrong_setting_is_one_sentence(place: Path, setting: str, value: str, said: str) -> None:
    free = {"LINLI_PORT": "0", "LINLI_ACTIONS_PORT": "0", "LINLI_BOT_PORT": "0", "LINLI_DATA_DIR": str(place)}
    assert said in sentence(linli("up", **free | {setting: value}))


def test_a_database_that_does_not_run_is_one_sentence(place: Path) -> None:
    assert "make run" in sentence(linli("db", "upgrade", LINLI_DATA_DIR=str(place)))


def test_the_schema_is_brought_to_the_newest(database_url: str, place: Path) -> None:
    done = linli("db", "upgrade", LINLI_DATABASE_URL=database_url, LINLI_DATA_DIR=str(place))
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")


def test_the_check_names_what_is_wrong(database_url: str, place: Path) -> None:
    done = linli(
        "check",
        LINLI_DATABASE_URL=database_url,
        LINLI_DATA_DIR=str(place),
        LINLI_PORT="1",
        LINLI_BOT_PORT="1",
    )
    said = done.stdout.splitlines()
    assert done.returncode == 1
    assert said[:4] == ["✓ settings", "✓ database", "✓ tables", "✓ keys"]
    assert said[4].startswith("✗ bot: Rasa does not answer at http://127.0.0.1:1/status")
    assert said[5].startswith("✗ app: The app does not answer at http://127.0.0.1:1/healthz")
    assert said[6] == "✗ worker: The worker has never run here: start Linli (make run)."


def test_a_database_in_another_encoding_is_refused(postgres: EmbeddedPostgres, place: Path) -> None:
    with psycopg.connect(postgres.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("CREATE DATABASE other ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    done = linli("db", "upgrade", LINLI_DATABASE_URL=postgres.url("other"), LINLI_DATA_DIR=str(place))
    assert sentence(done).startswith(
        "The database has encoding SQL_ASCII and locale C, Linli needs UTF8 and C.UTF-8"
    )


def test_a_database_of_somebody_else_is_refused(
    postgres: EmbeddedPostgres, database_url: str, place: Path
) -> None:
    with psycopg.connect(postgres.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    where = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    guests = postgres.url(str(where), "guest")
    done = linli("db", "upgrade", LINLI_DATABASE_URL=guests, LINLI_DATA_DIR=str(place))
    assert sentence(done) == (
        f"guest may not make tables in the database {where}: ALTER DATABASE {where} OWNER TO guest."
    )


def test_a_colleague_without_a_party_is_told_the_choices(database_url: str, place: Path) -> None:
    new = ("staff", "add", "wang", "--name", "王芳", "--role", "committee")
    done = linli(*new, LINLI_DATABASE_URL=database_url, LINLI_DATA_DIR=str(place))
    assert sentence(done) == "Say the party with --party, one of: there is no party yet."


def test_a_job_is_run_for_a_moment(database_url: str, place: Path) -> None:
    done = linli(
        *("job", "run", "heartbeat", "--at", "2026-03-01T09:00"),
        LINLI_DATABASE_URL=database_url,
        LINLI_DATA_DIR=str(place),
    )
    assert (done.returncode, done.stdout) == (0, "heartbeat: 1 done.\n")
    with psycopg.connect(database_url) as connection:
        beat = connection.execute("SELECT at FROM heartbeats").fetchone()
        assert beat == (datetime(2026, 3, 1, 1, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep",), "There is no job sweep; there are: deliver, "),
        (("deliver", "--at", "tomorrow"), "tomorrow is no moment: write it like 2026-03-01T09:00."),
    ],
)
def test_a_wrong_job_or_moment_is_one_sentence(place: Path, words: tuple[str, ...], said: str) -> None:
    assert sentence(linli("job", "run", *words, LINLI_DATA_DIR=str(place))).startswith(said)


def test_the_demo_is_loaded_once_and_its_accounts_are_shown(database_url: str, place: Path) -> None:
    first, second = (
        linli("demo", "load", LINLI_DATABASE_URL=database_url, LINLI_DATA_DIR=str(place)) for _ in range(2)
    )
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "admin" in first.stdout


def test_make_help_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {line.split()[1] for line in done.stdout.splitlines()} == targets
    assert {"run", "test", "check", "train", "bench", "screenshots", "soak"} <= targets


def test_a_wrong_file_of_answers_is_named_line_by_line(place: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "own.yml"
    wrong.write_text("- id: library\n  topic: cards\n- id: Bus Card\n", encoding="utf-8")
    done = linli("answers", "load", str(wrong), LINLI_DATA_DIR=str(place))
    sentence(done)
    assert "own.yml, line 1, entry library: title: Field required" in done.stderr
    assert "own.yml, line 3, entry Bus Card: id: String should match" in done.stderr
    missing = linli_in(tmp_path, "answers", "load", "none.yml", LINLI_DATA_DIR=str(place))
    assert sentence(missing) == f"{tmp_path}/none.yml cannot be read: No such file or directory."
