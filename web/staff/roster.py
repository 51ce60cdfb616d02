"""The duty roster: a week of a party with its gaps and holidays; shifts are added, changed, repeated and swapped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.calendar.china import DayKind
from community.clock import now
from community.errors import NotFound, Refused
from community.parties.models import Party
from community.places.models import DEFAULT_ZONE
from community.places.queries import find_communities
from community.roster.repeating import MOST_WEEKS, repeat_week
from community.roster.swaps import answer_swap, ask_swap, withdraw_swap
from community.roster.usecases import Times, add_shift, change_shift, remove_shift
from community.roster.weeks import Gap, Week, find_rosters, get_week
from linli.text import TextRefused
from web.staff.days import read_day
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute
from web.words import Language

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/roster")
ROSTER = "/staff/roster"
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def roster(desk: Looking, party: UUID | None = None, week: str = "") -> Response:
    """A week; the own party's and this week where nothing else is asked for."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, party, read_day(week))


@router.post("/{party_id}/shifts")
async def add(desk: Changing, party_id: UUID) -> Response:
    """Put a colleague on the roster."""
    return await _act(desk, party_id, lambda session: add_shift(session, desk.actor, party_id, _times(desk)))


@router.post("/{party_id}/shifts/{shift_id}")
async def change(desk: Changing, party_id: UUID, shift_id: UUID) -> Response:
    """Another colleague, day or hours."""
    return await _act(
        desk, party_id, lambda session: change_shift(session, desk.actor, shift_id, _times(desk))
    )


@router.post("/{party_id}/shifts/{shift_id}/remove")
async def remove(desk: Changing, party_id: UUID, shift_id: UUID) -> Response:
    """Take a shift off."""
    return await _act(desk, party_id, lambda session: remove_shift(session, desk.actor, shift_id))


@router.post("/{party_id}/repeat")
async def repeat(desk: Changing, party_id: UUID) -> Response:
    """The week that is shown, again in the next weeks."""
    weeks = _number(desk.typed.get("weeks", 3))
    monday = _monday(desk)
    return await _act(
        desk, party_id, lambda session: repeat_week(session, desk.actor, party_id, monday, weeks)
    )


@router.post("/{party_id}/shifts/{shift_id}/swap")
async def swap(desk: Changing, party_id: UUID, shift_id: UUID) -> Response:
    """Ask a colleague: the field holds the colleague, or the colleague's shift that is taken in return."""
    asked, _, in_return = desk.typed.get("with").partition(":")
    colleague, other = _id(asked), _id(in_return) if in_return else None
    return await _act(
        desk, party_id, lambda session: ask_swap(session, desk.actor, shift_id, colleague, other)
    )


@router.post("/{party_id}/swaps/{swap_id}")
async def answer(desk: Changing, party_id: UUID, swap_id: UUID) -> Response:
    """Agree, decline, or withdraw what one asked."""
    said = desk.typed.get("answer")
    if said == "withdraw":
        return await _act(desk, party_id, lambda session: withdraw_swap(session, desk.actor, swap_id))
    return await _act(
        desk, party_id, lambda session: answer_swap(session, desk.actor, swap_id, agree=said == "agree")
    )


