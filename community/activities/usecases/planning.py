"""Plan an activity with its shifts, and publish it. Next: copying.py, which plans it once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import ACTIVITY_KINDS
from community.activities.models import DAY_MINUTES, Activity, ActivityState, Part, Shift
from community.activities.repeating import dates_of
from community.activities.rights import may_plan
from community.activities.telling import tell_followers
from community.activities.usecases.steps import (
    lock_run_activity,
    make_draft,
    note_act,
    store_shifts,
)
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.one_by_one import wait_for_others
from community.places.models import Community, Place
from community.teams.models import Team
from linli.text import check_text, clean_text

LONGEST_TITLE, LONGEST_WORDS, LONGEST_LINE = 40, 1_000, 120
MOST_PLACES = 5_000
LONGEST_SHIFT, DAY = timedelta(hours=16), timedelta(days=1)
MOST_A_DAY = 4
Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff fill in. `starts_at` and `ends_at` are those of the first shift; `places` says how many of which part.

    `later` are more shifts of the same day, as beginning and end; each repeats as the first does.

    Minutes count back from a shift's beginning: from when and until when one may sign up, until when cancel, and when
    Linli asks and reminds.
    """

    kind: str
    title_zh: str
    words: str
    where_zh: str
    contact: str
    starts_at: datetime
    ends_at: datetime
    places: Mapping[Part, int]
    later: tuple[Times, ...] = ()
    title_en: str = ""
    where_en: str = ""
    bring: str = ""
    rule: str | None = None
    building_id: UUID | None = None
    qualification: str = ""
    minimum_age: int | None = None
    team_id: UUID | None = None
    opens_minutes: int | None = None
    closes_minutes: int = 60
    cancel_minutes: int = 12 * 60
    confirm_minutes: int = DAY_MINUTES
    remind_minutes: int = 120
    warn_days: int = 3

    @property
    def times(self) -> tuple[Times, ...]:
        """When the shifts of the first day are, the earliest first."""
        return tuple(sorted(((self.starts_at, self.ends_at), *self.later)))


async def plan_activity(
    session: AsyncSession, actor: StaffActor, plan: Plan, *, request_id: UUID | None = None
) -> Activity:
    """Keep a plan as a draft with all its shifts; a form that comes again gives the same activity.

    Raises NotAllowed for whoever may not plan, TextRefused for missing or too long words, Refused with the name of
    what does not fit: plan_kind, plan_times, plan_same_times, plan_past, plan_places, plan_opens; NotFound for a
    building or team of another community.
    """
    if actor.community_id is None or not may_plan(actor, actor.community_id):
        raise NotAllowed
    if request_id is not None:
        await wait_for_others(session, request_id)
        known = await session.scalar(select(Activity).where(Activity.request_id == request_id))
        if known is not None:
            return known
    await check_plan(session, actor.community_id, plan)
    community = await session.get_one(Community, actor.community_id)
    activity = make_draft(actor, community.id, request_id, kind=plan.kind)
    fill_in(activity, plan)
    session.add(activity)
    await session.flush()
    await add_shifts(session, activity, plan, community.zone)
    note_act(session, actor, activity, "planned")
    return activity


async def publish_activity(session: AsyncSession, actor: StaffActor, activity_id: UUID) -> Activity:
    """Open a draft for sign-up and tell those who follow its kind. Raises WrongState for anything but a draft."""
    activity = await lock_run_activity(session, actor, activity_id)
    if activity.state is not ActivityState.DRAFT:
        raise WrongState(state=activity.state.value)
    activity.state, activity.published_at = ActivityState.PUBLISHED, now()
    note_act(session, actor, activity, "published")
    await tell_followers(session, activity)
    return activity


async def check_plan(session: AsyncSession, community_id: UUID, plan: Plan) -> None:
    """Whether a plan fits; raises as `plan_activity`."""
    if plan.kind not in ACTIVITY_KINDS:
        raise Refused("plan_kind")
    _check_times(plan.times)
    if not any(plan.places.values()) or not all(0 <= many <= MOST_PLACES for many in plan.places.values()):
        raise Refused("plan_places")
    await check_who(session, community_id, plan)


def _check_times(times: Sequence[Times]) -> None:
    """Each lasts as long as one may, all begin within a day, no two at once."""
    begins = [starts_at for starts_at, _ in times]
    lasting = all(timedelta() < ends_at - starts_at <= LONGEST_SHIFT for starts_at, ends_at in times)
    if not lasting or begins[-1] - begins[0] >= DAY:
        raise Refused("plan_times")
    if len(set(begins)) < len(begins) or len(begins) > MOST_A_DAY:
        raise Refused("plan_same_times")
    if begins[0] <= now():
        raise Refused("plan_past")


async def check_who(session: AsyncSession, community_id: UUID, plan: Plan) -> None:
    """Whether whom it is for belongs here, and sign-up opens before it closes; raises as `plan_activity`."""
    if plan.opens_minutes is not None and plan.opens_minutes <= plan.closes_minutes:
        raise Refused("plan_opens")
    if plan.team_id is not None:
        team = await session.get(Team, plan.team_id)
        if team is None or team.community_id != community_id:
            raise NotFound
    if plan.building_id is not None:
        building = await session.get(Place, plan.building_id)
        if building is None or building.community_id != community_id:
            raise NotFound


def fill_in(activity: Activity, plan: Plan) -> None:
    """Take over everything of a plan but its dates. Raises TextRefused for missing or too long words."""
    activity.title_zh = check_text(plan.title_zh, LONGEST_TITLE)
    activity.title_en = _line(plan.title_en)
    activity.words = check_text(plan.words, LONGEST_WORDS)
    activity.where_zh = check_text(plan.where_zh, LONGEST_LINE)
    activity.where_en = _line(plan.where_en)
    activity.bring = _line(plan.bring)
    activity.contact = check_text(plan.contact, LONGEST_LINE)
    activity.rule = plan.rule
    activity.building_id, activity.team_id = plan.building_id, plan.team_id
    activity.qualification = _line(plan.qualification)
    activity.minimum_age = plan.minimum_age
    activity.opens_minutes = plan.opens_minutes
    activity.closes_minutes, activity.cancel_minutes = plan.closes_minutes, plan.cancel_minutes
    activity.confirm_minutes, activity.remind_minutes = plan.confirm_minutes, plan.remind_minutes
    activity.warn_days = plan.warn_days


def _line(words: str) -> str | None:
    return clean_text(words)[:LONGEST_LINE] or None


async def add_shifts(session: AsyncSession, activity: Activity, plan: Plan, zone: str) -> None:
    """All shifts of a plan with their places."""
    planned = [
        (starts_at, starts_at + (ends_at - first), plan.places)
        for first, ends_at in plan.times
        for starts_at in dates_of(plan.rule, first, zone)
    ]
    await store_shifts(session, activity, planned)


async def find_times(session: AsyncSession, activity_id: UUID, zone: str) -> tuple[Times, ...]:
    """When the shifts of the activity's first date are, the earliest first."""
    wanted = select(Shift.starts_at, Shift.ends_at).where(Shift.activity_id == activity_id)
    rows = [(row[0], row[1]) for row in await session.execute(wanted.order_by(Shift.starts_at))]
    return tuple(each for each in rows if is_same_date(each[0], rows[0][0], zone))


def is_same_date(one: datetime, other: datetime, zone: str) -> bool:
    """Whether two moments are on one date of the calendar there."""
    there = ZoneInfo(zone)
    return one.astimezone(there).date() == other.astimezone(there).date()
