"""The queue: the needs of one's party, filtered, the soonest due first; masked where they may not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.needs.filtering import QueueFilter, Scope
from community.needs.kinds import KINDS
from community.needs.lines import PAGE, NeedLine
from community.needs.models import PAST, NeedState
from community.needs.queue import count_late, count_queue, find_queue
from community.needs.rights import may_take
from community.needs.seen import find_unseen
from community.parties.models import Role
from community.places.queries import find_communities
from linli.text import clean_text
from web.staff.desk import HOME, Desk, Looking
from web.staff.due import Due, find_due
from web.staff.menu import NEW
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)
SCOPES = ("mine", "party", "all")
GROUPS: Mapping[str, tuple[NeedState, ...]] = MappingProxyType(
    {
        "open": (
            NeedState.REPORTED,
            NeedState.ROUTED,
            NeedState.REOPENED,
            NeedState.DECLINED,
            NeedState.ACCEPTED,
            NeedState.IN_PROGRESS,
        ),
        "new": tuple(NEW),
        "accepted": (NeedState.ACCEPTED,),
        "in_progress": (NeedState.IN_PROGRESS,),
        "resolved": (NeedState.RESOLVED,),
        "ended": (NeedState.CLOSED, NeedState.WITHDRAWN),
        "any": tuple(NeedState),
    }
)


class Wanted(BaseModel):
    """What the address of the queue asks for; anything unknown falls back to the usual."""

    model_config = ConfigDict(frozen=True)

    scope: str = "party"
    state: str = "open"
    kind: str = ""
    q: str = ""
    late: bool = False
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    done: str = ""

    def known(self) -> Wanted:
        """With values of the lists only."""
        return self.model_copy(
            update={
                "scope": self.scope if self.scope in SCOPES else "party",
                "state": self.state if self.state in GROUPS else "open",
                "kind": self.kind if self.kind in KINDS else "",
                "q": clean_text(self.q)[:100],
            }
        )

    def address(self, **other: object) -> str:
        """The address of the same queue with something else in it; back on the first page."""
        usual = Wanted().model_dump()
        values = self.model_dump() | {"page": 1, "done": ""} | other
        return "?".join(
            [HOME, urlencode({key: _say(value) for key, value in values.items() if value != usual[key]})]
        ).rstrip("?")

    def filter(self) -> QueueFilter:
        """As the domain reads it."""
        states = frozenset(GROUPS[self.state])
        return QueueFilter(
            scope=Scope(self.scope), states=states, kind=self.kind or None, words=self.q, late=self.late
        )


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
async def queue(desk: Looking, asked: Annotated[Wanted, Query()]) -> HTMLResponse:
    """The list; the page fetches it again by itself when something changed."""
    wanted = asked.known()
    async with desk.parts.sessions() as session:
        skip = (wanted.page - 1) * PAGE
        lines = await find_queue(session, desk.actor, wanted.filter(), most=PAGE + 1, skip=skip)
        rows = await _make_rows(session, desk, lines[:PAGE], now())
        states = await count_queue(session, desk.actor, Scope(wanted.scope))
        return await desk.draw(
            session,
            "queue.html",
            wanted=wanted,
            rows=rows,
            more=len(lines) > PAGE,
            totals={name: _total(states, group) for name, group in GROUPS.items()},
            late=await count_late(session, desk.actor, Scope(wanted.scope)),
            scopes=SCOPES,
            kinds=sorted(KINDS.values(), key=lambda kind: kind.name[desk.language]),
        )


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


def _say(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
