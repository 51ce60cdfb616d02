"""The leader's view: a period is chosen, the figures are read, the page draws charts with the lists behind them."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound
from community.overview.duty import find_duty_gaps
from community.overview.flow import count_by_building, count_by_kind, count_over_time
from community.overview.load import find_loads_by_age
from community.overview.periods import Period, Span, own_period, period_around
from community.overview.promises import count_quarters, measure_times
from community.overview.side_by_side import Sums, sum_up
from community.overview.together import count_moves, count_parts, count_turns, reopened_of
from community.overview.views import View, get_view
from community.overview.voices import find_voices
from web.staff.days import read_day
from web.staff.desk import Desk, Looking
from web.staff.overview_charts import Figures, draw_charts
from web.staff.overview_links import OVERVIEW
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)


class Asked(BaseModel):
    """What the address asks for; what makes no sense is the usual month."""

    model_config = ConfigDict(frozen=True)

    period: str = ""
    on: str = ""
    first: str = ""
    last: str = ""
    community: str = ""


@router.get(OVERVIEW)
async def overview(desk: Looking, asked: Annotated[Asked, Query()]) -> Response:
    """All charts of a period."""
    async with desk.parts.sessions() as session:
        view = await get_view(session, desk.actor, _read_id(asked.community))
        period = _read_period(asked, view.zone)
        figures = await _find_figures(session, desk, view, period)
        return await desk.draw(
            session,
            "overview.html",
            view=view,
            period=period,
            sums=reduce(Sums.plus, (sums for _, sums in figures.sums), Sums()),
            asked=asked,
            spans=[
                (span, _address(asked, _around_today(span, view.zone)))
                for span in Span
                if span is not Span.OWN
            ],
            before=_address(asked, period.beside(-1)),
            after=_address(asked, period.beside(1)) if period.until <= now() else "",
            day=lambda day: format_skeleton("yMMMd", day, locale=desk.language),
            charts=draw_charts(desk.t, desk.language, figures),
        )


async def _find_figures(session: AsyncSession, desk: Desk, view: View, period: Period) -> Figures:
    today = _today(view.zone)
    turns = await count_turns(session, view, period)
    times = await measure_times(session, view, period)
    return Figures(
        view=view,
        period=period,
        today=today,
        sums=await sum_up(session, view, period, turns, times),
        loads=await find_loads_by_age(session, view, today),
        steps=await count_over_time(session, view, period, turns),
        times=times,
        moves=await count_moves(session, view, period),
        reopened=reopened_of(turns),
        parts=await count_parts(session, view, period),
        kinds=await count_by_kind(session, view, period),
        buildings=await count_by_building(session, view, period),
        voices=await find_voices(session, desk.actor, view, period),
        gaps=await find_duty_gaps(session, view, now()),
        quarters=await count_quarters(session, view, period),
    )


def _read_period(asked: Asked, zone: str) -> Period:
    first, last = read_day(asked.first), read_day(asked.last)
    if asked.period == Span.OWN and first and last:
        return own_period(first, last, zone)
    usual = asked.period if asked.period in set(Span) - {Span.OWN} else Span.MONTH
    return period_around(Span(usual), read_day(asked.on) or _today(zone), zone)


def _around_today(span: Span, zone: str) -> Period:
    return period_around(span, _today(zone), zone)


def _today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def _address(asked: Asked, period: Period) -> str:
    if period.span is Span.OWN:
        days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    else:
        days = {"on": period.first.isoformat()}
    community = {"community": asked.community} if asked.community else {}
    return f"{OVERVIEW}?{urlencode({'period': period.span.value} | days | community)}"


def _read_id(text: str) -> UUID | None:
    """The id of a community; what is none is one that nobody may see."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error
