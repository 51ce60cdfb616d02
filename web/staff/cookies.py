"""The two cookies of the console: one names a staff session, the other guards the forms before anybody is signed in."""

from __future__ import annotations

import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

from linli.settings import Settings

_SESSION, _FORM = "linli-staff", "linli-staff-form"


def find_token(connection: HTTPConnection, settings: Settings) -> str | None:
    """The token of the session that this browser says it has."""
    return connection.cookies.get(_name(_SESSION, settings)) or None


def give_token(response: Response, settings: Settings, token: str) -> None:
    """Let the browser keep the session until it is closed; the server ends it earlier."""
    name = _name(_SESSION, settings)
    response.set_cookie(name, token, path="/", secure=settings.secure, httponly=True, samesite="lax")


def take_token(response: Response, settings: Settings) -> None:
    """Let the browser forget the session."""
    name = _name(_SESSION, settings)
    response.delete_cookie(name, path="/", secure=settings.secure, httponly=True, samesite="lax")


def form_secret(connection: HTTPConnection, settings: Settings) -> str:
    """What the forms of this browser carry before it has a session; made now where there is none."""
    return connection.cookies.get(_name(_FORM, settings)) or secrets.token_urlsafe(24)


def give_form_secret(response: Response, settings: Settings, secret: str) -> None:
    """Let the browser keep the secret, so that the form comes back together with it."""
    name = _name(_FORM, settings)
    response.set_cookie(name, secret, path="/", secure=settings.secure, httponly=True, samesite="strict")


def _name(name: str, settings: Settings) -> str:
    return f"__Host-{name}" if settings.secure else name
