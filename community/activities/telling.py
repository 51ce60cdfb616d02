"""What people are told about an activity: the values that its messages share, and the news for those who follow it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import get_activity_kind
from community.activities.models import Activity, ActivityFollow, Shift
from community.clock import now
from community.outbox.models import OutboxMessage
from community.outbox.usecases import enqueue_for_all, still_queued, withdraw_messages
from community.places.models import Community
from community.quiet import after_quiet
from community.residents.models import Resident


def shift_values(activity: Activity, shift: Shift) -> dict[str, object]:
    """What every message about a shift may name."""
    return {
        "title": activity.title,
        "starts": shift.starts_at.isoformat(),
        "ends": shift.ends_at.isoformat(),
        "where": activity.where,
        "contact": activity.contact,
        "bring": activity.bring,
    }


async def find_next_shift(session: AsyncSession, activity: Activity) -> Shift | None:
    """The activity's next shift that stands."""
    wanted = select(Shift).where(
        Shift.activity_id == activity.id, Shift.starts_at > now(), Shift.cancelled_at.is_(None)
    )
    found: Shift | None = await session.scalar(wanted.order_by(Shift.starts_at).limit(1))
    return found


async def tell_followers(session: AsyncSession, activity: Activity) -> None:
    """Whoever follows the kind in this community hears of it once, by day."""
    shift = await find_next_shift(session, activity)
    if shift is None:
        return
    community = await session.get_one(Community, activity.community_id)
    await enqueue_for_all(
        session,
        _followers(activity),
        "activity_published",
        _news(activity),
        due_at=after_quiet(now(), community.zone),
        **_words_of_news(activity, shift),
    )


async def correct_news(session: AsyncSession, activity: Activity) -> None:
    """News that still waits names the next shift that stands; without one it is not sent."""
    shift = await find_next_shift(session, activity)
    if shift is None:
        await withdraw_messages(session, _news(activity), _followers(activity))
        return
    changed = update(OutboxMessage).where(*still_queued(_news(activity), _followers(activity)))
    await session.execute(changed.values(_words_of_news(activity, shift)))


def _followers(activity: Activity) -> Select[UUID]:
    return (
        select(ActivityFollow.resident_id)
        .join(Resident, Resident.id == ActivityFollow.resident_id)
        .where(ActivityFollow.kind == activity.kind, Resident.community_id == activity.community_id)
    )


def _news(activity: Activity) -> str:
    return f"activity:{activity.id}:published"


def _words_of_news(activity: Activity, shift: Shift) -> dict[str, Any]:
    return {
        "values": {**shift_values(activity, shift), "kind": get_activity_kind(activity.kind).name},
        "buttons": [{"label": "button_join_it", "payload": f'/join_activity{{"shift": "{shift.id}"}}'}],
        "expires_at": shift.starts_at,
    }
