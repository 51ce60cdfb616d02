"""Links from a chat to residents' pages: signed for one resident, good for a quarter of an hour and nothing else.

Made where a message is rendered for a channel whose people come in another browser; read at `/m/enter`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer

from linli.settings import Settings

LASTS_SECONDS = 15 * 60
HOME = "/m/needs"
_OURS = re.compile(r"/m(/[a-z0-9-]+)*")
_CONSOLE = re.compile(r"/staff(/[a-z0-9-]+)*")
_OPEN = re.compile(r"/m/notices/[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link says: whose pages, and which of them first."""

    resident_id: UUID
    to: str


def is_page(path: str) -> bool:
    """Whether a path is one of residents' pages, so that nobody is sent on to somewhere else."""
    return _OURS.fullmatch(path) is not None


class PageLinks:
    """Makes and reads the links of one deployment."""

    def __init__(self, settings: Settings) -> None:
        self._address = settings.address
        self._signer = URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="link to pages")

    def make(self, resident_id: UUID, to: str = HOME) -> str:
        """An absolute address that opens the resident's page `to` (a path under /m) within a quarter of an hour.

        A page of the console (under /staff) has a plain one, which signs nobody in, and so has an open notice, whose
        link is forwarded and read much later.
        """
        if _CONSOLE.fullmatch(to) or _OPEN.fullmatch(to):
            return f"{self._address}{to}"
        if not is_page(to):
            raise ValueError(f"not a residents' page: {to}")
        return f"{self._address}/m/enter?t={self._signer.dumps([resident_id.hex, to])}"

    def read(self, token: str) -> Invitation | None:
        """What a link says; None for a forged one and for one that is too old."""
        try:
            number, to = self._signer.loads(token, max_age=LASTS_SECONDS)
            return Invitation(UUID(hex=number), to)
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None
