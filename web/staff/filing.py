"""Filing a need for somebody who calls, comes by or writes: one form, in which Linli guesses what it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed, NotFound, Refused, TooMany
from community.needs.callers import KnownCaller, find_callers
from community.needs.kinds import KINDS
from community.needs.models import CameBy, Need, Urgency, Visibility
from community.needs.rights import may_read
from community.needs.usecases.filing import TOLD_TO_STAFF, Caller, Filing, file_need, find_filed
from community.needs.usecases.residents import Report
from community.needs.usecases.steps import name_party
from community.parties.models import Role
from community.places.matching import match_place
from community.places.models import Community
from community.places.queries import find_communities
from community.places.tree import PlaceNode
from community.places.trees import get_tree
from community.residents.models import Language
from linli.text import TextRefused, clean_text
from web.refusals import say_when
from web.staff.attaching import Attaching, keeping_files
from web.staff.desk import HOME, Desk, Looking
from web.staff.forms import Typed
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=f"{HOME}/new")
LONGEST_WORDS = 2000
LEAST_SURE = 0.3
Listed = TypeVar("Listed", CameBy, Urgency, Visibility)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the form says of the matter: the kind, whether Linli guessed it, how soon, and where on the tree."""

    kind: str = ""
    guessed: str = ""
    urgency: str = ""
    place: PlaceNode | None = None


@router.get("")
async def empty(desk: Looking, filed: str = "") -> Response:
    """The empty form; after filing what the filer may not read, its code above it."""
    code = clean_text(filed)[:10]
    async with desk.parts.sessions() as session:
        need = await find_filed(session, desk.actor, code) if code else None
        return await _draw(session, desk, filed=need)


@router.post("/look")
async def look(desk: Attaching) -> Response:
    """The form again, with who was found and what the words seem to be about; nothing is stored, no file either."""
    guess = await _guess(desk)
    async with desk.parts.sessions() as session:
        typed = desk.typed
        callers = await find_callers(
            session, desk.actor, phone=typed.get("phone", 30), code=typed.get("code", 10)
        )
        matter = await _read_matter(session, desk, guess)
        return await _draw(session, desk, matter=matter, callers=callers, looked=True)


@router.post("")
async def file(desk: Attaching) -> Response:
    """File it, once however often the form comes, with the photos and documents that somebody brought."""
    try:
        async with keeping_files(desk) as file_ids, desk.parts.sessions.begin() as session:
            filing = await _read_filing(session, desk, file_ids)
            need = await file_need(
                session,
                desk.actor,
                filing,
                desk.typed.id("request_id"),
                an_hour=desk.parts.settings.filings_per_hour,
            )
            readable = await may_read(session, desk.actor, need)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotAllowed) or (
            isinstance(error, NotFound) and error.message == NotFound.message
        ):
            raise
        async with desk.parts.sessions() as session:
            matter = await _read_matter(session, desk, None)
            status = 429 if isinstance(error, TooMany) else 422
            drawn = await _draw(session, desk, matter=matter, refusal=desk.say(error), status=status)
            return say_when(drawn, error)
    return desk.go(f"{HOME}/{need.id}" if readable else f"{HOME}/new?filed={need.code}")


async def _guess(desk: Desk) -> Matter:
    """What the bot makes of the words; what the clerk has chosen stays."""
    typed = desk.typed
    chosen, before = typed.get("kind"), typed.get("guessed")
    words = typed.get("words", LONGEST_WORDS)
    guess = await desk.parts.bot.guess(words) if words else None
    if guess is None or guess.kind not in KINDS or guess.confidence < LEAST_SURE:
        return Matter(chosen, before, typed.get("urgency"))
    kind = guess.kind if chosen in ("", before) else chosen
    urgency = Urgency.NORMAL if guess.urgency == Urgency.NORMAL else Urgency.URGENT
    if before or typed.get("urgency") == Urgency.URGENT:
        return Matter(kind, guess.kind, typed.get("urgency"))
    return Matter(kind, guess.kind, urgency.value)


async def _read_matter(session: AsyncSession, desk: Desk, guess: Matter | None) -> Matter:
    typed = desk.typed
    told = guess or Matter(typed.get("kind"), typed.get("guessed"), typed.get("urgency"))
    community_id = desk.actor.community_id or _community_of(typed)
    where = typed.get("place", 200) or typed.get("words", LONGEST_WORDS)
    place = (
        await _match(session, community_id, where, answer=bool(typed.get("place"))) if community_id else None
    )
    return Matter(told.kind, told.guessed, told.urgency, place)


async def _match(session: AsyncSession, community_id: UUID, text: str, *, answer: bool) -> PlaceNode | None:
    return match_place(text, await get_tree(session, community_id), answer=answer).place


async def _read_filing(session: AsyncSession, desk: Desk, file_ids: Sequence[UUID]) -> Filing:
    """The form. Raises Refused("choose_one"), TextRefused for a form without words."""
    typed = desk.typed
    community_id = desk.actor.community_id or _community_of(typed)
    if community_id is None:
        raise Refused("choose_one")
    words, where = typed.words("words"), typed.get("place", 200)
    place = await _match(session, community_id, where or words, answer=bool(where))
    home = typed.get("home", 100)
    lives = await _match(session, community_id, home, answer=True) if home else None
    chosen = typed.get("resident_id")
    caller = Caller(
        resident_id=typed.choice("resident_id") if chosen else None,
        name=typed.get("name", 40),
        phone=typed.get("phone", 30),
        home_id=lives.id if lives else None,
        language=Language.EN if typed.get("language") == Language.EN else Language.ZH,
    )
    report = Report(
        kind=typed.get("kind"),
        words=words,
        place_id=place.id if place else None,
        place_words=where or None,
        file_ids=tuple(file_ids),
        urgency=_one_of(Urgency, typed.get("urgency")) or Urgency.NORMAL,
        visibility=_one_of(Visibility, typed.get("visibility")),
    )
    if report.urgency is Urgency.CRISIS:
        raise Refused("choose_one")
    came_by = _one_of(CameBy, typed.get("came_by"))
    if came_by is None:
        raise Refused("choose_one")
    return Filing(came_by, caller, report, community_id)


def _one_of(members: type[Listed], code: str) -> Listed | None:
    try:
        return members(code)
    except ValueError:
        return None


def _community_of(typed: Typed) -> UUID | None:
    try:
        return UUID(typed.get("community"))
    except ValueError:
        return None


async def _name_lead(session: AsyncSession, desk: Desk, filed: Need | None) -> str:
    if filed is None:
        return ""
    return (await name_party(session, filed.lead_party_id))[desk.language]


async def _draw(
    session: AsyncSession,
    desk: Desk,
    *,
    matter: Matter | None = None,
    callers: Sequence[KnownCaller] = (),
    looked: bool = False,
    filed: Need | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    if desk.actor.role is Role.ADMIN:
        raise NotFound
    communities: Sequence[Community] = ()
    if desk.actor.community_id is None:
        communities = [
            each for each in await find_communities(session) if each.street_id == desk.actor.street_id
        ]
    return await desk.draw(
        session,
        "new_need.html",
        status=status,
        matter=matter or Matter(),
        callers=callers,
        looked=looked,
        filed=filed,
        filed_with=await _name_lead(session, desk, filed),
        refusal=refusal,
        communities=communities,
        ways=[way for way in CameBy if way in TOLD_TO_STAFF],
        kinds=sorted(KINDS.values(), key=lambda kind: kind.name[desk.language]),
        request_id=desk.typed.again("request_id") or uuid4(),
    )
