"""The audit log for admins and the street office: who did what to which record and when, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from community.audit.queries import PAGE, ActFilter, ActLine, find_actors, find_acts, find_names
from community.audit.taking import take_acts
from community.overview.periods import midnight
from community.parties.queries import get_workplace
from community.places.queries import find_communities
from linli.text import clean_text
from web.staff.audit_words import ACTS, LogWords
from web.staff.days import read_day
from web.staff.desk import Changing, Looking, zone_of
from web.staff.routes import ConsoleRoute
from web.staff.table import harmless
from web.words import all_words

router = APIRouter(route_class=ConsoleRoute)
HERE = "/staff/audit"
LAST_PAGE = 400
COLUMNS = ("at", "who", "act", "subject_kind", "subject", "community", "details")


class Asked(BaseModel):
    """What the address asks for; what makes no sense is left out."""

    model_config = ConfigDict(frozen=True)

    who: str = ""
    act: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    page: str = "1"

    @property
    def number(self) -> int:
        """The page, from 1 on."""
        number = int(self.page) if self.page.isdecimal() and len(self.page) < 5 else 1
        return min(max(number, 1), LAST_PAGE)

    def address(self, **other: object) -> str:
        """The same list with something else in it."""
        values = {**self.model_dump(exclude={"page"}), **other}
        return f"{HERE}?{urlencode({name: value for name, value in values.items() if value})}"

    def filter(self, zone: str) -> ActFilter:
        """As the domain reads it; days are those of `zone`."""
        until = read_day(self.until)
        return ActFilter(
            who_id=_id(self.who),
            act=clean_text(self.act)[:40] or None,
            subject_id=_id(self.subject),
            since=midnight(since, zone) if (since := read_day(self.since)) else None,
            until=midnight(until + timedelta(days=1), zone) if until else None,
        )


@router.get(HERE)
async def audit(desk: Looking, asked: Annotated[Asked, Query()]) -> Response:
    """A page of the log."""
    async with desk.parts.sessions() as session:
        zone = zone_of(await get_workplace(session, desk.actor))
        wanted, skip = asked.filter(zone), (asked.number - 1) * PAGE
        lines = await find_acts(session, desk.actor, wanted, most=PAGE + 1, skip=skip)
        words = LogWords(desk, await find_names(session, desk.actor), ZoneInfo(zone))
        return await desk.draw(
            session,
            "audit.html",
            asked=asked,
            lines=lines[:PAGE],
            more=len(lines) > PAGE,
            people=await find_actors(session, desk.actor),
            acts=sorted(((name, words.act(name)) for name in _act_names()), key=lambda pair: pair[1]),
            words=words,
            communities=await _names(session),
        )


@router.post(f"{HERE}/export")
async def export(desk: Changing) -> Response:
    """The same list as CSV; that it was taken is noted."""
    typed = desk.typed
    asked = Asked(**{name: typed.get(name, 80) for name in ("who", "act", "subject", "since", "until")})
    async with desk.parts.sessions.begin() as session:
        zone = zone_of(await get_workplace(session, desk.actor))
        lines = await take_acts(session, desk.actor, asked.filter(zone))
        names = await _names(session)
        words = LogWords(desk, await find_names(session, desk.actor), ZoneInfo(zone))
    headers = {"Content-Disposition": 'attachment; filename="linli-audit.csv"'}
    written = _write(words, lines, names)
    return Response(written, media_type="text/csv; charset=utf-8", headers=headers)


def _act_names() -> list[str]:
    """Every act that has words: the log itself is too long to be asked which acts stand in it."""
    return [key.removeprefix(ACTS) for key in all_words() if key.startswith(ACTS)]


async def _names(session: AsyncSession) -> Mapping[UUID | None, Mapping[str, str]]:
    return {community.id: community.name for community in await find_communities(session)}


def _write(
    words: LogWords, lines: Sequence[ActLine], communities: Mapping[UUID | None, Mapping[str, str]]
) -> str:
    written, desk = io.StringIO(), words.desk
    table = csv.writer(written)
    table.writerow(desk.t(f"staff_audit.column_{name}") for name in COLUMNS)
    for line in lines:
        cells = (
            words.moment(line.at),
            line.who or desk.t(f"staff_audit.by_{line.who_kind}"),
            words.act(line.act),
            words.subject(line),
            str(line.subject_id or ""),
            communities.get(line.community_id, {}).get(desk.language, ""),
            words.details(line),
        )
        table.writerow(harmless(cell) for cell in cells)
    return "\ufeff" + written.getvalue()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
