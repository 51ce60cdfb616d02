"""Activities for residents: what is on with a calendar, one shift, signing up and off by the chat's use-cases."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.activities.kinds import ACTIVITY_KINDS, get_activity_kind
from community.activities.models import Part, opening_of
from community.activities.photos import get_photo
from community.activities.queries import ShiftLine, find_followed, find_open_shifts, get_shift_line
from community.activities.repeating import say_rule
from community.activities.usecases.following import follow_kind, unfollow_kind
from community.clock import now
from community.errors import NotFound, Refused
from community.signups.queries import OwnSignUp, find_own_in, get_own
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.arriving import is_open
from community.signups.usecases.joining import MOST_COMPANIONS, Comer, join_shift
from community.signups.usecases.waiting import accept_offer
from web.calendars import Date, calendar_file
from web.files import send_file
from web.parts import Held, Parts
from web.residents.drawing import draw, see_other
from web.residents.forms import Form, take_form
from web.residents.here import Here, find_here, get_resident_here

router = APIRouter()
AHEAD = timedelta(days=60)
MOST_LISTED = 200
WEEKS = 5
ACTIVITIES = "/m/activities"


@router.get("/m/activities", response_class=HTMLResponse)
async def activities(request: Request, parts: Held) -> HTMLResponse:
    """What is on in the next two months, by day; open to whoever has the community's link."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            return draw(request, parts, here, "no_community.html", {"tab": "activities"})
        lines = await find_open_shifts(session, here.community.id, now(), now() + AHEAD, most=MOST_LISTED)
        own = await _own(session, here, lines)
        followed = await find_followed(session, here.resident_id) if here.resident_id else set[str]()
    values = {
        "tab": "activities",
        "days": _by_day(here, lines),
        "weeks": _weeks(here, lines),
        "cut_at": MOST_LISTED if len(lines) == MOST_LISTED else None,
        "own": own,
        "kind_of": get_activity_kind,
        "kinds": list(ACTIVITY_KINDS.values()),
        "followed": followed,
    }
    return draw(request, parts, here, "activities.html", values)


@router.get("/m/activities/{shift_id}", response_class=HTMLResponse)
async def one_shift(request: Request, parts: Held, shift_id: UUID) -> HTMLResponse:
    """One shift with everything that may be done with it."""
    return await _draw(request, parts, shift_id)


@router.get("/m/activities/{shift_id}/calendar.ics")
async def shift_file(request: Request, parts: Held, shift_id: UUID) -> Response:
    """The shift for the calendar of a phone."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        line = await get_line(session, here, shift_id)
    return calendar_file(
        line.activity.title[here.language], [Date(line.shift, line.activity)], here.language, "shift"
    )


@router.get("/m/activities/{shift_id}/photo")
async def shift_photo(request: Request, parts: Held, shift_id: UUID) -> Response:
    """The activity's photo, for whoever may look at the activity."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        line = await get_line(session, here, shift_id)
        return await send_file(parts, await get_photo(session, line.activity))


@router.post("/m/activities/follow")
async def follow(request: Request, parts: Held) -> Response:
    """Want to hear of new activities of these kinds, and of no others."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        for kind in ACTIVITY_KINDS:
            await (follow_kind if form.fields.get(kind) else unfollow_kind)(session, resident_id, kind)
    return see_other(ACTIVITIES, "saved")


@router.post("/m/activities/{shift_id}/join")
async def join(request: Request, parts: Held, shift_id: UUID) -> Response:
    """Sign up with those who come along; a refusal stands on the same page."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    try:
        async with parts.sessions.begin() as session:
            await join_shift(
                session, resident_id, shift_id, _part(form), _comers(form), request_id=form.id("request_id")
            )
    except NotFound:
        raise
    except Refused as error:
        return await _draw(request, parts, shift_id, refusal=error)
    return see_other(f"{ACTIVITIES}/{shift_id}", "joined")


