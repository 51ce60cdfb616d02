"""The composer of a notice as staff fill it in, read into what use-cases take; times are on the community's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from community.activities.repeating import Every, make_rule
from community.clock import now
from community.errors import Refused
from community.notices.audiences import Audience, read_audience
from community.notices.models import Notice, NoticeUrgency
from community.notices.usecases.drafting import Draft
from community.residents.models import Language
from web.staff.days import in_reach
from web.staff.forms import Typed

LISTS = {
    "communities": "community-",
    "places": "place-",
    "follows": "follow-",
    "activities": "activity-",
    "tags": "tag-",
    "channels": "channel-",
    "without_places": "not_place-",
    "without_tags": "not_tag-",
}
"""Parts of an audience of which several can be ticked: each box is a field of its own with this prefix."""
_IDS = frozenset({"communities", "places", "without_places"})
KEPT = "kept-"
MOST_CHOSEN = 2_000


def read_draft(typed: Typed, zone: str) -> Draft:
    """The notice of a form. Raises Refused: notice_times, plan_until, choose_one, audience_ages, audience_unclear."""
    send_at = None
    if typed.get("when") == "at":
        send_at = read_moment(typed.get("send_date", 10), typed.get("send_time", 5), zone)
    return Draft(
        category=typed.get("category", 40),
        title_zh=typed.again("title_zh"),
        text_zh=typed.again("text_zh"),
        title_en=typed.again("title_en"),
        text_en=typed.again("text_en"),
        valid_until=read_moment(typed.get("valid_date", 10), typed.get("valid_time", 5), zone),
        urgency=NoticeUrgency.URGENT if typed.get("urgent") else NoticeUrgency.NORMAL,
        public=bool(typed.get("public")),
        need_receipt=bool(typed.get("need_receipt")),
        help_button=bool(typed.get("help_button")),
        activity_id=typed.choice("activity") if typed.get("activity", 40) else None,
        send_at=send_at,
        repeat=_read_rule(typed, send_at, zone),
        audience=read_chosen(typed),
    )


def read_chosen(typed: Typed) -> Audience:
    """The audience of a form, or of an address.

    Raises Refused("audience_unclear"), Refused("audience_too_many"), Refused("audience_ages").
    """
    stored: dict[str, object] = {name: _ticked(typed, prefix) for name, prefix in LISTS.items()}
    stored |= {name: typed.get(name, 40) for name in ("unconfirmed", "without_confirmed")}
    language = typed.get("language", 2)
    stored["language"] = language if language in set(Language) else None
    try:
        audience = read_audience(stored)
    except ValueError as error:
        raise Refused("audience_unclear") from error
    return replace(audience, age_from=_age(typed.get("age_from", 3)), age_to=_age(typed.get("age_to", 3)))


def chosen_fields(audience: Audience) -> dict[str, str]:
    """The fields that `read_chosen` reads this audience from."""
    fields = {f"{prefix}{value}": "1" for name, prefix in LISTS.items() for value in getattr(audience, name)}
    for name in ("unconfirmed", "without_confirmed", "age_from", "age_to", "language"):
        value = getattr(audience, name)
        if value is not None:
            fields[name] = value.value if isinstance(value, Language) else str(value)
    return fields


def query_of(audience: Audience) -> str:
    """The audience as the query of an address, in the order of the fields."""
    return urlencode(sorted(chosen_fields(audience).items()))


def fields_of_notice(notice: Notice, audience: Audience, zone: str) -> Mapping[str, str]:
    """The form as it was filled in for this notice."""
    until = notice.valid_until.astimezone(ZoneInfo(zone))
    fields = {
        "category": notice.category,
        "title_zh": notice.title_zh,
        "title_en": notice.title_en or "",
        "text_zh": notice.text_zh,
        "text_en": notice.text_en or "",
        "valid_date": until.date().isoformat(),
        "valid_time": until.strftime("%H:%M"),
        "activity": str(notice.activity_id or ""),
        "version": str(notice.version),
        "when": "at" if notice.send_at else "now",
    }
    flags = {"public": notice.public, "need_receipt": notice.need_receipt, "help_button": notice.help_button}
    fields |= {name: "1" for name, is_set in flags.items() if is_set}
    if notice.urgency is NoticeUrgency.URGENT:
        fields["urgent"] = "1"
    if notice.send_at is not None:
        begins = notice.send_at.astimezone(ZoneInfo(zone))
        fields |= {"send_date": begins.date().isoformat(), "send_time": begins.strftime("%H:%M")}
    return fields | _rule_fields(notice.repeat) | chosen_fields(audience)


def first_fields(zone: str) -> dict[str, str]:
    """An empty form: valid until the evening after tomorrow, sent when it is approved, open to everybody."""
    day = now().astimezone(ZoneInfo(zone)).date() + timedelta(days=2)
    return {
        "category": "utilities",
        "valid_date": day.isoformat(),
        "valid_time": "18:00",
        "when": "now",
        "public": "1",
    }


def kept_files(typed: Typed) -> Sequence[UUID]:
    """The files of the notice that stay ticked."""
    try:
        return [UUID(code) for code in _ticked(typed, KEPT)]
    except ValueError as error:
        raise Refused("choose_one") from error


def read_moment(day: str, clock: str, zone: str) -> datetime:
    """A day and a time of two fields in the zone. Raises Refused("notice_times")."""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    except ValueError as error:
        raise Refused("notice_times") from error
    if not in_reach(local.date()):
        raise Refused("notice_times")
    return local.astimezone(UTC)


def _ticked(typed: Typed, prefix: str) -> tuple[str, ...]:
    found = [
        name.removeprefix(prefix) for name, value in typed.fields.items() if name.startswith(prefix) and value
    ]
    if len(found) > MOST_CHOSEN:
        raise Refused("audience_too_many", most=MOST_CHOSEN)
    return tuple(sorted(found))


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Refused("audience_ages")
    return int(text)


def _read_rule(typed: Typed, send_at: datetime | None, zone: str) -> str | None:
    often = typed.get("every", 20)
    if often not in set(Every) or send_at is None:
        return None
    first = send_at.astimezone(ZoneInfo(zone)).date()
    try:
        until = date.fromisoformat(typed.get("repeat_until", 10))
    except ValueError as error:
        raise Refused("plan_until") from error
    if not first <= until <= first + timedelta(days=366):
        raise Refused("plan_until")
    return make_rule(Every(often), first, until)


def _rule_fields(rule: str | None) -> dict[str, str]:
    if rule is None:
        return {}
    until = rule.partition("UNTIL=")[2][:8]
    every = Every.MONTH if "MONTHLY" in rule else Every.TWO_WEEKS if "INTERVAL=2" in rule else Every.WEEK
    return {"every": every.value, "repeat_until": f"{until[:4]}-{until[4:6]}-{until[6:]}"}
