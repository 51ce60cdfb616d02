"""Remove photos and documents that were uploaded and never sent, row and bytes, after a day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from community.files.orphans import KEPT_FOR, find_known, find_orphans, forget_files
from linli.file_store import id_of, paths_of
from scheduler.tools import Tools

log = structlog.get_logger()
MOST = 1_000
FOLDERS = 256


async def files(tools: Tools, at: datetime) -> int:
    """Remove at most 1,000 files that nothing holds on to, and in one folder of 256 the bytes that no row names.

    Gives how many; a dry run counts them and removes nothing.
    """
    async with tools.sessions() as session:
        orphans = await find_orphans(session, at, MOST)
    stray = await _find_stray(tools, at)
    if tools.dry:
        return len(orphans) + len(stray)
    async with tools.sessions.begin() as session:
        gone = await forget_files(session, orphans)
    paths = [path for file_id in gone for path in paths_of(tools.files_dir, file_id)]
    await asyncio.to_thread(_remove, [*paths, *stray])
    if gone or stray:
        log.info("files_removed", rows=len(gone), stray=len(stray))
    return len(gone) + len(stray)


async def _find_stray(tools: Tools, at: datetime) -> Sequence[Path]:
    """Bytes older than a day without a row, such as a process leaves that died between the two."""
    folder = tools.files_dir / f"{int(at.timestamp() // 3600) % FOLDERS:02x}"
    before = (at - KEPT_FOR).timestamp()
    old = await asyncio.to_thread(_list_old, folder, before)
    async with tools.sessions() as session:
        known = await find_known(session, [file_id for file_id in map(id_of, old) if file_id])
    return [path for path in old if id_of(path) not in known]


def _list_old(folder: Path, before: float) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before][:MOST]


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