@router.post("/m/activities/signups/{sign_up_id}/{answer}")
async def answer(request: Request, parts: Held, sign_up_id: UUID, answer: str) -> Response:
    """Confirm, leave, or take the place that is kept."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        own = await get_own(session, resident_id, sign_up_id)
    await take_form(request, parts, resident_id)
    acts = {"confirm": confirm_sign_up, "leave": leave_sign_up, "accept": accept_offer}
    if answer not in acts:
        raise NotFound
    try:
        async with parts.sessions.begin() as session:
            await acts[answer](session, resident_id, sign_up_id)
    except NotFound:
        raise
    except Refused as error:
        return await _draw(request, parts, own.shift.id, refusal=error)
    done = {"confirm": "confirmed", "leave": "left", "accept": "joined"}
    return see_other(f"{ACTIVITIES}/{own.shift.id}", done[answer])


async def _draw(
    request: Request, parts: Parts, shift_id: UUID, refusal: Refused | None = None
) -> HTMLResponse:
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        line = await get_line(session, here, shift_id)
        own = (await _own(session, here, [line])).get(shift_id)
    closes = line.shift.starts_at - timedelta(minutes=line.activity.closes_minutes)
    opens = opening_of(line.activity, line.shift)
    is_early = opens is not None and opens > now()
    problem = render_text(refusal.message, here.language, refusal.values, here.zone) if refusal else ""
    values = {
        "tab": "activities",
        "line": line,
        "own": own,
        "problem": problem,
        "closes": closes,
        "opens": opens if is_early else None,
        "is_open": is_open(line.shift, now()),
        "may_swap": own is not None and own.is_coming and own.places.part is Part.VOLUNTEER,
        "may_join": own is None
        and closes > now()
        and not is_early
        and line.shift.cancelled_at is None
        and _stands(line),
        "most": MOST_COMPANIONS,
        "request_id": uuid4(),
        "rule": say_rule(line.activity.rule, here.language) if line.activity.rule else "",
        "kind": get_activity_kind(line.activity.kind),
    }
    return draw(request, parts, here, "shift.html", values, status=422 if refusal else 200)


def _stands(line: ShiftLine) -> bool:
    return line.activity.state.value == "published"


async def get_line(session: AsyncSession, here: Here, shift_id: UUID) -> ShiftLine:
    """A shift of the person's community; raises NotFound."""
    if here.community is None:
        raise NotFound
    return await get_shift_line(session, here.community.id, shift_id)


async def _own(session: AsyncSession, here: Here, lines: list[ShiftLine]) -> dict[UUID, OwnSignUp]:
    if here.resident_id is None:
        return {}
    return await find_own_in(session, here.resident_id, [line.shift.id for line in lines])


def _part(form: Form) -> Part:
    told = form.fields.get("part", "")
    return Part(told) if told in set(Part) else Part.VOLUNTEER


def _comers(form: Form) -> list[Comer]:
    """Adults and children who come along, as many as were chosen; too many are refused by the use-case."""
    old_enough = bool(form.fields.get("old_enough"))
    adults = [Comer("guest")] * _many(form, "adults")
    return [*adults, *[Comer("child", is_child=True, old_enough=old_enough)] * _many(form, "children")]


def _many(form: Form, name: str) -> int:
    typed = form.fields.get(name, "")
    return int(typed) if len(typed) == 1 and typed.isascii() and typed.isdigit() else 0


def _by_day(here: Here, lines: list[ShiftLine]) -> list[tuple[date, list[ShiftLine]]]:
    days: dict[date, list[ShiftLine]] = {}
    for line in lines:
        days.setdefault(_day(here, line), []).append(line)
    return sorted(days.items())


def _weeks(here: Here, lines: list[ShiftLine]) -> list[list[tuple[date, int]]]:
    """Five weeks from this Monday on, each day with how many shifts it has."""
    today = now().astimezone(ZoneInfo(here.zone)).date()
    monday = today - timedelta(days=today.weekday())
    counts: dict[date, int] = {}
    for line in lines:
        counts[_day(here, line)] = counts.get(_day(here, line), 0) + 1
    days = [monday + timedelta(days=index) for index in range(WEEKS * 7)]
    return [
        [(day, counts.get(day, 0)) for day in days[index : index + 7]] for index in range(0, len(days), 7)
    ]


def _day(here: Here, line: ShiftLine) -> date:
    return line.shift.starts_at.astimezone(ZoneInfo(here.zone)).date()
