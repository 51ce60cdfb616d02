"""Hotlines of a community: numbers, what they are for, their hours; and the minutes of alerts. For who keeps them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.usecases import get_times
from community.errors import NotFound, Refused
from community.hotlines.models import Danger
from community.hotlines.queries import find_hotlines
from community.hotlines.usecases import (
    LineText,
    keep_hotline,
    may_set_hotlines,
    remove_hotline,
    say_hours,
    set_alert_times,
)
from community.places.models import Community
from community.places.queries import find_communities
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/hotlines")
HOTLINES = "/staff/hotlines"
log = structlog.get_logger()
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def hotlines(desk: Looking, community: UUID | None = None) -> Response:
    """The lines of a community; the first one that the person may keep where none is asked for."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, community)


@router.post("/{community_id}/lines")
async def add(desk: Changing, community_id: UUID) -> Response:
    """A new line."""
    return await _act(
        desk, community_id, lambda session: keep_hotline(session, desk.actor, community_id, _typed(desk))
    )


@router.post("/{community_id}/lines/{line_id}")
async def change(desk: Changing, community_id: UUID, line_id: UUID) -> Response:
    """Other words, hours or dangers."""
    return await _act(
        desk,
        community_id,
        lambda session: keep_hotline(session, desk.actor, community_id, _typed(desk), line_id),
        line_id,
    )


@router.post("/{community_id}/lines/{line_id}/remove")
async def remove(desk: Changing, community_id: UUID, line_id: UUID) -> Response:
    """No longer named."""
    return await _act(
        desk, community_id, lambda session: remove_hotline(session, desk.actor, community_id, line_id)
    )


@router.post("/{community_id}/times")
async def times(desk: Changing, community_id: UUID) -> Response:
    """How fast an alert goes on to the next, and when a silent person is asked again."""
    minutes = [_number(desk.typed.get(name, 4)) for name in ("next_minutes", "follow_up_minutes")]
    return await _act(
        desk, community_id, lambda session: set_alert_times(session, desk.actor, community_id, *minutes)
    )


async def _act(desk: Desk, community_id: UUID, do: Do, line_id: UUID | None = None) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound) and error.message == NotFound.message:
            raise
        async with desk.parts.sessions() as session:
            return await _draw(
                session, desk, community_id, refusal=desk.say(error), refused=line_id, status=422
            )
    log.info("hotlines_changed", community=str(community_id), by=str(desk.actor.staff_id))
    return desk.go(f"{HOTLINES}?community={community_id}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    community_id: UUID | None,
    *,
    refusal: str = "",
    refused: UUID | None = None,
    status: int = 200,
) -> Response:
    kept = [each for each in await find_communities(session) if may_set_hotlines(desk.actor, each)]
    shown = _choose(kept, community_id)
    return await desk.draw(
        session,
        "hotlines.html",
        status=status,
        refusal=refusal,
        refused=refused,
        kept=kept,
        shown=shown,
        lines=await find_hotlines(session, shown.id),
        times=await get_times(session, shown.id),
        say_hours=lambda hours: say_hours(hours, desk.language),
        dangers=tuple(Danger),
    )


def _choose(kept: list[Community], community_id: UUID | None) -> Community:
    """Raises NotFound for one that the person does not keep."""
    found = next((each for each in kept if community_id in (None, each.id)), None)
    if found is None:
        raise NotFound
    return found


def _typed(desk: Desk) -> LineText:
    typed = desk.typed
    return LineText(
        number=typed.get("number", 20),
        zh=typed.get("zh", 40),
        en=typed.get("en", 40),
        purpose_zh=typed.get("purpose_zh", 120),
        purpose_en=typed.get("purpose_en", 120),
        hours=typed.get("hours", 300),
        dangers=frozenset(danger for danger in Danger if typed.get(f"danger_{danger.value}")),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
