"""What a notice must be before it is kept, submitted or approved: each thing that is wrong has its own sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import ACTIVITY_KINDS
from community.activities.models import Activity, ActivityState
from community.actors import StaffActor
from community.clock import now
from community.errors import NotFound, Refused
from community.notices.audiences import OLDEST, Audience, audience_of, residents_in
from community.notices.kinds import NOTICE_KINDS
from community.notices.models import Notice
from community.notices.usecases.steps import get_notice
from community.places.models import Community, Place
from community.residents.tags import TAGS

LONGEST_VALID = timedelta(days=366)
LATE_BY = timedelta(minutes=5)
"""A moment that the form was filled in with is not in the past because it was filled in slowly."""


def check_times(begins: datetime | None, ends: datetime) -> None:
    """Raise Refused: notice_send_past, notice_ends_before_start, notice_valid_too_long."""
    at = now()
    if begins is not None and begins < at - LATE_BY:
        raise Refused("notice_send_past")
    start = max(begins or at, at)
    if ends <= start:
        raise Refused("notice_ends_before_start")
    if ends > start + LONGEST_VALID:
        raise Refused("notice_valid_too_long")


def check_repeat(repeat: str | None, send_at: datetime | None) -> None:
    """Raise Refused("notice_repeat_needs_time") for a rule without a first moment."""
    if repeat is not None and send_at is None:
        raise Refused("notice_repeat_needs_time")


def check_category(category: str) -> None:
    """Raise Refused("notice_category") for a category that is not in the list."""
    if category not in NOTICE_KINDS:
        raise Refused("notice_category")


async def check_activity(session: AsyncSession, actor: StaffActor, activity_id: UUID | None) -> None:
    """Raise Refused("notice_activity") for one that is not open for sign-up within the actor's walls."""
    if activity_id is None:
        return
    activity = await session.get(Activity, activity_id)
    if activity is None or activity.state is not ActivityState.PUBLISHED:
        raise Refused("notice_activity")
    community = await session.get_one(Community, activity.community_id)
    if actor.community_id not in (None, community.id) or community.street_id != actor.street_id:
        raise Refused("notice_activity")


async def check_audience(session: AsyncSession, actor: StaffActor, audience: Audience) -> Audience:
    """The audience within the actor's walls, with nothing in it that is not there.

    Raises Refused: audience_unclear for places, kinds and tags that are not in the lists, audience_ages for ages that
    hold nobody. Raises NotFound for a notice that the actor may not read.
    """
    within = replace(
        audience,
        community_id=actor.community_id,
        street_id=None if actor.community_id else actor.street_id,
        communities=() if actor.community_id else audience.communities,
    )
    _check_codes(within)
    _check_ages(within)
    await _check_places(session, actor, within)
    for notice_id in filter(None, (within.unconfirmed, within.without_confirmed)):
        await get_notice(session, actor, notice_id)
    return within


async def check_somebody(session: AsyncSession, notice: Notice) -> None:
    """Raise Refused("notice_for_nobody") where nobody is in the audience."""
    if await session.scalar(residents_in(audience_of(notice)).limit(1)) is None:
        raise Refused("notice_for_nobody")


def _check_codes(audience: Audience) -> None:
    lists = (
        (audience.follows, NOTICE_KINDS),
        (audience.activities, ACTIVITY_KINDS),
        (audience.tags, TAGS),
        (audience.without_tags, TAGS),
    )
    if any(code not in known for codes, known in lists for code in codes):
        raise Refused("audience_unclear")


def _check_ages(audience: Audience) -> None:
    ages = [age for age in (audience.age_from, audience.age_to) if age is not None]
    if any(not 0 <= age <= OLDEST for age in ages) or ages != sorted(ages):
        raise Refused("audience_ages")


async def _check_places(session: AsyncSession, actor: StaffActor, audience: Audience) -> None:
    """Every place and community that is named stands within the wall."""
    wall = (
        Community.id == actor.community_id if actor.community_id else Community.street_id == actor.street_id
    )
    places = {*audience.places, *audience.without_places}
    found = await session.scalar(
        select(func.count())
        .select_from(Place)
        .join(Community, Community.id == Place.community_id)
        .where(Place.id.in_(places), wall)
    )
    inside = await session.scalar(
        select(func.count()).select_from(Community).where(Community.id.in_(audience.communities), wall)
    )
    if found != len(places) or inside != len(set(audience.communities)):
        raise NotFound
