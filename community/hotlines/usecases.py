"""Keeping a community's hotlines true: by its committee, the street office, or an admin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, StaffActor
from community.alerts.models import AlertTimes
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.hotlines.models import Danger, Hotline
from community.needs.clocks import WEEKDAYS
from community.parties.models import Role
from community.places.models import Community, Hours

MAY_SET = frozenset({Role.COMMITTEE, Role.STREET, Role.ADMIN})
MOST_LINES = 30
MOST_MINUTES = 120
NUMBER = re.compile(r"\d{3,5}|\d{3,4}-\d{4} ?\d{3,4}|1\d{10}|\d{7,8}")
_WEEK = {
    "每天": WEEKDAYS,
    "daily": WEEKDAYS,
    "工作日": WEEKDAYS[:5],
    "weekdays": WEEKDAYS[:5],
    "周末": WEEKDAYS[5:],
    "weekend": WEEKDAYS[5:],
}
_DAYS = _WEEK | dict(zip(WEEKDAYS, ((day,) for day in WEEKDAYS), strict=True))
_DAYS |= {f"周{sign}": (day,) for sign, day in zip("一二三四五六日", WEEKDAYS, strict=True)}
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class LineText:
    """What is typed for a line; `hours` is empty for around the clock, else as `read_hours` takes them."""

    number: str
    zh: str
    en: str
    purpose_zh: str
    purpose_en: str
    hours: str
    dangers: frozenset[Danger]


async def keep_hotline(
    session: AsyncSession, actor: Actor, community_id: UUID, typed: LineText, hotline_id: UUID | None = None
) -> Hotline:
    """Add a line, or change the one with this id.

    Raises Refused("number_unclear"), Refused("hours_unclear"), Refused("name_missing"), Refused("hotline_twice").
    """
    await _check_may_set(session, actor, community_id)
    line = await _get_line(session, community_id, hotline_id) if hotline_id else None
    number = typed.number.strip()
    if not NUMBER.fullmatch(number):
        raise Refused("number_unclear")
    if not all(part.strip() for part in (typed.zh, typed.en, typed.purpose_zh, typed.purpose_en)):
        raise Refused("name_missing")
    await _check_once(session, community_id, number, hotline_id)
    if line is None:
        line = Hotline(community_id=community_id, position=await _next_position(session, community_id))
        session.add(line)
    line.number, line.zh, line.en = number, typed.zh.strip(), typed.en.strip()
    line.purpose_zh, line.purpose_en = typed.purpose_zh.strip(), typed.purpose_en.strip()
    line.hours = read_hours(typed.hours)
    line.dangers = [danger.value for danger in Danger if danger in typed.dangers]
    line.changed_by = actor.staff_id if isinstance(actor, StaffActor) else None
    line.changed_at = now()
    await session.flush()
    _note(session, actor, community_id, "hotline_kept", line)
    return line


async def remove_hotline(session: AsyncSession, actor: Actor, community_id: UUID, hotline_id: UUID) -> None:
    """The line is no longer named. Raises Refused("last_hotline") where a danger would have none left."""
    await _check_may_set(session, actor, community_id)
    line = await _get_line(session, community_id, hotline_id)
    others = (
        await session.scalars(
            select(Hotline).where(Hotline.community_id == community_id, Hotline.id != hotline_id)
        )
    ).all()
    left = {danger for other in others for danger in other.dangers}
    if set(line.dangers) - left:
        raise Refused("last_hotline")
    await session.delete(line)
    await session.flush()
    _note(session, actor, community_id, "hotline_removed", line)


async def set_alert_times(
    session: AsyncSession, actor: Actor, community_id: UUID, next_minutes: int, follow_up_minutes: int
) -> AlertTimes:
    """After how many minutes the next is called, and a silent person asked again. Raises Refused("minutes_unclear")."""
    await _check_may_set(session, actor, community_id)
    if not (1 <= next_minutes <= MOST_MINUTES and 1 <= follow_up_minutes <= MOST_MINUTES):
        raise Refused("minutes_unclear")
    times = await session.get(AlertTimes, community_id, with_for_update=True)
    if times is None:
        times = AlertTimes(community_id=community_id)
        session.add(times)
    times.next_minutes, times.follow_up_minutes = next_minutes, follow_up_minutes
    await session.flush()
    note_act(
        session,
        actor,
        "alert_times_changed",
        subject_kind="community",
        subject_id=community_id,
        community_id=community_id,
        next_minutes=next_minutes,
        follow_up_minutes=follow_up_minutes,
    )
    return times


def read_hours(text: str) -> Hours | None:
    """Hours as people write them: "工作日 9:00-12:00 14:00-17:00; 周六 9:00-12:00"; None for nothing or 24 小时.

    Raises Refused("hours_unclear").
    """
    text = text.replace("：", ":").replace("；", ";").replace("，", " ").replace(",", " ").strip()
    if not text or re.fullmatch(r"24 ?(小时|h|hours?)?|全天", text, re.IGNORECASE):
        return None
    hours: Hours = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        days, spans = _read_part(part)
        for day in days:
            hours[day] = sorted([*hours.get(day, []), *spans])
    return hours


def say_hours(hours: Hours | None, language: str) -> str:
    """Hours so that `read_hours` reads them again; empty for around the clock."""
    if hours is None:
        return ""
    zh = language == "zh"
    groups: dict[tuple[str, ...], list[str]] = {}
    for day in WEEKDAYS:
        if spans := tuple("-".join(span) for span in hours.get(day, ())):
            groups.setdefault(spans, []).append(day)
    return "; ".join(f"{_say_days(days, zh)} {' '.join(spans)}" for spans, days in groups.items())


def may_set_hotlines(actor: Actor, community: Community) -> bool:
    """Committee and admins of the community; street office and its admins in all of the street."""
    if not isinstance(actor, StaffActor) or actor.role not in MAY_SET:
        return False
    if actor.community_id is None:
        return actor.role is not Role.COMMITTEE and community.street_id == actor.street_id
    return actor.community_id == community.id


def _read_part(part: str) -> tuple[list[str], list[list[str]]]:
    spans = [[_clock(found[1], found[2]), _clock(found[3], found[4])] for found in _SPAN.finditer(part)]
    named = _SPAN.sub(" ", part).casefold().split() or ["daily"]
    days = [day for name in named for day in _DAYS.get(name, ("",))]
    if not spans or "" in days or any(opens == closes for opens, closes in spans):
        raise Refused("hours_unclear")
    return days, spans


def _clock(hour: str, minute: str) -> str:
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise Refused("hours_unclear")
    return f"{int(hour):02}:{minute}"


def _say_days(days: list[str], zh: bool) -> str:
    for name, all_of in _WEEK.items():
        if tuple(days) == tuple(all_of) and name.isascii() is not zh:
            return name
    return " ".join(f"周{'一二三四五六日'[WEEKDAYS.index(day)]}" if zh else day for day in days)


async def _check_may_set(session: AsyncSession, actor: Actor, community_id: UUID) -> None:
    community = await session.get(Community, community_id)
    inside = isinstance(actor, StaffActor) and actor.community_id in (None, community_id)
    if community is None or not inside:
        raise NotFound
    if not may_set_hotlines(actor, community):
        raise NotAllowed


async def _get_line(session: AsyncSession, community_id: UUID, hotline_id: UUID) -> Hotline:
    line = await session.get(Hotline, hotline_id, with_for_update=True)
    if line is None or line.community_id != community_id:
        raise NotFound
    return line


def _note(session: AsyncSession, actor: Actor, community_id: UUID, act: str, line: Hotline) -> None:
    note_act(
        session, actor, act, subject_kind="hotline", subject_id=line.id, community_id=community_id,
        number=line.number.replace(" ", ""),
    )  # fmt: skip


async def _check_once(
    session: AsyncSession, community_id: UUID, number: str, hotline_id: UUID | None
) -> None:
    same = select(Hotline.id).where(Hotline.community_id == community_id, Hotline.number == number)
    found = await session.scalar(same)
    if found is not None and found != hotline_id:
        raise Refused("hotline_twice")


async def _next_position(session: AsyncSession, community_id: UUID) -> int:
    counted = select(func.count(), func.max(Hotline.position)).where(Hotline.community_id == community_id)
    count, last = (await session.execute(counted)).one()
    if count >= MOST_LINES:
        raise Refused("too_many_lines")
    return (last or 0) + 1
