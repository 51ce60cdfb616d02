"""How far a notice is: how many are queued, sent, delivered, failed and why, waiting, confirmed; by building as well.

A committee sees the people of its own community, the street office those of its street: numbers, no names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.notices.models import Notice, NoticeRecipient, RecipientState
from community.notices.sending.models import NoticeSending
from community.places.models import Community, Level, Place
from community.residents.models import Resident

_OPEN = (
    (RecipientState.SENT,),
    (RecipientState.QUEUED, RecipientState.WAITING),
    (RecipientState.FAILED, RecipientState.SUPPRESSED),
)


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


_COLUMNS = len(fields(Count))


@dataclass(frozen=True, slots=True)
class OfPlace:
    """The count of a building, or of a community of the street; None is who gave no home."""

    name: Mapping[str, str] | None
    count: Count


@dataclass(frozen=True, slots=True)
class Progress:
    """One notice. `reasons` are of what waits, failed or was not sent, the most frequent first."""

    notice: Notice
    sending: NoticeSending | None
    count: Count
    reasons: Sequence[tuple[RecipientState, str, int]] = field(default=())
    places: Sequence[OfPlace] = field(default=())


async def find_progress(session: AsyncSession, actor: StaffActor, notice: Notice) -> Progress:
    """The progress of a notice that the caller has found within the actor's rights."""
    mine = seen_by(actor)
    places = await _count_places(session, actor, notice, mine)
    return Progress(
        notice=notice,
        sending=await session.get(NoticeSending, notice.id),
        count=_sum([place.count for place in places]),
        reasons=await _find_reasons(session, notice, mine),
        places=places,
    )


def seen_by(actor: StaffActor) -> ColumnElement[bool]:
    """Whose rows somebody counts: the people of the own community, for the street office of the street."""
    if actor.community_id is not None:
        return Resident.community_id == actor.community_id
    inside = select(Community.id).where(Community.street_id == actor.street_id)
    return Resident.community_id.in_(inside)


async def _find_reasons(
    session: AsyncSession, notice: Notice, mine: ColumnElement[bool]
) -> Sequence[tuple[RecipientState, str, int]]:
    number = func.count()
    wanted = (
        select(NoticeRecipient.state, NoticeRecipient.reason, number)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .where(NoticeRecipient.notice_id == notice.id, NoticeRecipient.reason.is_not(None), mine)
        .group_by(NoticeRecipient.state, NoticeRecipient.reason)
        .order_by(number.desc(), NoticeRecipient.reason)
    )
    return [(row[0], row[1] or "", row[2]) for row in await session.execute(wanted)]


async def _count_places(
    session: AsyncSession, actor: StaffActor, notice: Notice, mine: ColumnElement[bool]
) -> Sequence[OfPlace]:
    """By community for a notice of the street in the eyes of the street office, else by building."""
    by_community = notice.street_id is not None and actor.community_id is None
    rows = await session.execute(_by_community(notice, mine) if by_community else _by_building(notice, mine))
    found = [
        OfPlace({"zh": row.zh, "en": row.en} if row.zh else None, Count(*map(int, row[:_COLUMNS])))
        for row in rows
    ]
    return sorted(found, key=lambda place: (place.name is None, _in_order(place)))


def _counts() -> list[ColumnElement[int]]:
    number = func.count()
    states = (
        RecipientState.QUEUED,
        RecipientState.SENT,
        RecipientState.WAITING,
        RecipientState.FAILED,
        RecipientState.SUPPRESSED,
    )
    return [
        *(number.filter(NoticeRecipient.state == state) for state in states),
        number.filter(NoticeRecipient.confirmed_at.is_not(None)),
        number.filter(NoticeRecipient.door_told_at.is_not(None)),
        *(number.filter(NoticeRecipient.confirmed_at.is_(None), _in(*group)) for group in _OPEN),
    ]


def _in(*states: RecipientState) -> ColumnElement[bool]:
    return NoticeRecipient.state.in_(states)


def _by_community(notice: Notice, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_counts(), Community.zh, Community.en)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .join(Community, Community.id == Resident.community_id)
        .where(NoticeRecipient.notice_id == notice.id, mine)
        .group_by(Community.id)
    )


def _by_building(notice: Notice, mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """People are counted by home first, so that the tree of places is walked once a home, not once a person."""
    homes = (
        select(*(each.label(f"n{place}") for place, each in enumerate(_counts())), Resident.home_id)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .where(NoticeRecipient.notice_id == notice.id, mine)
        .group_by(Resident.home_id)
        .subquery()
    )
    home, above = aliased(Place), aliased(Place)
    of_home = home.level == Level.UNIT
    zh = func.coalesce(func.nullif(above.zh, ""), home.zh)
    en = func.coalesce(func.nullif(above.en, ""), home.en)
    sums = [func.sum(homes.c[f"n{place}"]).label(f"s{place}") for place in range(_COLUMNS)]
    return (
        select(*sums, zh.label("zh"), en.label("en"))
        .outerjoin(home, home.id == homes.c.home_id)
        .outerjoin(above, (above.id == home.parent_id) & of_home)
        .group_by(zh, en)
    )


def _in_order(place: OfPlace) -> tuple[int, str]:
    """3号楼 before 12号楼."""
    name = place.name["zh"] if place.name else ""
    digits = "".join(sign for sign in name if sign.isdigit())
    return int(digits or 0), name


def _sum(counts: Sequence[Count]) -> Count:
    return Count(*(sum(each) for each in zip(*map(astuple, counts), strict=True)))