async def _act(desk: Desk, party_id: UUID, do: Do) -> Response:
    """Do it in one transaction and look at the same week; a refusal is said above what was typed."""
    monday = _monday(desk)
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound) and error.message == NotFound.message:
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, party_id, monday, refusal=desk.say(error), status=422)
    return desk.go(f"{ROSTER}?party={party_id}&week={monday.isoformat()}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    party_id: UUID | None,
    week: date | None,
    *,
    refusal: str = "",
    status: int = 200,
) -> Response:
    rosters = await find_rosters(session, desk.actor)
    if not rosters:
        raise NotFound
    shown = await get_week(session, desk.actor, party_id or rosters[0].id, _start(week or _today()))
    today = now().astimezone(shown.zone).date()
    return await desk.draw(
        session,
        "roster.html",
        status=status,
        refusal=refusal,
        week=shown,
        rosters=rosters,
        names=await _name_rosters(session, desk, rosters),
        today=today,
        previous=shown.monday - timedelta(days=7),
        following=shown.monday + timedelta(days=7),
        gaps=[_say_gap(gap, shown, desk) for gap in shown.gaps if gap.until is None or gap.until > now()],
        say_day=lambda day: _say_day(day, desk.language),
        say_weekday=lambda day: format_date(day, "EEE", locale=desk.language),
        say_span=lambda shift: _say_span(shift.starts_at, shift.ends_at, shown, desk.language),
        most_weeks=MOST_WEEKS,
        holiday=DayKind.HOLIDAY,
        is_over=lambda shift: shift.ends_at <= now(),
        theirs=[
            (line.shift, line.staff)
            for day in shown.days
            for line in day.lines
            if line.shift
            and line.staff
            and line.staff.id != desk.actor.staff_id
            and line.shift.ends_at > now()
        ],
    )


async def _name_rosters(session: AsyncSession, desk: Desk, rosters: Sequence[Party]) -> dict[UUID, str]:
    """The parties' names; the street office sees several communities, so theirs stand before them."""
    language = desk.language
    if desk.actor.community_id:
        return {party.id: party.name[language] for party in rosters}
    where = {each.id: f"{each.name[language]} · " for each in await find_communities(session)}
    return {
        party.id: (where[party.community_id] if party.community_id else "") + party.name[language]
        for party in rosters
    }


def _say_gap(gap: Gap, week: Week, desk: Desk) -> str:
    """周六 18:00 – 周一 8:30, Sat 18:00 – Mon 8:30; the day once where it ends on the same."""
    since, until = (_say_moment(moment, week, desk.language) for moment in (gap.since, gap.until))
    if (
        gap.since
        and gap.until
        and gap.since.astimezone(week.zone).date() == gap.until.astimezone(week.zone).date()
    ):
        return f"{since}–{gap.until.astimezone(week.zone):%H:%M}"
    return desk.t("staff_roster.span", since=since, until=until)


def _say_moment(moment: datetime | None, week: Week, language: Language) -> str:
    if moment is None:
        return "…"
    local = moment.astimezone(week.zone)
    away = (local.date() - week.monday).days
    pattern = "EEE" if 0 <= away < 8 else ("M月d日 EEE" if language == "zh" else "EEE d MMM")
    return f"{format_date(local, pattern, locale=language)} {local:%H:%M}"


def _say_span(starts_at: datetime, ends_at: datetime, week: Week, language: Language) -> str:
    starts, ends = starts_at.astimezone(week.zone), ends_at.astimezone(week.zone)
    day = format_date(starts, "M月d日 EEE" if language == "zh" else "EEE d MMM", locale=language)
    return f"{day} {starts:%H:%M}–{ends:%H:%M}"


def _say_day(day: date, language: Language) -> str:
    return format_date(day, "M月d日" if language == "zh" else "d MMM", locale=language)


def _times(desk: Desk) -> Times:
    typed = desk.typed
    day = read_day(typed.get("day"))
    if day is None:
        raise Refused("times_unclear")
    try:
        return Times(
            typed.choice("staff_id"),
            day,
            time.fromisoformat(typed.get("opens")).replace(tzinfo=None),
            time.fromisoformat(typed.get("closes")).replace(tzinfo=None),
            typed.get("phone", 40),
        )
    except ValueError as error:
        raise Refused("times_unclear") from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("choose_one") from error


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _monday(desk: Desk) -> date:
    """The week that the form was on; this one where it does not say."""
    return _start(read_day(desk.typed.get("week")) or _today())


def _start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _today() -> date:
    """By the clock of the street: in the early morning it is still yesterday elsewhere."""
    return now().astimezone(ZoneInfo(DEFAULT_ZONE)).date()
