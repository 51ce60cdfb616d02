"""Shifts as iCalendar files (RFC 5545), for calendars of phones: one shift, a community's, or a person's own.

The times are in UTC, so that no calendar has to know the zone; a shift that is called off says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fastapi.responses import Response
from icalendar import Calendar, Event, vText

from channels.render import in_language
from community.activities.models import Activity, Shift
from community.clock import now

MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Date:
    """A shift in a calendar; `note` is what is said of it beside the activity's own words."""

    shift: Shift
    activity: Activity
    note: str = ""


def calendar_file(name: str, dates: Iterable[Date], language: str, filename: str) -> Response:
    """The file with these dates. It is for the person alone, so nobody on the way keeps it."""
    content = make_calendar(name, dates, language, now())
    headers = {"Content-Disposition": f'inline; filename="{filename}.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def make_calendar(name: str, dates: Iterable[Date], language: str, at: datetime) -> bytes:
    """The bytes of a calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Linli//activities//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for date in dates:
        calendar.add_component(_event(date, language, at))
    content: bytes = calendar.to_ical()
    return content


def _event(date: Date, language: str, at: datetime) -> Event:
    shift, activity = date.shift, date.activity
    words = "\n".join(filter(None, (activity.words, activity.bring, activity.contact, date.note)))
    event = Event()
    event.add("uid", f"{shift.id}@linli")
    event.add("dtstamp", at)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("sequence", shift.moves)
    event.add("summary", in_language(activity.title, language))
    event.add("location", vText(in_language(activity.where, language)))
    event.add("description", words)
    if shift.cancelled_at is not None:
        event.add("status", "CANCELLED")
    return event
