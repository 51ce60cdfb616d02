"""How far a notice is: how many are queued, sent, delivered, failed and why, waiting, confirmed; by building as well.

A committee sees the people of its own community, the street office those of its street: numbers, no names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.notices.models import Notice, NoticeRecipient, RecipientState
from community.places.models import Community, Level, Place
from community.residents.models import Resident

_NUMBERS = (
    func.count().label("people"),
    func.count(NoticeRecipient.confirmed_at).label("confirmed"),
    func.count(NoticeRecipient.door_told_at).label("at_the_door"),
)
_FATE = (NoticeRecipient.state, NoticeRecipient.reason)
_OPEN = {
    RecipientState.SENT: "not_answered",
    RecipientState.QUEUED: "on_the_way",
    RecipientState.WAITING: "on_the_way",
    RecipientState.FAILED: "not_reached",
    RecipientState.SUPPRESSED: "not_reached",
}
_STATES = {state: state.value for state in RecipientState} | {RecipientState.SENT: "delivered"}


@dataclass(frozen=True, slots=True)
class Count:
    """How many of some people: in each state, and how many confirmed it or were told at the door.

    The last three are of those who have not confirmed: it was delivered, it is still on its way, it did not reach them.
    """

    queued: int = 0
    delivered: int = 0
    waiting: int = 0
    failed: int = 0
    suppressed: int = 0
    confirmed: int = 0
    at_the_door: int = 0
    not_answered: int = 0
    on_the_way: int = 0
    not_reached: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return self.queued + self.delivered + self.waiting + self.failed + self.suppressed

    @property
    def sent(self) -> int:
        """What left the house: it was delivered, or failed on the way."""
        return self.delivered + self.failed


@dataclass(frozen=True, slots=True)
class OfPlace:
    """The count of a building, or of a community of the street; None is who gave no home."""

    name: Mapping[str, str] | None
    count: Count


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of it for all whom somebody sees. `reasons` are of what waits, failed or was not sent, the most
    frequent first."""

    count: Count
    reasons: Sequence[tuple[RecipientState, str, int]]
    places: Sequence[OfPlace]


async def count_recipients(session: AsyncSession, actor: StaffActor, notice: Notice) -> Counted:
    """Count a notice that the caller has found within the actor's rights, by building; by community for a notice of
    the street in the eyes of the street office. A million people are gone through once, which takes half a second."""
    mine = seen_by(actor)
    by_community = notice.street_id is not None and actor.community_id is None
    places: dict[tuple[str, str] | None, Counter[str]] = defaultdict(Counter)
    reasons: Counter[tuple[RecipientState, str]] = Counter()
    for row in await session.execute(
        _by_community(notice, mine) if by_community else _by_building(notice, mine)
    ):
        _tally(places[(row.zh, row.en) if row.zh else None], row)
        if row.reason is not None:
            reasons[row.state, row.reason] += row.people
    found = [
        OfPlace({"zh": name[0], "en": name[1]} if name else None, Count(**tally))
        for name, tally in places.items()
    ]
    return Counted(
        count=Count(**sum(places.values(), Counter())),
        reasons=sorted(
            ((*why, people) for why, people in reasons.items()), key=lambda each: (-each[2], each[1])
        ),
        places=sorted(found, key=lambda place: (place.name is None, _in_order(place))),
    )


def seen_by(actor: StaffActor) -> ColumnElement[bool]:
    """Whose rows somebody counts: the people of the own community, for the street office of the street."""
    if actor.community_id is not None:
        return Resident.community_id == actor.community_id
    inside = select(Community.id).where(Community.street_id == actor.street_id)
    return Resident.community_id.in_(inside)


def _by_community(notice: Notice, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_NUMBERS, *_FATE, Community.zh, Community.en)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .join(Community, Community.id == Resident.community_id)
        .where(NoticeRecipient.notice_id == notice.id, mine)
        .group_by(Community.id, *_FATE)
    )


def _by_building(notice: Notice, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """People are counted by home first, so that the tree of places is walked once a home, not once a person."""
    homes = (
        select(*_NUMBERS, *_FATE, Resident.home_id)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .where(NoticeRecipient.notice_id == notice.id, mine)
        .group_by(Resident.home_id, *_FATE)
        .cte("homes")
    )
    home, above = aliased(Place), aliased(Place)
    of_home = home.level == Level.UNIT
    return (
        select(
            homes,
            func.coalesce(func.nullif(above.zh, ""), home.zh).label("zh"),
            func.coalesce(func.nullif(above.en, ""), home.en).label("en"),
        )
        .outerjoin(home, home.id == homes.c.home_id)
        .outerjoin(above, (above.id == home.parent_id) & of_home)
    )


def _tally(tally: Counter[str], row: Row[Any]) -> None:
    """Add the people of one row, all of whom have the same state."""
    tally[_STATES[row.state]] += row.people
    tally[_OPEN[row.state]] += row.people - row.confirmed
    tally["confirmed"] += row.confirmed
    tally["at_the_door"] += row.at_the_door


def _in_order(place: OfPlace) -> tuple[int, str]:
    """3号楼 before 12号楼."""
    name = place.name["zh"] if place.name else ""
    digits = "".join(sign for sign in name if sign.isdigit())
    return int(digits or 0), name
