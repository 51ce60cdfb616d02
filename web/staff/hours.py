"""Hours of volunteers as CSV or XLSX, for the last year or between two days."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from openpyxl import Workbook

from community.clock import now
from community.signups.taking import take_hours
from web.staff.activities import get_planning_community
from web.staff.desk import Desk, Looking
from web.staff.plan_form import read_moment
from web.staff.routes import ConsoleRoute
from web.staff.table import harmless, local

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEAR = timedelta(days=365)
Rows = Sequence[Sequence[str]]


@router.get("/hours.csv")
async def as_csv(desk: Looking, since: date | None = None, until: date | None = None) -> Response:
    """For other programs; Excel reads it as UTF-8 by its first mark."""
    held = io.StringIO(newline="")
    csv.writer(held).writerows(await _read(desk, since, until, "csv"))
    return _file(f"\ufeff{held.getvalue()}".encode(), CSV, "csv")


@router.get("/hours.xlsx")
async def as_xlsx(desk: Looking, since: date | None = None, until: date | None = None) -> Response:
    """For Excel and its like."""
    rows = await _read(desk, since, until, "xlsx")
    return _file(await asyncio.to_thread(_make_book, rows), XLSX, "xlsx")


async def _read(desk: Desk, since: date | None, until: date | None, form: str) -> Rows:
    async with desk.parts.sessions.begin() as session:
        zone = (await get_planning_community(session, desk)).zone
        today = now().astimezone(ZoneInfo(zone)).date()
        first, last = since or today - YEAR, until or today
        begins = read_moment(first.isoformat(), "00:00", zone)
        ends = read_moment(last.isoformat(), "00:00", zone) + timedelta(days=1)
        lines = await take_hours(session, desk.actor, begins, ends, form)
    headings = [desk.t(f"staff_activities.column_{name}") for name in ("name", "activity", "when", "hours")]
    rows = [
        (
            line.name,
            line.activity.title[desk.language],
            local(line.starts_at, zone),
            f"{line.minutes / 60:.1f}",
        )
        for line in lines
    ]
    return [headings, *[[harmless(cell) for cell in row] for row in rows]]


def _make_book(rows: Rows) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Linli")
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _file(content: bytes, media_type: str, form: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="hours.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
