"""What the page of a need says about its clocks and its way: marks, due moments, why it is here, who could take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.clocks.models import NeedClock
from community.clocks.running import find_running
from community.duplicates.finding import Likely, Sought, count_followers, find_likely
from community.duplicates.models import NeedVector
from community.needs.kinds import KINDS
from community.needs.models import ENDED, Need, Visibility
from community.needs.queries import NeedPage
from community.needs.usecases.routing import BY_HAND, ROUTES
from community.parties.models import Party
from community.parts.queries import find_parts
from community.routing.people import find_loads, suggest_assignee
from web.staff.desk import Desk
from web.staff.story import say_details


@dataclass(frozen=True, slots=True)
class ClockSign:
    """One running clock: its name, when it runs out, and whether it is late or stands still."""

    name: str
    due_at: datetime
    late: bool
    paused: bool


async def find_steering(session: AsyncSession, desk: Desk, page: NeedPage) -> dict[str, Any]:
    """For the page of one need: clocks, the sentence why, colleagues with their load, the suggested one."""
    need, at = page.line.need, now()
    clocks = await find_running(session, need)
    suggested = await suggest_assignee(session, need, at)
    loads = await find_loads(session, desk.actor.party_id, at)
    return {
        "clocks": _sign(clocks, at),
        "parts": await find_parts(session, need.id),
        "listed": _listed(page),
        "alike": await _find_alike(session, need, at),
        "followers": await count_followers(session, need.id),
        "why": say_route(desk, need.routing_why, need.routing_values),
        "loads": {load.staff.id: load for load in loads},
        "suggested": suggested.staff if suggested else None,
        "suggested_open": suggested.open if suggested else 0,
        "kinds": sorted(KINDS.values(), key=lambda kind: kind.name[desk.language]),
    }


def say_route(desk: Desk, why: str | None, values: dict[str, object] | None) -> str:
    """The sentence why a need is with its party; empty where nobody knows any more."""
    if not values or why is None or why not in {*ROUTES, BY_HAND}:
        return ""
    return desk.t(f"staff_routes.why_{why}", **say_details(desk, values))


async def _find_alike(session: AsyncSession, need: Need, at: datetime) -> Sequence[Likely]:
    """Open public needs that may be the same, where this one is public and open too."""
    if need.visibility is not Visibility.PUBLIC or need.state in ENDED:
        return ()
    vector = await session.get(NeedVector, need.id)
    sought = Sought(
        need.community_id,
        need.kind,
        need.words,
        need.place_id,
        vector.vector if vector is not None else None,
        need_id=need.id,
    )
    return await find_likely(session, sought, at, most=3)


def _listed(page: NeedPage) -> list[Party]:
    """Who assists by the list and could be asked for a part."""
    leading = page.line.need.lead_party_id
    return [party for party, share in page.shares if share == "assist" and party.id != leading]


def _sign(clocks: Sequence[NeedClock], at: datetime) -> list[ClockSign]:
    """What runs out first stands first."""
    return [
        ClockSign(clock.name.value, clock.due_at, clock.due_at < at, clock.paused_at is not None)
        for clock in sorted(clocks, key=lambda clock: clock.due_at)
    ]
