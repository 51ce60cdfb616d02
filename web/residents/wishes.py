"""What one wants to be told: categories, quiet hours, how many a day, a pause, and stopping, each a form of its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.contact.models import ContactPreference
from community.contact.queries import USUAL_QUIET, get_preference, quiet_of
from community.contact.usecases import set_follow, set_preference
from community.notices.following import find_followed, kinds_to_choose
from community.quiet import ENDS
from web.parts import Held
from web.refusals import DoorRefused
from web.residents.drawing import draw, draw_stranger, see_other
from web.residents.forms import Form, take_form
from web.residents.here import find_here, get_resident_here

router = APIRouter()
SETTINGS = "/m/me/notices"
STEP, DAY = 30, 24 * 60
MOST_A_DAY = (1, 2, 3, 5)
PAUSES = (3, 7, 30)
LONGEST_PAUSE = timedelta(days=366)
MORNING = ENDS


@router.get("/m/me/notices", response_class=HTMLResponse)
async def wishes(request: Request, parts: Held) -> HTMLResponse:
    """The page, with what holds now."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.resident_id is None:
            return draw_stranger(request, parts, here, "me")
        preference = await get_preference(session, here.resident_id)
        followed = await find_followed(session, here.resident_id)
    begins, ends = quiet_of(preference)
    values = {
        "tab": "me",
        "kinds": kinds_to_choose(),
        "followed": followed,
        "stopped": preference.notices_stopped_at is not None,
        "paused_until": _paused_until(preference),
        "begins": begins,
        "ends": ends,
        "clocks": [
            (minutes, tell_clock(minutes)) for minutes in sorted({*range(0, DAY, STEP), begins, ends})
        ],
        "most_a_day": preference.most_a_day,
        "choices": sorted({*MOST_A_DAY, *([preference.most_a_day] if preference.most_a_day else [])}),
        "pauses": PAUSES,
    }
    return draw(request, parts, here, "wishes.html", values)


@router.post("/m/me/notices/{what}")
async def change(request: Request, parts: Held, what: str) -> Response:
    """Keep one of the wishes: kinds, quiet, pause, stop, start."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        if what == "kinds":
            for kind in kinds_to_choose():
                await set_follow(session, resident_id, kind.code, follows=bool(form.fields.get(kind.code)))
        elif what == "quiet":
            await _keep_times(session, resident_id, form)
        elif what == "pause":
            await set_preference(session, resident_id, paused_until=_read_pause(form, here.zone))
        elif what == "stop":
            await set_preference(session, resident_id, notices_stopped_at=now())
        elif what == "start":
            await set_preference(session, resident_id, notices_stopped_at=None, paused_until=None)
        else:
            raise DoorRefused(404, "not_found")
    return see_other(SETTINGS, "saved")


async def _keep_times(session: AsyncSession, resident_id: UUID, form: Form) -> None:
    begins, ends, most = (_number(form, name) for name in ("begins", "ends", "most"))
    quiet = None if (begins, ends) == USUAL_QUIET else (begins, ends)
    await set_preference(session, resident_id, quiet=quiet, most_a_day=most or None)


def _read_pause(form: Form, zone: str) -> datetime:
    """The morning of the day that was chosen or typed, in the community's zone."""
    today = now().astimezone(ZoneInfo(zone)).date()
    if days := form.fields.get("days", ""):
        until = today + timedelta(days=_number(form, "days") if days.isdigit() else 0)
    else:
        try:
            until = date.fromisoformat(form.fields.get("until", ""))
        except ValueError as error:
            raise DoorRefused(400, "request_unreadable") from error
    if not today < until <= today + LONGEST_PAUSE:
        raise DoorRefused(400, "request_unreadable")
    return datetime.combine(until, MORNING, ZoneInfo(zone))


def _number(form: Form, name: str) -> int:
    typed = form.fields.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        raise DoorRefused(400, "request_unreadable")
    return int(typed)


def _paused_until(preference: ContactPreference) -> datetime | None:
    until = preference.paused_until
    return until if until is not None and until > now() else None


def tell_clock(minutes: int) -> str:
    """8:00, 21:30."""
    return f"{minutes // 60}:{minutes % 60:02}"
