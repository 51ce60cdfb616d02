"""The form of a plan as staff fill it in, read into what the use-case takes; times are on the community's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from community.activities.models import DAY_MINUTES, Part
from community.activities.repeating import Every, make_rule
from community.activities.usecases.planning import Plan
from community.errors import Refused
from web.staff.days import in_reach
from web.staff.forms import Typed

CLOSES: Mapping[str, int] = MappingProxyType(
    {"0": 0, "60": 60, "720": 720, "1440": DAY_MINUTES, "2880": 2880}
)
CANCELS: Mapping[str, int] = MappingProxyType({"0": 0, "720": 720, "1440": DAY_MINUTES, "2880": 2880})
CONFIRMS: Mapping[str, int] = MappingProxyType({"1440": DAY_MINUTES, "2880": 2880, "720": 720})
REMINDS: Mapping[str, int] = MappingProxyType({"120": 120, "60": 60, "180": 180})
MOST_PLACES = 5_000
YOUNGEST, OLDEST = 1, 99


def read_plan(typed: Typed, zone: str) -> Plan:
    """The plan of a form. Raises Refused: plan_times, plan_places, plan_age, plan_until, choose_one."""
    first = read_moment(typed.get("date", 10), typed.get("starts", 5), zone)
    ends = read_moment(typed.get("date", 10), typed.get("ends", 5), zone)
    if ends <= first:
        ends += timedelta(days=1)  # a watch through the night
    return Plan(
        kind=typed.get("kind", 40),
        title_zh=typed.get("title_zh"),
        title_en=typed.get("title_en"),
        words=typed.get("words", 1_000),
        where_zh=typed.get("where_zh"),
        where_en=typed.get("where_en"),
        bring=typed.get("bring"),
        contact=typed.get("contact"),
        starts_at=first,
        ends_at=ends,
        places={part: _number(typed.get(part.value, 5), 0, MOST_PLACES, "plan_places") or 0 for part in Part},
        rule=_read_rule(typed, first.astimezone(ZoneInfo(zone)).date()),
        building_id=typed.choice("building") if typed.get("building") else None,
        qualification=typed.get("qualification", 40),
        minimum_age=_number(typed.get("minimum_age", 2), YOUNGEST, OLDEST, "plan_age"),
        closes_minutes=CLOSES.get(typed.get("closes"), 60),
        cancel_minutes=CANCELS.get(typed.get("cancels"), 720),
        confirm_minutes=CONFIRMS.get(typed.get("confirms"), DAY_MINUTES),
        remind_minutes=REMINDS.get(typed.get("reminds"), 120),
    )


def read_moment(day: str, clock: str, zone: str) -> datetime:
    """A day and a time of two fields in the zone. Raises Refused("plan_times")."""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    except ValueError as error:
        raise Refused("plan_times") from error
    if not in_reach(local.date()):
        raise Refused("plan_times")
    return local.astimezone(UTC)


def _read_rule(typed: Typed, first: date) -> str | None:
    often = typed.get("every", 20)
    if often not in set(Every):
        return None
    try:
        until = date.fromisoformat(typed.get("until", 10))
    except ValueError as error:
        raise Refused("plan_until") from error
    if not first <= until <= first + timedelta(days=366):
        raise Refused("plan_until")
    return make_rule(Every(often), first, until)


def _number(text: str, least: int, most: int, refusal: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise Refused(refusal)
    return int(text)
