"""A part of a file, as phones ask for it that play a video: bytes from one place to another, else the whole."""

from __future__ import annotations

import re

from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


class InParts(Response):
    """An answer of which a request may ask for one part (RFC 9110, 14); whatever else it asks for gets the whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.headers["accept-ranges"] = "bytes"
        asked = _RANGE.fullmatch(Headers(scope=scope).get("range", ""))
        first, last = (int(asked[1]), int(asked[2] or len(self.body))) if asked else (1, 0)
        if first <= last:
            self._cut(first, last)
        await super().__call__(scope, receive, send)

    def _cut(self, first: int, last: int) -> None:
        whole = len(self.body)
        if first >= whole:
            self.status_code, self.body, part = 416, b"", "*"
        else:
            last = min(last, whole - 1)
            self.status_code, self.body, part = 206, self.body[first : last + 1], f"{first}-{last}"
        self.headers["content-range"] = f"bytes {part}/{whole}"
        self.headers["content-length"] = str(len(self.body))
