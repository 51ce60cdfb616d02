"""Who is talking in the web chat: a signed cookie names the browser; it stands for one address of the channel `web`.

The row in the database is made with the first message, so a visitor who only looks leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from fastapi.responses import Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection

from linli.settings import Settings

CHANNEL = "web"
LASTS = 60 * 60 * 24 * 400  # browsers keep no cookie for longer


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser; `community` is the code of the community whose link or QR brought it here, where one did."""

    id: UUID
    community: str | None = None

    @property
    def outside_id(self) -> str:
        """How the channel `web` knows this browser."""
        return str(self.id)


class Identity:
    """Reads and gives the cookie; `__Host-` and Secure where the public address is https."""

    def __init__(self, settings: Settings) -> None:
        self.cookie = "__Host-linli" if settings.secure else "linli"
        self._secure = settings.secure
        self._signer = URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="web visitor")

    def find(self, connection: HTTPConnection) -> Visitor | None:
        """The visitor of a request or websocket; None without a cookie, and for a forged or outworn one."""
        try:
            number, community = self._signer.loads(connection.cookies.get(self.cookie, ""), max_age=LASTS)
            return Visitor(UUID(hex=number), community)
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None

    def meet(self, connection: HTTPConnection, community: str | None) -> Visitor:
        """The visitor, or a new one; `community` is the code in the link, where it has one."""
        visitor = self.find(connection) or Visitor(uuid4())
        return replace(visitor, community=community) if community else visitor

    def give(self, response: Response, visitor: Visitor) -> None:
        """Set the cookie anew, so that it lasts from this visit on."""
        value = self._signer.dumps([visitor.id.hex, visitor.community])
        response.set_cookie(
            self.cookie, value, max_age=LASTS, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
