"""How many people an audience is and who for example, before anything is sent; what becomes of a notice to them.

Large audiences are not reckoned person by person: what the channels make of them is told from a part of them, which
the random ids of residents give.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, case, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.contact.models import CategoryFollow, ContactPreference
from community.contact.queries import chosen_first, is_chosen
from community.notices.audiences import Audience, conditions_of, residents_in
from community.notices.kinds import NOTICE_KINDS
from community.outbox.waiting import SEEN_WITHIN
from community.parties.models import Role
from community.places.models import Community, Place
from community.residents.models import Address, AddressState, Resident

SAMPLE = 6
EXACT = 20_000
"""So many people are reckoned one by one."""
_ALL_IDS = 1 << 128


@dataclass(frozen=True, slots=True)
class Example:
    """One person of an audience, by home; the name only for whom it is theirs to know."""

    home: Mapping[str, str] | None
    community: Mapping[str, str]
    name: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, and some of them."""

    people: int
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Way:
    """One channel: how many get it there at once, and for how many it waits until they write."""

    channel: str
    now: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a notice: by channel, and why the others get none.

    `unreachable` never had a channel or stopped us there, `unwanted` asked for no such notices, `later` paused.
    `is_exact` is False where it was told from a part of the people.
    """

    ways: Sequence[Way]
    unreachable: int
    unwanted: int
    later: int
    is_exact: bool

    @property
    def now(self) -> int:
        """How many get it at once."""
        return sum(way.now for way in self.ways)

    @property
    def waiting(self) -> int:
        """How many get it with their next contact."""
        return sum(way.waiting for way in self.ways)


async def count_audience(session: AsyncSession, actor: StaffActor, audience: Audience) -> Counted:
    """The people of an audience within the caller's walls, and some of them from anywhere in it."""
    people = await session.scalar(select(func.count()).select_from(residents_in(audience).subquery()))
    return Counted(people or 0, await _find_examples(session, actor, audience) if people else [])


async def forecast(session: AsyncSession, audience: Audience, category: str, people: int) -> Forecast:
    """What becomes of a notice of this category to an audience of so many people, if it were sent now."""
    is_exact = people <= EXACT
    whom = residents_in(audience)
    if not is_exact:
        whom = whom.where(Resident.id < UUID(int=_ALL_IDS * EXACT // people))
    rows = (await session.execute(_fates(whom, category, now()))).all()
    seen = sum(row.people for row in rows)
    times = 1.0 if is_exact or not seen else people / seen
    told = {(row.channel, row.fate): round(row.people * times) for row in rows}
    channels = sorted({row.channel for row in rows if row.channel})
    return Forecast(
        [Way(each, told.get((each, "now"), 0), told.get((each, "waiting"), 0)) for each in channels],
        unreachable=_sum(told, "unreachable"),
        unwanted=_sum(told, "unwanted"),
        later=_sum(told, "later"),
        is_exact=is_exact,
    )


def _sum(told: Mapping[tuple[str | None, str], int], wanted: str) -> int:
    return sum(people for (_, fate), people in told.items() if fate == wanted)


def _fates(whom: Select[UUID], category: str, at: datetime) -> Select[str, str, int]:
    """How many people there are by channel and fate; the channel only where it goes out there.

    As in community/notices/sending/settling.py: who can be written to where they chose, or were lately, does not wait
    on another channel.
    """
    kind = NOTICE_KINDS.get(category)
    people = whom.subquery()
    closed = func.coalesce(or_(Address.may_send <= 0, Address.window_until <= at), false())
    reached = and_(~closed, or_(is_chosen(), Address.last_seen_at > at - SEEN_WITHIN))
    address = (
        select(Address.channel, closed.label("closed"))
        .where(Address.resident_id == people.c.id, Address.state == AddressState.ACTIVE)
        .order_by(reached.desc(), chosen_first(), Address.last_seen_at.desc())
        .limit(1)
        .lateral("address")
    )
    for_all = kind is not None and kind.for_all
    follows = func.coalesce(CategoryFollow.follows, kind is None or kind.followed)
    wished = [
        (or_(ContactPreference.notices_stopped_at.is_not(None), ~follows), "unwanted"),
        (ContactPreference.paused_until > at, "later"),
    ]
    fate = case(
        (address.c.channel.is_(None), "unreachable"),
        *([] if for_all else wished),
        (address.c.closed, "waiting"),
        else_="now",
    )
    each = (
        select(case((fate.in_(("now", "waiting")), address.c.channel)).label("channel"), fate.label("fate"))
        .select_from(people)
        .outerjoin(address, true())
        .outerjoin(ContactPreference, ContactPreference.resident_id == people.c.id)
        .outerjoin(
            CategoryFollow,
            and_(CategoryFollow.resident_id == people.c.id, CategoryFollow.category == category),
        )
        .subquery()
    )
    counted = select(each.c.channel, each.c.fate, func.count().label("people"))
    return counted.group_by(each.c.channel, each.c.fate)


async def _find_examples(session: AsyncSession, actor: StaffActor, audience: Audience) -> Sequence[Example]:
    """Some people from a random id on, and from the first one where those are too few."""
    begin = UUID(int=secrets.randbelow(_ALL_IDS))
    rules = conditions_of(audience)
    ids = list(
        (await session.scalars(select(Resident.id).where(*rules, Resident.id >= begin).limit(SAMPLE))).all()
    )
    if len(ids) < SAMPLE:
        before = select(Resident.id).where(*rules, Resident.id < begin).limit(SAMPLE - len(ids))
        ids += (await session.scalars(before)).all()
    wanted = (
        select(Resident, Place, Community)
        .join(Community, Community.id == Resident.community_id)
        .outerjoin(Place, Place.id == Resident.home_id)
        .where(Resident.id.in_(ids))
    )
    may_name = actor.role is Role.COMMITTEE
    return [
        Example(
            row.Place.name if row.Place else None,
            row.Community.name,
            row.Resident.name if may_name and row.Resident.community_id == actor.community_id else None,
        )
        for row in await session.execute(wanted)
    ]
