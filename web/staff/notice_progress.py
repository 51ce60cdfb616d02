"""How far a notice is, live: sums, a chart by building, what failed and why; the reminder, the list to take away."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound, Refused
from community.notices.models import Notice
from community.notices.rights import OUT, owns
from community.notices.sending.models import NoticeSending
from community.notices.sending.progress import Counted
from community.notices.sending.reminding import is_reminded_today, remind_unconfirmed
from community.notices.sending.steps import get_zone
from community.notices.sending.taking import start_taking_people, take_people
from community.notices.usecases.steps import get_notice
from community.parties.models import Role
from community.parties.queries import get_workplace
from web.staff.charts import Chart, Row, Series, Shape, Tone, count
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.routes import ConsoleRoute
from web.staff.table import harmless, local
from web.staff.taking_away import CSV, XLSX, Rows, as_file, write_csv, write_xlsx
from web.words import Language, Translate

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/notices")
SERIES = (
    ("confirmed", Tone.ACCENT),
    ("not_answered", Tone.WORK),
    ("on_the_way", Tone.SOON),
    ("not_reached", Tone.LATE),
)
HEADINGS = ("home", "room", "name", "state", "reason", "channel", "queued", "sent", "confirmed", "by", "door")
MOST_IN_A_SHEET = 50_000
MOST_DRAWN = 40
"""More buildings stand in the table alone: nobody reads as many bars, and no canvas is as high."""
WIDTHS = (24, 8, 14, 12, 24, 10, 18, 18, 18, 12, 18)


@router.get("/{notice_id}/progress")
async def progress(desk: Looking, notice_id: UUID) -> Response:
    """The page. Raises NotFound."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, notice_id)


@router.post("/{notice_id}/remind")
async def remind(desk: Changing, notice_id: UUID) -> Response:
    """Remind those who have not confirmed; a refusal stands on the page."""
    try:
        async with desk.parts.sessions.begin() as session:
            await remind_unconfirmed(session, desk.actor, notice_id)
    except Refused as error:
        if isinstance(error, NotFound):
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, notice_id, refusal=desk.say(error), status=422)
    return desk.go(f"/staff/notices/{notice_id}/progress")


@router.get("/{notice_id}/people.csv")
async def people_csv(desk: Looking, notice_id: UUID) -> Response:
    """For other programs; however many they are, they are sent as they are read."""
    notice, zone = await _start(desk, notice_id, "csv")
    return as_file(*_names(desk, zone, "csv"), CSV, write_csv(_read(desk, notice, zone)))


@router.get("/{notice_id}/people.xlsx")
async def people_xlsx(desk: Looking, notice_id: UUID) -> Response:
    """For Excel and its like; a sheet is written whole before it is sent, so that it ends somewhere."""
    notice, zone = await _start(desk, notice_id, "xlsx", MOST_IN_A_SHEET)
    book = await write_xlsx(_read(desk, notice, zone), WIDTHS)
    return as_file(*_names(desk, zone, "xlsx"), XLSX, book)


async def _draw(
    session: AsyncSession, desk: Desk, notice_id: UUID, *, refusal: str = "", status: int = 200
) -> Response:
    notice = await get_notice(session, desk.actor, notice_id)
    sending = await session.get(NoticeSending, notice.id)
    found = await desk.parts.counts.find(session, desk.actor, notice)
    at, zone = now(), await get_zone(session, notice)
    return await desk.draw(
        session,
        "notice_progress.html",
        status=status,
        notice=notice,
        sending=sending,
        found=found,
        chart=draw_chart(desk.t, desk.language, found),
        reasons=[(state, say_reason(desk.t, reason), number) for state, reason, number in found.reasons],
        most_drawn=MOST_DRAWN,
        may_remind=owns(desk.actor, notice) and notice.need_receipt and notice.state in OUT,
        is_valid=notice.valid_until > at,
        reminded=sending is not None and is_reminded_today(sending, at, zone),
        by_name=desk.actor.role is Role.COMMITTEE,
        refusal=refusal,
    )


def draw_chart(t: Translate, language: Language, found: Counted) -> Chart:
    """A line a building: confirmed, delivered without an answer, on its way, not reached."""
    rows = [
        Row(
            place.name[language] if place.name else t("staff_notice_progress.no_home"),
            [count(getattr(place.count, name)) for name, _ in SERIES],
            n=place.count.people,
        )
        for place in found.places
    ]
    series = [Series(t(f"staff_notice_progress.{name}"), tone) for name, tone in SERIES]
    question, note = t("staff_notice_progress.by_place"), t("staff_notice_progress.by_place_note")
    return Chart("places", question, note, Shape.STACK, series, rows, found.count.people)


def say_reason(t: Translate, reason: str) -> str:
    """Why somebody did not get it, in words; a reason that has none is said as it is."""
    try:
        return t(f"staff_notice_progress.reason_{reason}")
    except KeyError:
        return reason


async def _start(desk: Desk, notice_id: UUID, form: str, most: int | None = None) -> tuple[Notice, str]:
    async with desk.parts.sessions.begin() as session:
        notice = await start_taking_people(session, desk.actor, notice_id, form, most)
        return notice, zone_of(await get_workplace(session, desk.actor))


async def _read(desk: Desk, notice: Notice, zone: str) -> Rows:
    """Headings, then a row a person."""
    t = desk.t
    yield [t(f"staff_notice_progress.column_{name}") for name in HEADINGS]
    async with desk.parts.sessions() as session:
        async for found in take_people(session, desk.actor, notice):
            zh, en, room, name, row = tuple(found)
            cells = (
                (zh if desk.language == "zh" else en) or "",
                room or "",
                name or "",
                t(f"staff_notice_progress.state_{row.state.value}"),
                say_reason(t, row.reason) if row.reason else "",
                row.channel or "",
                local(row.queued_at, zone),
                local(row.sent_at, zone),
                local(row.confirmed_at, zone),
                t(f"staff_notice_progress.by_{row.confirmed_by.value}") if row.confirmed_by else "",
                local(row.door_told_at, zone),
            )
            yield [harmless(cell) for cell in cells]


def _names(desk: Desk, zone: str, ending: str) -> tuple[str, str]:
    day = local(now(), zone)[:10]
    return f"{desk.t('staff_notice_progress.file')}-{day}.{ending}", f"linli-notice-{day}.{ending}"
