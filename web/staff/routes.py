"""How routes of the console answer what goes wrong: sign in and come back, or calm words in the console's frame."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from community.errors import NotFound, Refused
from web.origin import split_address
from web.refusals import DoorRefused, door_of, say_when, status_of
from web.staff.desk import Desk, SignInNeeded, at_desk

log = structlog.get_logger()
SIGN_IN, FRONT = "/staff/sign-in", "/staff"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ConsoleRoute(APIRoute):
    """A route whose refusals are pages of the console."""

    def get_route_handler(self) -> Handler:
        """The handler, with the answers to what it raises."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await _handle_or_refuse(handle, request)
            except SignInNeeded as error:
                return _to_sign_in(request, ended=error.ended)

        return answer


async def _handle_or_refuse(handle: Handler, request: Request) -> Response:
    try:
        return await handle(request)
    except RequestValidationError:
        return await _refuse(request, NotFound())
    except (Refused, DoorRefused) as error:
        return await _refuse(request, error)


def safe_path(text: str) -> str:
    """Where to go after signing in: a path of the console, else its front door."""
    parts = split_address(text)
    ours = (
        not parts.scheme and not parts.netloc and (parts.path == "/staff" or parts.path.startswith("/staff/"))
    )
    elsewhere = parts.path.startswith(SIGN_IN) or any(sign in text for sign in ("\\", "//", "/.."))
    return text if ours and not elsewhere and text.isprintable() else FRONT


def _to_sign_in(request: Request, *, ended: bool) -> Response:
    query = {"next": safe_path(_where(request))} | ({"why": "ended"} if ended else {})
    address = f"{SIGN_IN}?{urlencode(query)}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _where(request: Request) -> str:
    """The page that the person looks at: for a form or htmx not the address that was asked."""
    shown = request.headers.get("hx-current-url") or (
        request.headers.get("referer", "") if request.method == "POST" else str(request.url)
    )
    parts = split_address(shown)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def _refuse(request: Request, error: Refused | DoorRefused) -> Response:
    desk: Desk = await at_desk(request, request.app.state.parts)
    status = error.status if isinstance(error, DoorRefused) else status_of(error)
    log.info("refused", door=door_of(request), status=status, error=error.message)
    words = desk.render(error.message, dict(error.values)) or desk.render("refused", {})
    async with desk.parts.sessions() as session:
        return say_when(await desk.draw(session, "refusal.html", status=status, words=words), error)
