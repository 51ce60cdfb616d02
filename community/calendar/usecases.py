"""Setting when a community's office is open: its usual week, and single dates that differ from it.

Clocks that run already keep their moments: what was promised is not moved by a change of hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, StaffActor
from community.audit.usecases import note_act
from community.calendar.models import CalendarChange
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.needs.clocks import WEEKDAYS
from community.parties.models import Role
from community.places.models import Community

Openings = Sequence[Sequence[str]]
MOST_OPENINGS = 4
MAY_SET = frozenset({Role.COMMITTEE, Role.STREET, Role.ADMIN})


async def set_week(
    session: AsyncSession, actor: Actor, community_id: UUID, week: dict[str, Openings], why: str = ""
) -> Community:
    """Set the usual openings of the week; a day that is not named is closed. Dates of their own stay."""
    community = await _lock_community(session, actor, community_id)
    hours = {day: check_openings(week.get(day, ())) for day in WEEKDAYS}
    if not any(hours.values()):
        raise Refused("office_never_open")
    before = {day: community.office_hours.get(day, []) for day in WEEKDAYS}
    dates = {key: openings for key, openings in community.office_hours.items() if key not in WEEKDAYS}
    community.office_hours = {day: openings for day, openings in hours.items() if openings} | dates
    _note(session, actor, community, None, before, hours, why)
    return community


async def set_day(
    session: AsyncSession, actor: Actor, community_id: UUID, day: date, openings: Openings, why: str
) -> Community:
    """Open the office on a date in its own way, or close it (no openings), whatever the calendar says."""
    community = await _lock_community(session, actor, community_id)
    if not why.strip():
        raise Refused("say_why")
    fresh = check_openings(openings)
    before = community.office_hours.get(day.isoformat())
    community.office_hours = {**community.office_hours, day.isoformat(): fresh}
    _note(session, actor, community, day, before, fresh, why)
    return community


async def forget_day(session: AsyncSession, actor: Actor, community_id: UUID, day: date) -> Community:
    """The date is as the calendar says again."""
    community = await _lock_community(session, actor, community_id)
    before = community.office_hours.get(day.isoformat())
    if before is None:
        raise NotFound
    left = {key: openings for key, openings in community.office_hours.items() if key != day.isoformat()}
    community.office_hours = left
    _note(session, actor, community, day, before, None, "")
    return community


def check_openings(openings: Openings) -> list[list[str]]:
    """Openings as they are stored, in order. Raises Refused("hours_unclear") for what is no time, or overlaps."""
    try:
        found = sorted([_clock(opens), _clock(closes)] for opens, closes in openings)
    except ValueError as error:
        raise Refused("hours_unclear") from error
    if len(found) > MOST_OPENINGS or any(opens >= closes for opens, closes in found):
        raise Refused("hours_unclear")
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise Refused("hours_unclear")
    return found


def may_set_calendar(actor: Actor, community: Community) -> bool:
    """Committee and admins of the community, the street office for all of its street."""
    if not isinstance(actor, StaffActor) or actor.role not in MAY_SET:
        return False
    if actor.community_id is None:
        return community.street_id == actor.street_id
    return actor.community_id == community.id


async def _lock_community(session: AsyncSession, actor: Actor, community_id: UUID) -> Community:
    community = await session.get(Community, community_id, with_for_update=True, populate_existing=True)
    if community is None:
        raise NotFound
    if not may_set_calendar(actor, community):
        raise NotAllowed
    return community


def _note(
    session: AsyncSession,
    actor: Actor,
    community: Community,
    day: date | None,
    before: object,
    after: object,
    why: str,
) -> None:
    staff_id = actor.staff_id if isinstance(actor, StaffActor) else None
    change = CalendarChange(
        community_id=community.id, staff_id=staff_id, at=now(), day=day, before=before, after=after, why=why
    )
    session.add(change)
    note_act(
        session,
        actor,
        "calendar_changed",
        subject_kind="community",
        subject_id=community.id,
        community_id=community.id,
        day=day,
    )


def _clock(text: str) -> str:
    """08:30 of 8:30; 24:00 is the end of a day."""
    text = text.strip().replace("：", ":")
    if text == "24:00":
        return text
    hour, _, minute = text.partition(":")
    return f"{time(int(hour), int(minute)):%H:%M}"
