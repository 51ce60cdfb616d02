"""The keys that seal what people write: whether all are there, what each seals, sealing anew, a fresh one in front."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Table

from community.actors import SYSTEM
from community.audit.usecases import note_act
from community.clock import now
from community.heartbeats.usecases import find_last_beat
from community.keys.resealing import PLAIN, count_by_key, reseal_batch, sealed_tables
from community.keys.usecases import find_missing_keys, forget_idle_keys, is_noted, note_key
from linli.database import Sessions
from linli.file_store import list_files, reseal_file
from linli.sealing import CannotOpen, keyring, new_key
from linli.settings import Settings
from operations.places import data_folder
from operations.problem import Problem
from operations.search_terms import FIRST, fill_needs, fill_residents
from operations.sessions import run_with_sessions
from scheduler.jobs.heartbeat import WORKER

WORKER_SILENT = timedelta(seconds=60)
ROUNDS = 5
"""How often a table is gone through for rows that somebody held the time before."""
Tell = Callable[[str], None]


def check_keys(url: str, *, note: bool = False) -> None:
    """Raise Problem where a key that sealed something here is missing; `note` says that ours is in use from now on."""

    async def check(sessions: Sessions) -> list[str]:
        async with sessions.begin() as session:
            missing = await find_missing_keys(session, keyring())
            if note and not missing:
                await note_key(session, keyring())
            return missing

    if missing := run_with_sessions(url, check):
        raise Problem(
            f"What people wrote is sealed with the key {', '.join(missing)}, which is not here: put it into "
            "LINLI_ENCRYPTION_KEYS, or bring back encryption_keys of the data folder. Without it those words are gone."
        )


def count_values(url: str, files: Path) -> Counter[str]:
    """How many stored values, and files in this folder, each key seals; PLAIN for those that none does yet."""
    return run_with_sessions(url, partial(_count, files=files))


def rotate_keys(url: str, files: Path, tell: Tell) -> Counter[str]:
    """Seal everything with the first key, while the app works; gives what each key seals afterwards. Raises Problem."""
    check_keys(url)
    try:
        return run_with_sessions(url, partial(_rotate, files=files, tell=tell))
    except CannotOpen as error:
        raise Problem(f"Stopped, what was done stays done: {error}.") from error


def add_key(settings: Settings) -> str:
    """Put a fresh key in front of those that the data folder keeps; gives its id. Raises Problem."""
    place = data_folder(settings.data_dir) / "encryption_keys"
    listed = settings.encryption_keys.get_secret_value()
    if not place.exists() or place.read_text(encoding="ascii").strip() != listed:
        raise Problem(
            "The keys are those of LINLI_ENCRYPTION_KEYS: put one that linli keys new prints in front there."
        )
    fresh = new_key()
    _replace(place, f"{fresh},{listed}")
    return fresh.partition(":")[0]


def _replace(place: Path, listed: str) -> None:
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(listed, encoding="ascii")
    beside.replace(place)


async def _check_known(sessions: Sessions) -> None:
    """What is sealed with a key that the running app has not read yet could not be read by it."""
    first = keyring().first
    async with sessions.begin() as session:
        beat = await find_last_beat(session, WORKER)
        runs = beat is not None and now() - beat < WORKER_SILENT
        if runs and not await is_noted(session, first):
            raise Problem(
                f"Linli runs and has not read the key {first} yet: restart it, then run this again."
            )
        await note_key(session, keyring())


async def _rotate(sessions: Sessions, files: Path, tell: Tell) -> Counter[str]:
    await _check_known(sessions)
    rows = 0
    for table in sealed_tables():
        rows += await _reseal_table(sessions, table, tell)
    await asyncio.to_thread(_reseal_files, files, tell)
    await _write_terms(sessions)
    counted = await _count(sessions, files)
    left = sum(number for key, number in counted.items() if key != keyring().first)
    async with sessions.begin() as session:
        await forget_idle_keys(session, counted, keyring().first)
        details = {"key": keyring().first, "rows": rows, "left": left}
        note_act(
            session,
            SYSTEM,
            "keys_rotated",
            subject_kind="keys",
            subject_id=None,
            community_id=None,
            **details,
        )
    return counted


async def _write_terms(sessions: Sessions) -> None:
    """Fingerprints of search terms are made by the key that seals."""
    for fill in (fill_needs, fill_residents):
        last: UUID | None = FIRST
        while last is not None:
            async with sessions.begin() as session:
                last = await (await session.connection()).run_sync(fill, last)


async def _reseal_table(sessions: Sessions, table: Table, tell: Tell) -> int:
    """Rows that somebody held are taken the next time round; gives how many were sealed anew."""
    done = 0
    for _ in range(ROUNDS):
        done += await _go_through(sessions, table, lambda number: tell(f"{table.name}, {number} rows"))
        async with sessions.begin() as session:
            if set(await count_by_key(session, table)) <= {keyring().first}:
                break
    return done


async def _go_through(sessions: Sessions, table: Table, tell: Callable[[int], None]) -> int:
    after, done = None, 0
    while True:
        async with sessions.begin() as session:
            batch = await reseal_batch(session, keyring(), table, after)
        if batch.upto is None:
            return done
        after, done = batch.upto, done + batch.sealed
        tell(done)


def _reseal_files(folder: Path, tell: Tell) -> None:
    old = [file_id for file_id, key_id in list_files(folder) if key_id != keyring().first]
    for number, file_id in enumerate(old, 1):
        reseal_file(folder, file_id)
        tell(f"files, {number} of {len(old)}")


async def _count(sessions: Sessions, files: Path) -> Counter[str]:
    counted = Counter(key_id or PLAIN for _, key_id in list_files(files))
    for table in sealed_tables():
        async with sessions.begin() as session:
            counted.update(await count_by_key(session, table))
    return counted
