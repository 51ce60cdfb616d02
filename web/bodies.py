"""Bodies of requests, read up to a limit: a longer one is refused before it fills memory or disk."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

MOST_JSON = 1_000_000
MOST_FIELDS = 5_000  # the longest form, a notice, has two boxes for every building and entrance
Model = TypeVar("Model", bound=BaseModel)


class BodyRefused(ValueError):
    """A body that is not taken; `reason` is `too_long` or `unreadable`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def read_bytes(request: Request, most: int) -> bytes:
    """A body of at most `most` bytes as it is. Raises BodyRefused."""
    return b"".join([part async for part in _limited(request, most)])


async def read_json(request: Request, most: int = MOST_JSON) -> object:
    """The JSON value of a body of at most `most` bytes. Raises BodyRefused."""
    content = await read_bytes(request, most)
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BodyRefused("unreadable") from error
    return value


async def read_model(request: Request, model: type[Model]) -> Model:
    """The JSON body as `model`. Raises BodyRefused."""
    return parse_model(await read_json(request), model)


def parse_model(value: object, model: type[Model]) -> Model:
    """A JSON value as `model`. Raises BodyRefused."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise BodyRefused("unreadable") from error


async def read_upload(request: Request, name: str, most: int) -> bytes:
    """The file in field `name` of a multipart form of at most `most` bytes and a little. Raises BodyRefused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BodyRefused("unreadable")
    parser = MultiPartParser(request.headers, _limited(request, most + 10_000), max_files=1, max_fields=4)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise error if isinstance(error, BodyRefused) else BodyRefused("unreadable") from error
    try:
        file = form.get(name)
        if not isinstance(file, UploadFile):
            raise BodyRefused("unreadable")
        return await file.read()
    finally:
        await form.close()


async def read_form(request: Request, most: int, files: int = 0) -> FormData:
    """The form in a body of at most `most` bytes with at most so many files; close it after use. Raises BodyRefused."""
    stream = _limited(request, most)
    kind = request.headers.get("content-type", "").partition(";")[0]
    limits = {"max_files": files, "max_fields": MOST_FIELDS}
    try:
        if kind == "multipart/form-data":
            return await MultiPartParser(request.headers, stream, **limits).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, stream, max_fields=MOST_FIELDS).parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise error if isinstance(error, BodyRefused) else BodyRefused("unreadable") from error
    raise BodyRefused("unreadable")


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes]:
    """The parts of a body. Raises BodyRefused, also where whoever sends it has gone meanwhile: that breaks nothing."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise BodyRefused("too_long")
    taken = 0
    try:
        async for part in request.stream():
            taken += len(part)
            if taken > most:
                raise BodyRefused("too_long")
            yield part
    except ClientDisconnect:
        raise BodyRefused("unreadable") from None
