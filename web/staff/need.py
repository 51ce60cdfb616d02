"""One need: facts, story, and acts that call one use-case each. A refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.queries import find_alert_of
from community.alerts.usecases import take_alert
from community.canned.usecases import count_canned_use
from community.clock import now
from community.conversations.queries import get_need_conversation
from community.errors import NotFound, Refused
from community.hotlines.models import Danger
from community.needs.models import NeedState, Visibility
from community.needs.queries import NeedPage, find_colleagues, find_parties, get_need_page
from community.needs.rights import may_see_contact
from community.needs.seen import mark_seen
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    assign_need,
    decline_need,
    hand_over_need,
    start_need,
)
from community.parties.models import PartyType
from community.parties.queries import get_workplace
from community.residents.queries import get_profile
from community.staff_reach.queries import is_same_person
from community.staff_reach.unreached import find_unreached
from community.wishes.models import ContactWay
from community.wishes.usecases import find_wish
from linli.text import TextRefused
from web.happened import tell_happened
from web.staff.acts import find_acts
from web.staff.desk import HOME, Changing, Desk, Looking, zone_of
from web.staff.due import find_due
from web.staff.offering import offer_canned
from web.staff.routes import ConsoleRoute
from web.staff.sharing import find_sharing
from web.staff.signs import find_steering
from web.staff.story import WAITING, tell_need
from web.staff.talking import find_talking
from web.staff.untold import find_telling

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("/{need_id}")
async def need_page(desk: Looking, need_id: UUID) -> Response:
    """The page; opening it makes the need seen, and a confidential view is logged."""
    async with desk.parts.sessions.begin() as session:
        return await _draw(session, desk, need_id)


@router.post("/{need_id}/take")
async def take(desk: Changing, need_id: UUID) -> Response:
    """Become the one who handles a confidential need, so that it can be read; one that waits is accepted."""
    return await act(desk, need_id, "take", lambda session: _take(session, desk, need_id))


@router.post("/{need_id}/accept")
async def accept(desk: Changing, need_id: UUID) -> Response:
    """The party takes it on."""
    return await act(desk, need_id, "accept", lambda session: accept_need(session, desk.actor, need_id))


@router.post("/{need_id}/start")
async def start(desk: Changing, need_id: UUID) -> Response:
    """Work begins."""
    return await act(desk, need_id, "start", lambda session: start_need(session, desk.actor, need_id))


@router.post("/{need_id}/assign")
async def assign(desk: Changing, need_id: UUID) -> Response:
    """Make a colleague the one who handles it."""
    return await act(
        desk,
        need_id,
        "assign",
        lambda session: assign_need(session, desk.actor, need_id, desk.typed.choice("staff_id")),
    )


@router.post("/{need_id}/hand-over")
async def hand_over(desk: Changing, need_id: UUID) -> Response:
    """Give it to another party; afterwards it may be out of sight."""
    typed = desk.typed
    return await act(
        desk,
        need_id,
        "hand_over",
        lambda session: hand_over_need(
            session, desk.actor, need_id, typed.choice("party_id"), typed.words("words")
        ),
        then=f"{HOME}?done=handed_over",
    )


@router.post("/{need_id}/decline")
async def decline(desk: Changing, need_id: UUID) -> Response:
    """Decline with a reason of the list; afterwards it may be out of sight."""
    return await act(
        desk,
        need_id,
        "decline",
        lambda session: decline_need(
            session,
            desk.actor,
            need_id,
            _reason(desk),
            desk.typed.words_if_any("words"),
            named_party_id=_named_party(desk),
        ),
        then=f"{HOME}?done=declined",
    )


async def act(desk: Desk, need_id: UUID, name: str, do: Do, then: str = "") -> Response:
    """Do it in one transaction; a refusal is drawn beside its form, with what was typed."""
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
            if desk.typed.get("canned_id"):
                await count_canned_use(session, desk.actor, desk.typed.choice("canned_id"))
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound) and error.message == NotFound.message:
            raise
        async with desk.parts.sessions.begin() as session:
            return await _draw(session, desk, need_id, refused=name, refusal=desk.say(error), status=422)
    return desk.go(then or f"{HOME}/{need_id}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    need_id: UUID,
    *,
    status: int = 200,
    refused: str = "",
    refusal: str = "",
) -> Response:
    page = await get_need_page(session, desk.actor, need_id)
    alert = await find_alert_of(session, need_id)
    rings = {
        "alert": alert,
        "unreached": await find_unreached(session, desk.actor.staff_id, alert.id) if alert else (),
    }
    own = await is_same_person(session, desk.actor.staff_id, page.line.need.resident_id)
    if not page.line.readable:
        facts = _facts(desk, page, own=own) | rings
        return await desk.draw(session, "masked.html", status=status, refusal=refusal, **facts)
    if desk.is_seen:
        await mark_seen(session, desk.actor, need_id)
    return await desk.draw(
        session,
        "need.html",
        status=status,
        refused=refused,
        refusal=refusal,
        new_id=uuid4,
        dangers=[danger for danger in Danger if danger is not Danger.DISTRESS],
        **rings,
        **_facts(desk, page, own=own),
        **await _read_more(session, desk, page),
    )


def _facts(desk: Desk, page: NeedPage, *, own: bool) -> dict[str, Any]:
    """What every page of a need shows; about an own matter nobody is offered anything."""
    return {
        "page": page,
        "line": page.line,
        "need": page.line.need,
        "due": find_due(page.line.need, now(), desk.language),
        "acts": frozenset[str]() if own else find_acts(desk.actor, page),
        "own_matter": own,
    }


async def _read_more(session: AsyncSession, desk: Desk, page: NeedPage) -> dict[str, Any]:
    need = page.line.need
    zone = zone_of(await get_workplace(session, desk.actor))
    said = await get_need_conversation(session, desk.actor, need)
    wish = await find_wish(session, need.id)
    contact = may_see_contact(desk.actor, need) and wish is not ContactWay.ANONYMOUS
    profile = await get_profile(session, need.resident_id)
    return {
        "story": tell_need(desk, page.events, said, zone),
        "on_the_way": any(line.state in WAITING for line in said),
        "profile": profile,
        "contact": contact,
        "offered": await offer_canned(session, desk, page, profile, contact=contact, zone=zone),
        "wish": wish,
        "happened": tell_happened(need, desk.language, zone, now()),
        "colleagues": await find_colleagues(session, desk.actor.party_id),
        "parties": await _find_receivers(session, page),
        "reasons": [reason for reason in DeclineReason if reason is not DeclineReason.ERRAND],
        **await find_telling(session, desk, need, profile, zone),
        **await find_sharing(session, page, wish, zone),
        **await find_talking(session, desk, need),
        **await find_steering(session, desk, page),
    }


async def _find_receivers(session: AsyncSession, page: NeedPage) -> list[Any]:
    """Parties to hand over to; a confidential need stays with social work."""
    need = page.line.need
    parties = await find_parties(session, need.community_id)
    confidential = need.visibility is Visibility.CONFIDENTIAL
    return [
        party
        for party in parties
        if party.id != need.lead_party_id and (not confidential or party.type is PartyType.SOCIAL_WORK_TEAM)
    ]


async def _take(session: AsyncSession, desk: Desk, need_id: UUID) -> object:
    alert = await find_alert_of(session, need_id)
    if alert is not None:
        return await take_alert(session, desk.actor, alert.id)
    need = await assign_need(session, desk.actor, need_id, desk.actor.staff_id)
    if need.state in (NeedState.ROUTED, NeedState.REOPENED):
        await accept_need(session, desk.actor, need_id)
    return need


def _named_party(desk: Desk) -> UUID | None:
    return desk.typed.choice("named_party_id") if desk.typed.get("named_party_id") else None


def _reason(desk: Desk) -> DeclineReason:
    try:
        return DeclineReason(desk.typed.get("reason"))
    except ValueError as error:
        raise Refused("choose_one") from error
