"""The queues: needs of oneself, one's party or the community, filtered, the soonest due first, masked as rights say.

What is done to chosen rows is in bulk.py, kept filters in saving.py, lists to take away in exporting.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.filters.usecases import find_filters
from community.needs.filtering import Scope
from community.needs.kinds import KINDS
from community.needs.lines import PAGE, NeedLine
from community.needs.models import PAST, NeedState
from community.needs.queries import find_colleagues, find_parties
from community.needs.queue import count_late, count_queue, count_scopes, find_queue
from community.needs.rights import may_take
from community.needs.seen import find_unseen
from community.parties.models import Role
from community.parties.queries import get_workplace
from community.places.queries import find_communities, find_narrowings
from web.staff.desk import HOME, Desk, Looking, zone_of
from web.staff.due import Due, find_due
from web.staff.routes import ConsoleRoute
from web.staff.wanted import AGES, GROUPS, NOBODY, SCOPES, Wanted

router = APIRouter(route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. `community` is named for the street office, which sees several."""

    line: NeedLine
    due: Due | None
    unseen: bool
    takeable: bool
    community: Mapping[str, str] | None = None


@router.get("/staff")
@router.get("/staff/")
async def front_door(desk: Looking) -> RedirectResponse:
    """The console opens with the queue; for an admin with the accounts."""
    return RedirectResponse("/staff/people" if desk.actor.role is Role.ADMIN else HOME, 303)


@router.get(HOME)
async def queue(desk: Looking, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    """The list; the page fetches it again by itself when something changed."""
    async with desk.parts.sessions() as session:
        return await draw_queue(session, desk, wanted)


async def draw_queue(
    session: AsyncSession, desk: Desk, wanted: Wanted, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """The page of a list; `values` are what an act on it says (`result`, `refusal`)."""
    zone = zone_of(await get_workplace(session, desk.actor))
    skip = (wanted.page - 1) * PAGE
    lines = await find_queue(session, desk.actor, wanted.filter(zone), most=PAGE + 1, skip=skip)
    said: dict[str, Any] = {"result": None, "refusal": ""} | values
    return await desk.draw(
        session,
        "queue.html",
        status=status,
        wanted=wanted,
        rows=await _make_rows(session, desk, lines[:PAGE], now()),
        more=len(lines) > PAGE,
        new_id=uuid4,
        **await _count(session, desk, wanted),
        **await _find_choices(session, desk),
        **said,
    )


async def _count(session: AsyncSession, desk: Desk, wanted: Wanted) -> dict[str, Any]:
    scope = Scope(wanted.scope)
    states = await count_queue(session, desk.actor, scope)
    scopes = await count_scopes(session, desk.actor)
    hidden = set() if scopes[Scope.PARTS] else {Scope.PARTS.value}
    return {
        "scopes": [name for name in SCOPES if name not in hidden or name == wanted.scope],
        "in_scope": {name.value: number for name, number in scopes.items()},
        "totals": {name: _total(states, group) for name, group in GROUPS.items()},
        "late": await count_late(session, desk.actor, scope),
    }


async def _find_choices(session: AsyncSession, desk: Desk) -> dict[str, Any]:
    """What can be chosen from: filters, and for chosen rows colleagues and other parties."""
    community_id, language = desk.actor.community_id, desk.language
    colleagues = await find_colleagues(session, desk.actor.party_id)
    places = await find_narrowings(session, community_id) if community_id else []
    return {
        "kinds_named": sorted(
            ((kind.code, kind.name[language]) for kind in KINDS.values()), key=itemgetter(1)
        ),
        "places_named": [(place.id, place.name[language]) for place in places],
        "people_named": [
            (NOBODY, desk.t("staff.nobody")),
            *((colleague.id, colleague.name) for colleague in colleagues),
        ],
        "ages_named": [(days, desk.t("staff_queue.age_over", days=days)) for days in AGES],
        "parties": await find_parties(session, community_id) if community_id else [],
        "colleagues": colleagues,
        "saved": await find_filters(session, desk.actor),
    }


def _total(states: Mapping[NeedState, int], group: Sequence[NeedState]) -> int | None:
    """How many there are; None for what is past, which is not counted."""
    return None if PAST & set(group) else sum(states.get(state, 0) for state in group)


async def _make_rows(session: AsyncSession, desk: Desk, lines: Sequence[NeedLine], at: datetime) -> list[Row]:
    unseen = await find_unseen(session, desk.actor, [line.need.id for line in lines])
    names = await _name_communities(session, desk)
    rows = [_make_row(desk, line, unseen, at) for line in lines]
    return [replace(row, community=names.get(row.line.need.community_id)) for row in rows]


def _make_row(desk: Desk, line: NeedLine, unseen: set[UUID], at: datetime) -> Row:
    return Row(
        line=line,
        due=find_due(line.need, at, desk.language),
        unseen=line.need.id in unseen,
        takeable=not line.readable and line.assignee is None and may_take(desk.actor, line.need),
    )


async def _name_communities(session: AsyncSession, desk: Desk) -> Mapping[UUID, Mapping[str, str]]:
    if desk.actor.community_id is not None:
        return {}
    return {community.id: community.name for community in await find_communities(session)}
