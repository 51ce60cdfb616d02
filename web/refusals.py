"""What is said when something is not done: each refusal has a status and the name of a message in the reader's words.

Nothing of the inside (stacks, queries, names of tables) goes out, and each refusal is one line in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from channels.render import render_text
from community.errors import NotAllowed, NotFound, Refused, TooMany, WrongState
from linli.database import is_passing
from linli.photos import PhotoRefused
from linli.text import TextRefused
from web.bodies import BodyRefused
from web.pages import page, page_language

log = structlog.get_logger()
RETRY_SECONDS = 2
_STATUS: Mapping[type[Refused], int] = {NotFound: 404, NotAllowed: 403, WrongState: 409, TooMany: 429}
_TEXT_STATUS = {"empty": 422, "too_long": 413}
_BODY = {"too_long": (413, "text_too_long"), "unreadable": (400, "request_unreadable")}
_PHOTO_STATUS = {"no_image": 415, "too_large": 413, "too_many_pixels": 413}


class DoorRefused(Exception):
    """The door itself refuses: `message` names the text, `status` is HTTP's."""

    def __init__(self, status: int, message: str, **values: object) -> None:
        super().__init__(message)
        self.status, self.message, self.values = status, message, values


def refusal(
    request: Request,
    status: int,
    message: str,
    values: Mapping[str, Any] | None = None,
    wait: int | None = None,
) -> Response:
    """The answer: a calm page for a person who opens an address, JSON `{"error", "text"}` for a script."""
    log.info("refused", door=door_of(request), status=status, error=message)
    words = render_text(message, page_language(request), values or {})
    headers = {"Retry-After": str(wait)} if wait else {}
    if "text/html" in request.headers.get("accept", ""):
        answer: Response = page(request, "refusal.html", status=status, words=words)
    else:
        answer = JSONResponse({"error": message, "text": words}, status)
    answer.headers.update(headers)
    return answer


def add_refusals(app: FastAPI) -> None:
    """Let every error of the domain, the door and the framework be answered in words."""
    for kind, answer in (
        (DoorRefused, _door),
        (Refused, _domain),
        (TextRefused, _text),
        (BodyRefused, _body),
        (PhotoRefused, _photo),
        (RequestValidationError, _unreadable),
        (HTTPException, _http),
        (DBAPIError, _database),
        (PoolTimeoutError, _away),
        (TimeoutError, _away),
        (OSError, _system),
        (UnicodeEncodeError, _unreadable),
        (Exception, _broken),
    ):
        app.add_exception_handler(kind, answer)  # type: ignore[arg-type]


def door_of(request: Request) -> str:
    """The pattern of the address for the log: what stands in its place, such as the token of a link, is not logged."""
    return str(getattr(request.scope.get("route"), "path", "unknown"))


async def _door(request: Request, error: DoorRefused) -> Response:
    return refusal(request, error.status, error.message, error.values)


def status_of(error: Refused) -> int:
    """The status of a refusal of the domain."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)


def say_when(answer: Response, error: Exception) -> Response:
    """The answer, with how long to wait where that helps."""
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.wait)
    return answer


async def _domain(request: Request, error: Refused) -> Response:
    return say_when(refusal(request, status_of(error), error.message, error.values), error)


async def _text(request: Request, error: TextRefused) -> Response:
    return refusal(request, _TEXT_STATUS[error.reason], f"text_{error.reason}")


async def _body(request: Request, error: BodyRefused) -> Response:
    return refusal(request, *_BODY[error.reason])


async def _photo(request: Request, error: PhotoRefused) -> Response:
    return refusal(request, _PHOTO_STATUS[error.reason], f"photo_{error.reason}")


async def _unreadable(request: Request, _: RequestValidationError | UnicodeEncodeError) -> Response:
    """Of the wrong shape, or with half a character in it, which no column takes."""
    return refusal(request, 400, "request_unreadable")


async def _http(request: Request, error: HTTPException) -> Response:
    known = {403: "not_allowed", 404: "not_found"}
    return refusal(request, error.status_code, known.get(error.status_code, "request_unreadable"))


async def _database(request: Request, error: DBAPIError) -> Response:
    if is_passing(error):
        return come_again(request, error)
    if isinstance(error, DataError):  # what was sent holds what no column takes, such as NUL
        log.warning("data_refused", door=door_of(request), exc_info=error)
        return refusal(request, 400, "request_unreadable")
    return await _broken(request, error)


async def _away(request: Request, error: Exception) -> Response:
    return come_again(request, error)


async def _system(request: Request, error: OSError) -> Response:
    """The disk is full, or the machine has no more of something; a file of ours that is missing is a bug."""
    if isinstance(error, FileNotFoundError):
        return await _broken(request, error)
    log.error("machine_refused", door=door_of(request), error=type(error).__name__, errno=error.errno)
    return refusal(request, 503, "try_later", wait=RETRY_SECONDS)


def come_again(request: Request, error: BaseException) -> Response:
    """Nothing is wrong with what was asked, and nothing of it is done: the same again in a moment."""
    log.warning("put_off", door=door_of(request), error=type(error).__name__)
    return refusal(request, 503, "try_later", wait=RETRY_SECONDS)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("broken", door=door_of(request), exc_info=error)
    return refusal(request, 500, "went_wrong")
