"""How the Bot API says no: a status, and a JSON body with `ok`, `error_code`, `description` and `parameters`."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse


class RefusedCall(Exception):
    """A call that is not done."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def answer(self) -> JSONResponse:
        """The answer of the API."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return JSONResponse(body, self.status)


def bad(words: str) -> RefusedCall:
    """400, as the platform words it."""
    return RefusedCall(400, f"Bad Request: {words}")


def too_many(seconds: int) -> RefusedCall:
    """429 with how long to wait."""
    return RefusedCall(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def moved(chat_id: int) -> RefusedCall:
    """400 with where the group is now."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return RefusedCall(400, words, migrate_to_chat_id=chat_id)
