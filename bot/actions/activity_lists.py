"""Shifts as a person sees them in the chat: one as a card, several as a list of which a number or button takes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_words import Wish, sort_by_wish
from bot.actions.buttons import payload
from bot.actions.turn import Button, Turn
from community.activities.kinds import get_activity_kind
from community.activities.queries import ShiftLine, find_open_shifts
from community.clock import now
from community.facts.month_days import find_missing_day
from community.places.models import Community

MOST = 4  # as many as there may be buttons
AHEAD = timedelta(days=60)
LOOKED_AT = 200
PAGE, OWN_PAGE = "/m/activities", "/m/shifts"
"""All activities; what one is signed up for, with hours and certificates."""


async def find_lines(session: AsyncSession, community: Community) -> list[ShiftLine]:
    """The shifts of the next two months that can still be joined."""
    at = now()
    return [line for line in await _find_ahead(session, community, at) if not _is_closed(line, at)]


async def find_closed(session: AsyncSession, community: Community, wish: Wish) -> ShiftLine | None:
    """The shift that is meant and about to begin, of which sign-up is over; None where nothing was named."""
    if wish.is_open:
        return None
    at = now()
    meant = [line for line in await _find_ahead(session, community, at) if wish.fits(line)]
    return next((line for line in meant if _is_closed(line, at)), None)


async def _find_ahead(session: AsyncSession, community: Community, at: datetime) -> list[ShiftLine]:
    return await find_open_shifts(session, community.id, at, at + AHEAD, most=LOOKED_AT)


def _is_closed(line: ShiftLine, at: datetime) -> bool:
    return line.shift.starts_at - timedelta(minutes=line.activity.closes_minutes) <= at


def choose_lines(lines: Sequence[ShiftLine], wish: Wish) -> tuple[list[ShiftLine], bool]:
    """What fits the wish, and True; or what is nearest to it, and False: another kind then, or another time."""
    fitting = sort_by_wish(lines, wish)
    if fitting:
        return fitting, True
    near = [line for line in lines if wish.kinds and wish.fits_kind(line)]
    near = near or [line for line in lines if wish.coming and wish.fits_time(line)]
    return near or list(lines), False


def say_if_no_such_day(turn: Turn, words: str, community: Community) -> None:
    """Where the day that was named is in no calendar, say so; what there is follows."""
    missing = find_missing_day(words, now(), community.zone)
    if missing is not None:
        turn.say("no_such_day", day=missing.day, month=missing.month)


def tell_lines(turn: Turn, lines: Sequence[ShiftLine], *, exact: bool) -> None:
    """List at most four, or show the one; what was listed can be named by its number."""
    shown = list(lines[:MOST])
    turn.keep(listed=[str(line.shift.id) for line in shown])
    if len(shown) == 1:
        joins = join_button(shown[0], 0, alone=True)
        turn.say("activity_one", joins, exact=exact, page=PAGE, **_values(shown[0]))
    else:
        turn.say(
            "activities_listed",
            *[join_button(line, index) for index, line in enumerate(shown)],
            lines=[_values(line) for line in shown],
            exact=exact,
            more=len(lines) - len(shown),
            page=PAGE,
        )


def join_button(line: ShiftLine, index: int, *, alone: bool = False) -> Button:
    """The button that joins a shift: its number and kind, or just so where there is one."""
    tapped = payload("join_activity", shift=str(line.shift.id))
    if alone:
        return Button("button_join_it", tapped)
    return Button(
        "button_shift", tapped, {"nth": index + 1, "kind": get_activity_kind(line.activity.kind).name}
    )


def _values(line: ShiftLine) -> dict[str, Any]:
    return {
        "title": line.activity.title,
        "starts": line.shift.starts_at.isoformat(),
        "ends": line.shift.ends_at.isoformat(),
        "where": line.activity.where,
        "words": line.activity.words,
        "free": line.free,
    }
