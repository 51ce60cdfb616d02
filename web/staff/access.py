"""In and out of the console: sign in, the first password by invitation, sign out, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.access.invitations import find_invited, set_first_password
from community.access.second_factor import begin_second_factor
from community.access.usecases import (
    SignInLimits,
    check_sign_in,
    choose_staff_language,
    close_session,
    open_session,
)
from community.errors import Refused, TooMany
from community.residents.models import Language as Tongue
from web.origin import client_address
from web.pages import keep_language, page, page_language
from web.parts import Held
from web.refusals import DoorRefused
from web.staff.cookies import (
    find_token,
    form_secret,
    give_form_secret,
    give_token,
    take_token,
)
from web.staff.desk import Changing, session_times
from web.staff.forms import Typed, read_typed
from web.staff.routes import SIGN_IN, ConsoleRoute, safe_path
from web.words import Language, language_of

router = APIRouter(route_class=ConsoleRoute, prefix="/staff")
WHYS = ("ended", "out")
SECOND_FACTOR = "/staff/second-factor"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the token for the cookie, and whether it opens the console already."""

    token: str
    whole: bool = True


class Visit:
    """A request of somebody who is not signed in, in the language that the page shows."""

    def __init__(self, request: Request, parts: Held, language: Annotated[str, Query()] = "") -> None:
        self.request, self.parts = request, parts
        self.settings = parts.settings
        self.language: Language = language_of(language) if language else page_language(request)
        self.secret = form_secret(request, parts.settings)

    async def read(self) -> Typed:
        """The form. Raises DoorRefused where it may be somebody else's."""
        return await read_typed(self.request, self.settings, self.secret)

    def draw(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Draw templates/pages/staff/`template` with what every form here needs."""
        drawn = page(
            self.request,
            f"staff/{template}",
            status=status,
            language=self.language,
            csrf=self.secret,
            **values,
        )
        give_form_secret(drawn, self.settings, self.secret)
        return drawn

    def say(self, error: Refused | DoorRefused) -> str:
        """The words of a refusal."""
        return render_text(error.message, self.language, error.values)


Visiting = Annotated[Visit, Depends(Visit)]


@router.get("/sign-in")
async def sign_in_page(visit: Visiting, next: str = "", why: str = "") -> Response:  # noqa: A002 - its name outside
    """The form, with a kind word for who was signed in before."""
    return _draw_sign_in(visit, next, why=why if why in WHYS else "")


@router.post("/sign-in")
async def sign_in(visit: Visiting) -> Response:
    """Check name and password; the same words for an unknown name and a wrong password."""
    try:
        typed = await visit.read()
    except DoorRefused as error:
        return _draw_sign_in(visit, refusal=visit.say(error), status=error.status)
    try:
        opened = await _sign_in(visit, typed.get("name"), typed.secret("password"))
    except TooMany as error:
        drawn = _draw_sign_in(visit, typed.get("next"), typed.get("name"), visit.say(error), status=429)
        drawn.headers["Retry-After"] = str(error.wait)
        return drawn
    if opened is None:
        wrong = render_text("sign_in_wrong", visit.language, {})
        return _draw_sign_in(visit, typed.get("next"), typed.get("name"), wrong, status=422)
    return enter(visit, opened, safe_path(typed.get("next", 500)))


@router.get("/invitation/{token}")
async def invitation_page(visit: Visiting, token: str) -> Response:
    """Choose the first password, or read that the link is over."""
    return await _draw_invitation(visit, token)


@router.post("/invitation/{token}")
async def accept_invitation(visit: Visiting, token: str) -> Response:
    """Set the password and come in."""
    try:
        typed = await visit.read()
        password = typed.secret("password")
        if password != typed.secret("again"):
            raise Refused("passwords_differ")
        async with visit.parts.sessions.begin() as session:
            staff_id = await set_first_password(session, token, password)
            opened = await _open(session, visit, staff_id)
    except (Refused, DoorRefused) as error:
        return await _draw_invitation(visit, token, refusal=visit.say(error), status=422)
    return enter(visit, opened, "/staff")


@router.post("/sign-out")
async def sign_out(desk: Changing) -> Response:
    """End the session on both sides."""
    token = find_token(desk.request, desk.parts.settings) or ""
    async with desk.parts.sessions.begin() as session:
        await close_session(session, token)
    answer = RedirectResponse(f"{SIGN_IN}?why=out", 303)
    take_token(answer, desk.parts.settings)
    return answer


@router.post("/language")
async def choose(desk: Changing) -> Response:
    """The console speaks this language to the signed-in person from now on."""
    language = Tongue(language_of(desk.typed.get("language")))
    async with desk.parts.sessions.begin() as session:
        await choose_staff_language(session, desk.actor, language)
    answer = RedirectResponse(safe_path(desk.typed.get("next", 500)), 303)
    keep_language(answer, language.value, secure=desk.parts.settings.secure)
    return answer


async def _sign_in(visit: Visit, name: str, password: str) -> Opened | None:
    """A new session, or None; a failure is committed, so that it counts."""
    limits = SignInLimits(visit.settings.sign_in_failures_user, visit.settings.sign_in_failures_address)
    address = client_address(visit.request, visit.settings.proxies)
    async with visit.parts.sessions.begin() as session:
        staff_id = await check_sign_in(session, name, password, address, limits)
        return await _open(session, visit, staff_id) if staff_id else None


async def _open(session: AsyncSession, visit: Visit, staff_id: UUID) -> Opened:
    """A new session, whole or half; the one that this browser had before ends."""
    if before := find_token(visit.request, visit.settings):
        await close_session(session, before)
    half = visit.settings.second_factor and await begin_second_factor(session, staff_id)
    token = await open_session(session, staff_id, session_times(visit.settings), whole=not half)
    return Opened(token, whole=not half)


def enter(visit: Visit, opened: Opened, path: str) -> Response:
    """Go to `path`, by way of the page that asks for the second factor where that is missing."""
    way = path if opened.whole else f"{SECOND_FACTOR}?{urlencode({'next': path})}"
    answer = RedirectResponse(way, 303)
    give_token(answer, visit.settings, opened.token)
    return answer


def _draw_sign_in(
    visit: Visit, next_path: str = "", name: str = "", refusal: str = "", *, status: int = 200, why: str = ""
) -> Response:
    return visit.draw(
        "sign_in.html", status=status, next=safe_path(next_path), typed_name=name, refusal=refusal, why=why
    )


async def _draw_invitation(visit: Visit, token: str, refusal: str = "", status: int = 200) -> Response:
    async with visit.parts.sessions() as session:
        staff = await find_invited(session, token)
    if staff is None:
        return visit.draw("invitation_over.html", status=404 if status == 200 else status)
    return visit.draw(
        "invitation.html", status=status, staff=staff, refusal=refusal, address=f"/staff/invitation/{token}"
    )
