"""The page between the password and the console: six digits of an authenticator app, and its QR code the first time."""

from __future__ import annotations

from io import BytesIO

import segno
from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from channels.render import render_text
from community.access.second_factor import Half, check_code, find_half
from community.access.usecases import SignInLimits
from community.errors import TooMany
from web.origin import client_address
from web.refusals import DoorRefused
from web.staff.access import SECOND_FACTOR, Opened, Visit, Visiting, enter
from web.staff.cookies import find_token
from web.staff.desk import session_times
from web.staff.routes import SIGN_IN, ConsoleRoute, safe_path

router = APIRouter(route_class=ConsoleRoute, prefix=SECOND_FACTOR)
GROUP = 4
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("")
async def code_page(visit: Visiting, next: str = "") -> Response:  # noqa: A002 - its name outside
    """Ask for the code; who has no app yet sets it up here."""
    half = await _find(visit)
    return _draw(visit, half, next) if half else RedirectResponse(SIGN_IN, 303)


@router.get("/key.svg")
async def key_picture(visit: Visiting) -> Response:
    """The QR code that an authenticator app reads, as long as no code was right yet."""
    half = await _find(visit)
    if half is None or half.address is None:
        return Response(status_code=404, headers=_NOT_KEPT)
    drawn = BytesIO()
    segno.make(half.address, error="m").save(drawn, kind="svg", scale=4, border=2, dark="#000", light="#fff")
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers=_NOT_KEPT)


@router.post("")
async def check(visit: Visiting) -> Response:
    """A right code opens the console; wrong ones count like wrong passwords."""
    half = await _find(visit)
    if half is None:
        return RedirectResponse(f"{SIGN_IN}?why=ended", 303)
    try:
        typed = await visit.read()
        token = await _check(visit, "".join(typed.get("code").split()))
    except DoorRefused as error:
        return _draw(visit, half, refusal=visit.say(error), status=error.status)
    except TooMany as error:
        drawn = _draw(visit, half, typed.get("next"), visit.say(error), status=429)
        drawn.headers["Retry-After"] = str(error.wait)
        return drawn
    if token is None:
        wrong = render_text("code_wrong", visit.language, {})
        return _draw(visit, half, typed.get("next"), wrong, status=422)
    return enter(visit, Opened(token), safe_path(typed.get("next", 500)))


async def _find(visit: Visit) -> Half | None:
    async with visit.parts.sessions() as session:
        return await find_half(session, find_token(visit.request, visit.settings) or "")


async def _check(visit: Visit, code: str) -> str | None:
    limits = SignInLimits(visit.settings.sign_in_failures_user, visit.settings.sign_in_failures_address)
    address = client_address(visit.request, visit.settings.proxies)
    token = find_token(visit.request, visit.settings) or ""
    async with visit.parts.sessions.begin() as session:
        return await check_code(session, token, code, address, limits, session_times(visit.settings))


def _draw(visit: Visit, half: Half, next_path: str = "", refusal: str = "", *, status: int = 200) -> Response:
    key = " ".join(half.key[start : start + GROUP] for start in range(0, len(half.key), GROUP))
    drawn = visit.draw(
        "second_factor.html",
        status=status,
        next=safe_path(next_path),
        refusal=refusal,
        staff=half,
        key=key if half.address else "",
    )
    drawn.headers.update(_NOT_KEPT)
    return drawn
