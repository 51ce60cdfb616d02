"""Bodies of requests: whoever hangs up before the end of one, a platform or a phone in a lift, breaks nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from starlette.requests import Request
from starlette.types import Message

from web.bodies import BodyRefused, read_bytes, read_form, read_json, read_upload

Read = Callable[[Request], Awaitable[object]]
READS = {
    "bytes": partial(read_bytes, most=100),
    "json": read_json,
    "upload": partial(read_upload, name="photo", most=100),
    "form": partial(read_form, most=100),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("begun", [False, True])
async def test_who_hangs_up_in_the_middle_is_refused_and_no_error_of_ours(read: Read, *, begun: bool) -> None:
    left: list[Message] = [{"type": "http.request", "body": b"--x\r\n", "more_body": True}] if begun else []

    async def hangs_up() -> Message:
        return left.pop() if left else {"type": "http.disconnect"}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    with pytest.raises(BodyRefused, match="unreadable"):
        await read(Request({"type": "http", "method": "POST", "headers": headers}, hangs_up))
