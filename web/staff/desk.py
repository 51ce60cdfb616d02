"""What every route of the console gets: who is signed in, in which language, and how pages are drawn for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import name_moment, render_if_possible, render_text
from community.access.usecases import SessionTimes, SignedIn, find_signed_in
from community.actors import StaffActor
from community.alerts.queries import find_ringing
from community.clock import now
from community.errors import Refused
from community.needs.kinds import kind_of
from community.parties.queries import Workplace, get_workplace
from community.places.models import DEFAULT_ZONE
from community.residents import models as languages
from linli.settings import Settings
from linli.text import TextRefused
from web.origin import split_address
from web.pages import page
from web.parts import Held, Parts
from web.staff.cookies import find_token
from web.staff.forms import Typed, read_typed
from web.staff.menu import count_all, make_menu
from web.words import Language, Translate, words_for

BY_ITSELF = "x-linli-by-itself"  # a page that refreshes itself says so: that is nobody at work
HOME = "/staff/needs"


class SignInNeeded(Exception):
    """Nobody is signed in here; `ended` where somebody was."""

    def __init__(self, *, ended: bool) -> None:
        super().__init__()
        self.ended = ended


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of a signed-in staff member; `typed` holds the form of one that changes something."""

    request: Request
    parts: Parts
    me: SignedIn
    typed: Typed = field(default_factory=Typed)
    other_language: languages.Language | None = None

    @property
    def is_seen(self) -> bool:
        """False where a page in the background asked by itself."""
        return self.request.headers.get(BY_ITSELF) != "unseen"

    @property
    def actor(self) -> StaffActor:
        """Who acts, for the use-cases."""
        return self.me.actor

    @property
    def language(self) -> Language:
        """The language that the staff member chose, or the one of this page where it is another."""
        return (self.other_language or self.me.language).value

    def speaking(self, language: languages.Language | None) -> Desk:
        """The same desk for a page in this language."""
        return replace(self, other_language=language)

    @property
    def t(self) -> Translate:
        """Words of pages in that language."""
        return words_for(self.language)

    def say(self, error: Refused | TextRefused) -> str:
        """The words of a refusal."""
        if isinstance(error, TextRefused):
            return render_text(f"text_{error.reason}", self.language, {})
        return self.render(error.message, error.values) or render_text("refused", self.language, {})

    def render(self, message: str, values: dict[str, object], zone: str = DEFAULT_ZONE) -> str:
        """A message to a resident in the language of the console; empty where its words have changed since."""
        return render_if_possible(message, self.language, values, zone)

    async def draw(
        self, session: AsyncSession, name: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Draw templates/pages/staff/`name` in the console's frame."""
        workplace = await get_workplace(session, self.actor)
        zone, at = zone_of(workplace), now()
        counts = await count_all(session, self.actor)
        frame = {
            "me": self.me,
            "workplace": workplace,
            "moment": lambda moment: name_moment(moment, self.language, zone, at),
            "kind_name": lambda code: kind_of(code).name[self.language],
            "counts": counts,
            "menu": make_menu(self.actor, counts),
            "ringing": await find_ringing(session, self.actor),
            "now": now,
            "csrf": self.me.csrf,
            "typed": self.typed,
        }
        return page(self.request, f"staff/{name}", status=status, language=self.language, **frame, **values)

    def go(self, path: str) -> Response:
        """After a change: look at `path`. htmx is told to leave the page where it is another one."""
        here = split_address(self.request.headers.get("hx-current-url", "")).path
        if self.request.headers.get("hx-request") and urlsplit(path).path != here:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)


def zone_of(workplace: Workplace) -> str:
    """The zone in which times are shown."""
    return workplace.community.zone if workplace.community else DEFAULT_ZONE


def session_times(settings: Settings) -> SessionTimes:
    """When sessions end, from the settings."""
    return SessionTimes(
        idle=timedelta(minutes=settings.session_idle_minutes), longest=timedelta(hours=settings.session_hours)
    )


async def at_desk(request: Request, parts: Held) -> Desk:
    """Who is signed in. Raises SignInNeeded."""
    token = find_token(request, parts.settings)
    if token is None:
        raise SignInNeeded(ended=False)
    in_use = BY_ITSELF not in request.headers
    async with parts.sessions.begin() as session:
        me = await find_signed_in(session, token, session_times(parts.settings), in_use=in_use)
    if me is None:
        raise SignInNeeded(ended=True)
    return Desk(request, parts, me)


async def at_changing_desk(request: Request, parts: Held) -> Desk:
    """Who is signed in, with the form that came. Raises SignInNeeded, DoorRefused, BodyRefused."""
    desk = await at_desk(request, parts)
    return Desk(request, parts, desk.me, await read_typed(request, parts.settings, desk.me.csrf))


Looking = Annotated[Desk, Depends(at_desk)]
Changing = Annotated[Desk, Depends(at_changing_desk)]
