"""The form of a plan as staff fill it in, read into what the use-case takes; times are on the community's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from community.activities.models import DAY_MINUTES, Activity, Part, Shift
from community.activities.queries import ShiftLine
from community.activities.repeating import Every, make_rule
from community.activities.usecases.planning import MOST_A_DAY, Plan, Times, is_same_date
from community.errors import Refused
from web.staff.days import in_reach
from web.staff.forms import Typed

CLOSES: Mapping[str, int] = MappingProxyType(
    {"0": 0, "60": 60, "720": 720, "1440": DAY_MINUTES, "2880": 2880}
)
CANCELS: Mapping[str, int] = MappingProxyType({"0": 0, "720": 720, "1440": DAY_MINUTES, "2880": 2880})
CONFIRMS: Mapping[str, int] = MappingProxyType({"1440": DAY_MINUTES, "2880": 2880, "720": 720})
REMINDS: Mapping[str, int] = MappingProxyType({"120": 120, "60": 60, "180": 180})
OPENS: Mapping[str, int | None] = MappingProxyType(
    {"": None, "4320": 4_320, "10080": 10_080, "20160": 20_160, "43200": 43_200}
)
WARNS = (1, 2, 3, 5, 7, 14)
MOST_PLACES = 5_000
ROWS = ("", *(str(row) for row in range(2, MOST_A_DAY + 1)))
"""The shifts of a day: what stands behind the names of their fields."""
YOUNGEST, OLDEST = 1, 99


def read_plan(typed: Typed, zone: str) -> Plan:
    """The plan of a form. Raises Refused: plan_times, plan_places, plan_age, plan_until, plan_warns, choose_one."""
    times = sorted(_read_times(typed, zone))
    first, ends = times[0]
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
        later=tuple(times[1:]),
        places={part: _number(typed.get(part.value, 5), 0, MOST_PLACES, "plan_places") or 0 for part in Part},
        rule=_read_rule(typed, first.astimezone(ZoneInfo(zone)).date()),
        building_id=typed.choice("building") if typed.get("building") else None,
        qualification=typed.get("qualification", 40),
        minimum_age=_number(typed.get("minimum_age", 2), YOUNGEST, OLDEST, "plan_age"),
        team_id=typed.choice("team") if typed.get("team") else None,
        opens_minutes=OPENS.get(typed.get("opens")),
        warn_days=_number(typed.get("warns", 2), WARNS[0], WARNS[-1], "plan_warns") or 3,
        closes_minutes=CLOSES.get(typed.get("closes"), 60),
        cancel_minutes=CANCELS.get(typed.get("cancels"), 720),
        confirm_minutes=CONFIRMS.get(typed.get("confirms"), DAY_MINUTES),
        remind_minutes=REMINDS.get(typed.get("reminds"), 120),
    )


def _read_times(typed: Typed, zone: str) -> list[Times]:
    """From when to when the shifts of the day are; rows after the first may be empty."""
    rows = [(typed.get(f"starts{row}", 5), typed.get(f"ends{row}", 5)) for row in ROWS]
    return [_read_row(typed.get("date", 10), *row, zone) for row in rows if row == rows[0] or any(row)]


def _read_row(day: str, starts: str, ends: str, zone: str) -> Times:
    starts_at, ends_at = read_moment(day, starts, zone), read_moment(day, ends, zone)
    night = timedelta(days=1 if ends_at <= starts_at else 0)  # a watch through the night
    return starts_at, ends_at + night


def fill_form(activity: Activity, lines: Sequence[ShiftLine], zone: str) -> Mapping[str, str]:
    """An activity as the form shows it, with the times of its first day."""
    begins = lines[0].shift.starts_at
    kept = {
        "kind": activity.kind,
        "date": begins.astimezone(ZoneInfo(zone)).date().isoformat(),
        **_clocks([line.shift for line in lines if is_same_date(line.shift.starts_at, begins, zone)], zone),
        "building": activity.building_id,
        "team": activity.team_id,
        "opens": activity.opens_minutes,
        "closes": activity.closes_minutes,
        "cancels": activity.cancel_minutes,
        "confirms": activity.confirm_minutes,
        "reminds": activity.remind_minutes,
        "warns": activity.warn_days,
        **{name: getattr(activity, name) for name in _WORDS},
        **{part.value: places.places for part in Part if (places := lines[0].of(part))},
        **_rule_of(activity.rule),
    }
    return {name: "" if value is None else str(value) for name, value in kept.items()}


_WORDS = (
    "title_zh", "title_en", "words", "where_zh", "where_en", "bring", "contact", "qualification", "minimum_age",
)  # fmt: skip


def _clocks(shifts: Sequence[Shift], zone: str) -> Mapping[str, str]:
    return {
        f"{name}{row}": at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        for row, shift in zip(ROWS, shifts, strict=False)
        for name, at in (("starts", shift.starts_at), ("ends", shift.ends_at))
    }


def _rule_of(rule: str | None) -> Mapping[str, str]:
    if rule is None:
        return {}
    every = Every.MONTH if "MONTHLY" in rule else Every.TWO_WEEKS if "INTERVAL=2" in rule else Every.WEEK
    day = rule.partition("UNTIL=")[2][:8]
    return {"every": every.value, "until": f"{day[:4]}-{day[4:6]}-{day[6:]}"}


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
