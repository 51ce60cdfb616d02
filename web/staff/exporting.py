"""A list of needs as a file: CSV is sent row by row as it is read, XLSX is written to a file on disk first."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Annotated, Protocol
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse
from openpyxl import Workbook

from community.clock import now
from community.needs.taking import AT_ONCE, TooManyRows, start_taking, take_needs
from community.parties.queries import get_workplace
from web.staff.desk import Desk, Looking, zone_of
from web.staff.queue import draw_queue
from web.staff.routes import ConsoleRoute
from web.staff.table import HEADINGS, local, say_row
from web.staff.wanted import Wanted

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/export")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024
WIDTHS = {"words": 60, "place": 26, "due": 18, "created": 18, "answered": 18, "resolved": 18}
Rows = AsyncIterator[Sequence[str]]


class _Sheet(Protocol):
    """What is written to of a sheet of openpyxl, which has no types."""

    def append(self, row: Sequence[str]) -> None: ...


@router.get("/needs.csv")
async def as_csv(desk: Looking, wanted: Annotated[Wanted, Query()]) -> Response:
    """For other programs; Excel reads it as UTF-8 by its first mark."""
    zone = await _start(desk, wanted, "csv")
    if isinstance(zone, Response):
        return zone
    return _file(desk, zone, "csv", CSV, _write_csv(_read(desk, wanted, zone)))


@router.get("/needs.xlsx")
async def as_xlsx(desk: Looking, wanted: Annotated[Wanted, Query()]) -> Response:
    """For Excel and its like."""
    zone = await _start(desk, wanted, "xlsx")
    if isinstance(zone, Response):
        return zone
    book = await _write_xlsx(_read(desk, wanted, zone))
    return _file(desk, zone, "xlsx", XLSX, _send(book))


async def _start(desk: Desk, wanted: Wanted, form: str) -> str | Response:
    """Note it; gives the zone of times, or the list with a sentence where it is too long for one file."""
    asked = {
        name: value
        for name, value in wanted.model_dump(exclude={"q", "page", "done"}).items()
        if value != Wanted().model_dump()[name]
    }
    try:
        async with desk.parts.sessions.begin() as session:
            zone = zone_of(await get_workplace(session, desk.actor))
            asked |= {"words": bool(wanted.q)}
            await start_taking(session, desk.actor, wanted.filter(zone), form=form, asked=asked)
            return zone
    except TooManyRows as error:
        async with desk.parts.sessions() as session:
            words = desk.t("staff_queue.export_too_many", **error.values)
            return await draw_queue(session, desk, wanted, status=422, refusal=words)


async def _read(desk: Desk, wanted: Wanted, zone: str) -> Rows:
    """Headings, then a row a need."""
    yield [desk.t(f"staff_export.{name}") for name in HEADINGS]
    async with desk.parts.sessions() as session:
        async for row in take_needs(session, desk.actor, wanted.filter(zone)):
            yield say_row(desk, row, zone)


async def _write_csv(rows: Rows) -> AsyncIterator[bytes]:
    yield "\ufeff".encode()
    async for batch in _batches(rows):
        held = io.StringIO(newline="")
        csv.writer(held).writerows(batch)
        yield held.getvalue().encode()


async def _write_xlsx(rows: Rows) -> IO[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Linli")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(HEADINGS):
        sheet.column_dimensions[chr(ord("A") + at)].width = WIDTHS.get(name, 13)
    async for batch in _batches(rows):
        await asyncio.to_thread(_append, sheet, batch)
    file = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    await asyncio.to_thread(book.save, file)
    file.seek(0)
    return file


def _append(sheet: _Sheet, rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        sheet.append(row)


async def _send(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


async def _batches(rows: Rows) -> AsyncIterator[list[Sequence[str]]]:
    batch: list[Sequence[str]] = []
    async for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    yield batch


def _file(desk: Desk, zone: str, ending: str, kind: str, content: AsyncIterator[bytes]) -> StreamingResponse:
    name = f"{desk.t('staff_export.file')}-{local(now(), zone)[:10]}.{ending}"
    plain = f"linli-needs-{local(now(), zone)[:10]}.{ending}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(content, media_type=kind, headers=headers)
