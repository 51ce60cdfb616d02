"""The pass that a signed link leaves in a browser: this resident's pages for half a day, nothing of the chat."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from linli.settings import Settings

LASTS_SECONDS = 12 * 60 * 60


class Passes:
    """Reads, gives and takes the cookie; `__Host-` and Secure where the public address is https."""

    def __init__(self, settings: Settings) -> None:
        self._cookie = "__Host-linli-pages" if settings.secure else "linli-pages"
        self._secure = settings.secure
        self._signer = URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="pass to pages")

    def find(self, connection: HTTPConnection) -> UUID | None:
        """The resident of the pass; None without one, and for a forged or outworn one."""
        try:
            number = self._signer.loads(connection.cookies.get(self._cookie, ""), max_age=LASTS_SECONDS)
            return UUID(hex=number)
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None

    def give(self, response: Response, resident_id: UUID) -> None:
        """Let this browser see the resident's pages."""
        response.set_cookie(
            self._cookie,
            str(self._signer.dumps(resident_id.hex)),
            max_age=LASTS_SECONDS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def take(self, response: Response) -> None:
        """Take the pass away."""
        response.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax")
