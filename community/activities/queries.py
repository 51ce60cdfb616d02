"""Reading activities: shifts that one may join, one of them with its places, and the board of staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityFollow, ActivityState, Part, Shift, ShiftPlaces
from community.activities.rights import may_look
from community.actors import StaffActor
from community.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift with its activity and the places of each part."""

    shift: Shift
    activity: Activity
    places: Sequence[ShiftPlaces]

    def of(self, part: Part) -> ShiftPlaces | None:
        """The places of a part, None where the shift has none."""
        return next((each for each in self.places if each.part is part), None)

    @property
    def parts(self) -> list[Part]:
        """The parts that one may choose of, helping first."""
        return [part for part in Part if self.of(part) is not None]

    @property
    def free(self) -> int:
        """How many places nobody has, whatever the part."""
        return sum(each.free for each in self.places)


async def find_open_shifts(
    session: AsyncSession,
    community_id: UUID,
    since: datetime,
    until: datetime | None = None,
    kinds: Collection[str] = (),
    most: int = 50,
    after: UUID | None = None,
) -> list[ShiftLine]:
    """Shifts of the community that begin from `since` on (before `until`), of these kinds, the next first.

    `after` is the last shift of the page before, where the list goes on.
    """
    wanted = _standing(community_id).where(Shift.starts_at >= since)
    if until is not None:
        wanted = wanted.where(Shift.starts_at < until)
    if kinds:
        wanted = wanted.where(Activity.kind.in_(kinds))
    if after is not None:
        last = select(Shift.starts_at).where(Shift.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(Shift.starts_at, Shift.id) > tuple_(last, literal(after)))
    return await _lines(session, wanted.order_by(Shift.starts_at, Shift.id).limit(most))


async def get_shift_line(session: AsyncSession, community_id: UUID, shift_id: UUID) -> ShiftLine:
    """A published shift of the community, whether it stands or is called off; raises NotFound."""
    wanted = _published(community_id).where(Shift.id == shift_id)
    found = await _lines(session, wanted)
    if not found:
        raise NotFound
    return found[0]


async def find_next_shift(
    session: AsyncSession, community_id: UUID, activity_id: UUID, since: datetime
) -> UUID | None:
    """The next shift of an activity of the community from `since` on; None where it has none.

    One whose sign-up is closed comes after those that are open.
    """
    wanted = _standing(community_id).where(Activity.id == activity_id, Shift.starts_at >= since)
    closed = Shift.starts_at - Activity.closes_minutes * timedelta(minutes=1) <= since
    found: UUID | None = await session.scalar(
        wanted.with_only_columns(Shift.id).order_by(closed, Shift.starts_at, Shift.id).limit(1)
    )
    return found


async def find_shifts_of(
    session: AsyncSession, actor: StaffActor, activity_id: UUID
) -> tuple[Activity, list[ShiftLine]]:
    """An activity with all its shifts, for staff who may look at it; raises NotFound."""
    activity = await session.get(Activity, activity_id)
    if activity is None or not may_look(actor, activity):
        raise NotFound
    wanted = _shifts().where(Activity.id == activity_id).order_by(Shift.starts_at)
    return activity, await _lines(session, wanted)


async def find_planned(
    session: AsyncSession, community_id: UUID, since: datetime, until: datetime, most: int = 200
) -> list[ShiftLine]:
    """All shifts of the community between two moments, drafts and what is called off included: the staff's board."""
    wanted = _shifts().where(
        Shift.community_id == community_id, Shift.starts_at >= since, Shift.starts_at < until
    )
    return await _lines(session, wanted.order_by(Shift.starts_at, Shift.id).limit(most))


async def find_planned_by(
    session: AsyncSession, actor: StaffActor, since: datetime, until: datetime
) -> list[ShiftLine]:
    """All shifts of the actor's own party in their community between two moments, as on the board."""
    wanted = _shifts().where(
        Shift.community_id == actor.community_id,
        Activity.party_id == actor.party_id,
        Shift.starts_at >= since,
        Shift.starts_at < until,
    )
    return await _lines(session, wanted.order_by(Shift.starts_at, Shift.id))


async def find_followed(session: AsyncSession, resident_id: UUID) -> set[str]:
    """The kinds that the resident wants to hear of."""
    wanted = select(ActivityFollow.kind).where(ActivityFollow.resident_id == resident_id)
    return set((await session.scalars(wanted)).all())


def _shifts() -> Select[Shift, Activity]:
    return select(Shift, Activity).join(Activity, Activity.id == Shift.activity_id)


def _published(community_id: UUID) -> Select[Shift, Activity]:
    return _shifts().where(Shift.community_id == community_id, Activity.state != ActivityState.DRAFT)


def _standing(community_id: UUID) -> Select[Shift, Activity]:
    return _shifts().where(
        Shift.community_id == community_id,
        Activity.state == ActivityState.PUBLISHED,
        Shift.cancelled_at.is_(None),
    )


async def _lines(session: AsyncSession, wanted: Select[Shift, Activity]) -> list[ShiftLine]:
    rows = [(shift, activity) for shift, activity in await session.execute(wanted)]
    places: defaultdict[UUID, list[ShiftPlaces]] = defaultdict(list)
    ids = [shift.id for shift, _ in rows]
    if ids:
        found = await session.scalars(select(ShiftPlaces).where(ShiftPlaces.shift_id.in_(ids)))
        for each in found:
            places[each.shift_id].append(each)
    return [ShiftLine(shift, activity, places[shift.id]) for shift, activity in rows]
