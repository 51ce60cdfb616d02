"""A list as a file: CSV is sent row by row as it is read, XLSX is written to a file on disk first."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Protocol
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from openpyxl import Workbook

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 500
_PIECE = 64 * 1024
_USUAL_WIDTH = 13
Rows = AsyncIterator[Sequence[str]]


class _Sheet(Protocol):
    """What is written to of a sheet of openpyxl, which has no types."""

    def append(self, row: Sequence[str]) -> None: ...


async def write_csv(rows: Rows) -> AsyncIterator[bytes]:
    """The rows as they come; Excel reads them as UTF-8 by the first mark."""
    yield "\ufeff".encode()
    async for batch in _batches(rows):
        held = io.StringIO(newline="")
        csv.writer(held).writerows(batch)
        yield held.getvalue().encode()


async def write_xlsx(rows: Rows, widths: Sequence[int] = ()) -> AsyncIterator[bytes]:
    """All rows in one sheet, whose first line stays in sight; `widths` are in characters, column by column."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Linli")
    sheet.freeze_panes = "A2"
    for at, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + at)].width = width or _USUAL_WIDTH
    async for batch in _batches(rows):
        await asyncio.to_thread(_append, sheet, batch)
    file = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    await asyncio.to_thread(book.save, file)
    file.seek(0)
    return _send(file)


def as_file(name: str, plain: str, kind: str, content: AsyncIterator[bytes]) -> StreamingResponse:
    """An answer that the browser keeps under `name`, or under `plain` where it knows no other letters."""
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(content, media_type=kind, headers=headers)


def _append(sheet: _Sheet, rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        sheet.append(row)


async def _send(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


async def _batches(rows: Rows) -> AsyncIterator[list[Sequence[str]]]:
    batch: list[Sequence[str]] = []
    async for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    yield batch
