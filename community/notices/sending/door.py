"""The list for going from door to door: who was not reached, or has not confirmed, by building and floor; the ticks.

For the committee of the community alone, as it says names and phones. Whoever opens the list, ticks or takes a tick
back stands in the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound
from community.notices.models import ConfirmedBy, Notice, NoticeRecipient, RecipientState
from community.notices.rights import readable_by
from community.notices.sending.rooms import floor_of, read_room
from community.notices.sending.withdrawing import withdraw_reminders_to
from community.parties.models import Role, Staff
from community.places.models import Level, Place
from community.residents.models import Resident
from community.residents.rights import answered_for_by, may_answer_for

MOST = 2_000
_UNREACHED = (RecipientState.WAITING, RecipientState.FAILED, RecipientState.SUPPRESSED)
_NO_WISH_OF_THEIRS = ("no_address", "address_stopped", "quiet_hours", "daily_limit")


class Whom(StrEnum):
    """Who stands on the list: those whom no message reached, or everybody who has not confirmed."""

    UNREACHED = "unreached"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class DoorLine:
    """One person; `teller` is who told it at the door."""

    resident: Resident
    row: NoticeRecipient
    building: Place | None
    home: Place | None
    teller: str | None

    @property
    def floor(self) -> int | None:
        """From the room: 501 is on the 5th, 1203 on the 12th."""
        return floor_of(self.resident.room)


@dataclass(frozen=True, slots=True)
class DoorPart:
    """The people behind one entrance, by floor from above; None are those whose home is not known."""

    name: Mapping[str, str] | None
    floors: Sequence[tuple[int | None, Sequence[DoorLine]]]

    @property
    def people(self) -> int:
        """How many doors these are."""
        return sum(len(lines) for _, lines in self.floors)


async def find_door_list(
    session: AsyncSession, actor: StaffActor, notice_id: UUID, whom: Whom = Whom.UNREACHED, most: int = MOST
) -> tuple[Notice, Sequence[DoorPart], int]:
    """The list of a notice, and how many people of the actor's community it had in full. Raises NotFound, NotAllowed.

    It holds 2,000 people at most, home by home, first those who were not told: ticks make room for the next ones. Who
    was told at the door stays on it with the tick. Who wants no notices, or not of this kind, stands only on the
    list of those who have not confirmed.
    """
    notice = await get_own(session, actor, notice_id)
    listed = (
        select(Resident.id)
        .join(NoticeRecipient, NoticeRecipient.resident_id == Resident.id)
        .where(NoticeRecipient.notice_id == notice.id, answered_for_by(actor), _listed(whom))
    )
    everybody = await session.scalar(listed.with_only_columns(func.count())) or 0
    lines = [_line(*row) for row in await session.execute(_lines(notice.id, listed, most))]
    note_act(
        session,
        actor,
        "notice_door_list",
        subject_kind="notice",
        subject_id=notice.id,
        community_id=actor.community_id,
        people=len(lines),
    )
    return notice, _by_entrance(lines), everybody


async def tell_at_door(
    session: AsyncSession, actor: StaffActor, notice_id: UUID, resident_id: UUID, room: str = ""
) -> None:
    """Enter the tick: the actor has told it at the door, now; ticked twice is ticked once. `room` is kept where it is
    given. Raises NotFound, NotAllowed, Refused("room_unclear")."""
    row, resident = await _lock(session, actor, notice_id, resident_id)
    if room.strip():
        resident.room = read_room(room)
    if row.door_told_at is not None:
        return
    row.door_told_at, row.door_told_by = now(), actor.staff_id
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = row.door_told_at, ConfirmedBy.STAFF
        await withdraw_reminders_to(session, notice_id, resident_id)
    _note(session, actor, "notice_told_at_door", row)


async def take_tick_back(
    session: AsyncSession, actor: StaffActor, notice_id: UUID, resident_id: UUID
) -> None:
    """It was the wrong line: not told, and not confirmed by that. Raises NotFound, NotAllowed."""
    row, _ = await _lock(session, actor, notice_id, resident_id)
    if row.door_told_at is None:
        return
    row.door_told_at = row.door_told_by = None
    if row.confirmed_by is ConfirmedBy.STAFF:
        row.confirmed_at = row.confirmed_by = None
    _note(session, actor, "notice_tick_taken_back", row)


async def get_own(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """A notice whose people the actor may be told by name. Raises NotFound, NotAllowed."""
    notice: Notice | None = await session.scalar(
        select(Notice).where(Notice.id == notice_id, readable_by(actor))
    )
    if notice is None:
        raise NotFound
    if actor.role is not Role.COMMITTEE:
        raise NotAllowed
    return notice


def _lines(notice_id: UUID, listed: Select[UUID], most: int) -> Select[*tuple[Any, ...]]:
    """All that a line says, of the first ones alone: a million people are put in order by their keys."""
    first = listed.order_by(NoticeRecipient.door_told_at.is_not(None), Resident.home_id, Resident.id).limit(
        most
    )
    home, above = aliased(Place), aliased(Place)
    return (
        select(Resident, NoticeRecipient, home, above, Staff.name)
        .join(
            NoticeRecipient,
            (NoticeRecipient.resident_id == Resident.id) & (NoticeRecipient.notice_id == notice_id),
        )
        .outerjoin(home, home.id == Resident.home_id)
        .outerjoin(above, above.id == home.parent_id)
        .outerjoin(Staff, Staff.id == NoticeRecipient.door_told_by)
        .where(Resident.id.in_(first))
        .order_by(Resident.home_id, Resident.id)
    )


def _listed(whom: Whom) -> ColumnElement[bool]:
    told = NoticeRecipient.door_told_at.is_not(None)
    if whom is Whom.UNCONFIRMED:
        return or_(told, NoticeRecipient.confirmed_at.is_(None))
    not_refused = or_(
        NoticeRecipient.state != RecipientState.SUPPRESSED, NoticeRecipient.reason.in_(_NO_WISH_OF_THEIRS)
    )
    unreached = NoticeRecipient.state.in_(_UNREACHED) & not_refused & NoticeRecipient.confirmed_at.is_(None)
    return or_(told, unreached)


def _line(
    resident: Resident, row: NoticeRecipient, home: Place | None, above: Place | None, teller: str | None
) -> DoorLine:
    """The building is the home itself, or what a unit lies in."""
    building = above if home is not None and home.level is Level.UNIT else home
    return DoorLine(resident, row, building, home, teller)


def _by_entrance(lines: Sequence[DoorLine]) -> Sequence[DoorPart]:
    """Entrances in the order of their numbers, floors from above, as one walks them with the lift."""
    entrances: dict[UUID | None, list[DoorLine]] = {}
    for line in lines:
        entrances.setdefault(line.home.id if line.home else None, []).append(line)
    ordered = sorted(entrances.values(), key=lambda found: _place_order(found[0]))
    return [DoorPart(found[0].home.name if found[0].home else None, _by_floor(found)) for found in ordered]


def _by_floor(lines: Sequence[DoorLine]) -> Sequence[tuple[int | None, Sequence[DoorLine]]]:
    floors = sorted({line.floor for line in lines}, key=lambda floor: -(floor or 0))
    return [
        (
            floor,
            sorted(
                (line for line in lines if line.floor == floor), key=lambda line: line.resident.room or "~"
            ),
        )
        for floor in floors
    ]


def _place_order(line: DoorLine) -> tuple[bool, int, int, str]:
    if line.home is None or line.building is None:
        return True, 0, 0, ""
    return False, _number(line.building), _number(line.home), line.home.zh


def _number(place: Place) -> int:
    digits = "".join(sign for sign in place.number if sign.isdigit())
    return int(digits or 0)


async def _lock(
    session: AsyncSession, actor: StaffActor, notice_id: UUID, resident_id: UUID
) -> tuple[NoticeRecipient, Resident]:
    notice = await get_own(session, actor, notice_id)
    row = await session.get(
        NoticeRecipient, (notice.id, resident_id), with_for_update=True, populate_existing=True
    )
    resident = await session.get(Resident, resident_id)
    if row is None or resident is None or not may_answer_for(actor, resident):
        raise NotFound
    return row, resident


def _note(session: AsyncSession, actor: StaffActor, act: str, row: NoticeRecipient) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="notice",
        subject_id=row.notice_id,
        community_id=actor.community_id,
        resident=row.resident_id,
    )
