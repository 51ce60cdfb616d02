"""What presses: reminders of clocks, what the street has to decide, what is pushed onto a party, and who is away."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.clocks.queries import find_reminders
from community.consents.shared import find_shared
from community.errors import NotFound, Refused
from community.needs.models import Need
from community.needs.queries import find_parties
from community.parties.models import Party, Role, Share
from community.parties.queries import get_workplace
from community.parts.queries import find_party_parts
from community.routing.burdens import count_errands, count_pushed, find_pushed, find_undecided
from community.routing.matrix import find_shares
from community.routing.people import add_absence, end_absence, find_absences, find_loads, leads_party
from linli.text import TextRefused
from web.staff.days import in_reach
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff")
SINCE = timedelta(days=90)


@router.get("/reminders")
async def reminders(desk: Looking) -> Response:
    """The needs that the person, the party or the street is reminded of."""
    async with desk.parts.sessions() as session:
        found = await find_reminders(session, desk.actor)
        return await desk.draw(session, "reminders.html", reminders=found, at=now())


@router.get("/parts")
async def parts(desk: Looking) -> Response:
    """The parts that the party was asked for."""
    async with desk.parts.sessions() as session:
        lines, shared = await find_party_parts(session, desk.actor), await find_shared(session, desk.actor)
        return await desk.draw(session, "parts.html", lines=lines, shared=shared)


@router.get("/decide")
async def undecided(desk: Looking, decided: UUID | None = None) -> Response:
    """For the street office: what two parties declined, one click a need."""
    if desk.actor.role is not Role.STREET:
        raise NotFound
    async with desk.parts.sessions() as session:
        found = await find_undecided(session, desk.actor)
        parties = {line.community.id: await find_parties(session, line.community.id) for line in found}
        before = await _find_decided(session, desk, decided)
        return await desk.draw(
            session,
            "decide.html",
            undecided=found,
            parties=parties,
            decided=before,
            in_list=await _is_in_list(session, before),
        )


@router.get("/pushed")
async def pushed(desk: Looking) -> Response:
    """What came onto the party from others within three months, by whom and how."""
    since = now() - SINCE
    async with desk.parts.sessions() as session:
        return await desk.draw(
            session,
            "pushed.html",
            sums=await count_pushed(session, desk.actor, since),
            moves=await find_pushed(session, desk.actor, since),
            errands=await count_errands(session, desk.actor, since),
        )


@router.get("/absences")
async def absences(desk: Looking) -> Response:
    """Who of the party is away, and who has how much to do."""
    async with desk.parts.sessions() as session:
        return await _draw_absences(session, desk)


@router.post("/absences")
async def add(desk: Changing) -> Response:
    """Somebody will not be there."""
    typed = desk.typed
    try:
        async with desk.parts.sessions.begin() as session:
            zone = ZoneInfo(zone_of(await get_workplace(session, desk.actor)))
            starts, ends = (_read_moment(typed.get(name), zone) for name in ("starts", "ends"))
            await add_absence(
                session, desk.actor, typed.choice("staff_id"), starts, ends, typed.words_if_any("why")
            )
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await _draw_absences(session, desk, refusal=desk.say(error), status=422)
    return desk.go("/staff/absences")


@router.post("/absences/{absence_id}/end")
async def end(desk: Changing, absence_id: UUID) -> Response:
    """Back already, or not away after all."""
    async with desk.parts.sessions.begin() as session:
        await end_absence(session, desk.actor, absence_id)
    return desk.go("/staff/absences")


async def _find_decided(session: AsyncSession, desk: Desk, need_id: UUID | None) -> tuple[Need, Party] | None:
    """The need that was decided just now."""
    need = await session.get(Need, need_id) if need_id else None
    if need is None or need.routing_why != "street_decided" or need.lead_party_id is None:
        return None
    party = await session.get_one(Party, need.lead_party_id)
    return (need, party) if party.street_id == desk.actor.street_id else None


async def _is_in_list(session: AsyncSession, decided: tuple[Need, Party] | None) -> bool:
    """Whether the list says already what the street decided: then no line is to be made of it."""
    shares = await find_shares(session, decided[0]) if decided else ()
    return decided is not None and any(
        share is Share.LEAD and party.id == decided[1].id for party, share in shares
    )


async def _draw_absences(
    session: AsyncSession, desk: Desk, *, refusal: str = "", status: int = 200
) -> Response:
    at = now()
    leads = await leads_party(session, desk.actor)
    loads = await find_loads(session, desk.actor.party_id, at)
    return await desk.draw(
        session,
        "absences.html",
        status=status,
        loads=loads,
        absences=await find_absences(session, desk.actor.party_id, at),
        may_set={load.staff.id for load in loads if leads or load.staff.id == desk.actor.staff_id},
        refusal=refusal,
    )


def _read_moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused("absence_unclear") from error
    if not in_reach(moment.date()):
        raise Refused("absence_unclear")
    return moment.replace(tzinfo=zone)
