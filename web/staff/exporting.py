"""A list of needs as a file, see taking_away.py: row by row within one's rights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from community.clock import now
from community.needs.taking import TooManyRows, start_taking, take_needs
from community.parties.queries import get_workplace
from web.staff.desk import Desk, Looking, zone_of
from web.staff.queue import draw_queue
from web.staff.routes import ConsoleRoute
from web.staff.table import HEADINGS, local, say_row
from web.staff.taking_away import CSV, XLSX, Rows, as_file, write_csv, write_xlsx
from web.staff.wanted import Wanted

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/export")
WIDTHS = {"words": 60, "place": 26, "due": 18, "created": 18, "answered": 18, "resolved": 18}


@router.get("/needs.csv")
async def as_csv(desk: Looking, wanted: Annotated[Wanted, Query()]) -> Response:
    """For other programs; Excel reads it as UTF-8 by its first mark."""
    zone = await _start(desk, wanted, "csv")
    if isinstance(zone, Response):
        return zone
    return as_file(*_names(desk, zone, "csv"), CSV, write_csv(_read(desk, wanted, zone)))


@router.get("/needs.xlsx")
async def as_xlsx(desk: Looking, wanted: Annotated[Wanted, Query()]) -> Response:
    """For Excel and its like."""
    zone = await _start(desk, wanted, "xlsx")
    if isinstance(zone, Response):
        return zone
    book = await write_xlsx(_read(desk, wanted, zone), _widths())
    return as_file(*_names(desk, zone, "xlsx"), XLSX, book)


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


def _widths() -> Sequence[int]:
    return [WIDTHS.get(name, 0) for name in HEADINGS]


def _names(desk: Desk, zone: str, ending: str) -> tuple[str, str]:
    day = local(now(), zone)[:10]
    return f"{desk.t('staff_export.file')}-{day}.{ending}", f"linli-needs-{day}.{ending}"
