"""The stand-in as a server: the Bot API below /bot<token>, files below /file, and a phone in the browser at /."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from operations.platforms.telegram import listening, phone, sending
from operations.platforms.telegram.pushing import Pusher
from operations.platforms.telegram.refusals import RefusedCall
from operations.platforms.telegram.state import State

Method = Callable[[State, Mapping[str, Any]], Awaitable[Any]]
METHODS: Mapping[str, Method] = {
    "getme": listening.get_me,
    "getupdates": listening.get_updates,
    "setwebhook": listening.set_webhook,
    "deletewebhook": listening.delete_webhook,
    "getwebhookinfo": listening.get_webhook_info,
    "getchatadministrators": listening.get_chat_administrators,
    "getfile": listening.get_file,
    "setmycommands": listening.take_note,
    "sendchataction": listening.take_note,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "answercallbackquery": sending.answer_callback_query,
}


def make_app(state: State | None = None) -> Starlette:
    """The platform with its state in `app.state.platform` and what it pushed in `app.state.pusher`."""
    platform = state or State()
    pusher = Pusher(platform)

    @asynccontextmanager
    async def pushing(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(pusher.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    app = Starlette(
        routes=[
            Route("/bot{token}/{method}", call_method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", download),
            Mount("/", routes=phone.routes),
        ],
        lifespan=pushing,
    )
    app.state.platform, app.state.pusher = platform, pusher
    return app


async def call_method(request: Request) -> Response:
    """One call of the bot."""
    state: State = request.app.state.platform
    name = request.path_params["method"].lower()
    call = await _parameters(request)
    state.calls.append((name, call))
    faults = state.faults
    if not faults.concern(name):
        return await _answer(state, request.path_params["token"], name, call)
    await asyncio.sleep(faults.delay)
    if faults.down:
        return PlainTextResponse("<html>502 Bad Gateway</html>", 502)
    if faults.garbage:
        return PlainTextResponse('{"ok": true, "result"')
    if faults.drop:
        return _dropped()
    answer = await _answer(state, request.path_params["token"], name, call)
    return _dropped() if faults.lose_answers else answer


async def download(request: Request) -> Response:
    """A file, by the path that getFile gave."""
    state: State = request.app.state.platform
    if request.path_params["token"] != state.token:
        return PlainTextResponse("Unauthorized", 401)
    path = request.path_params["path"]
    stored = next((stored for stored in state.files.values() if stored.path == path), None)
    return (
        Response(stored.content, media_type="application/octet-stream")
        if stored
        else Response(status_code=404)
    )


async def _answer(state: State, token: str, name: str, call: Mapping[str, Any]) -> Response:
    try:
        if token != state.token or state.faults.refuse_token:
            raise RefusedCall(401, "Unauthorized")
        if name not in METHODS:
            raise RefusedCall(404, "Not Found")
        return JSONResponse({"ok": True, "result": await METHODS[name](state, call)})
    except RefusedCall as refused:
        return refused.answer()


async def _parameters(request: Request) -> dict[str, Any]:
    """Parameters as the API takes them: in the query, as a form with or without files, or as JSON."""
    given: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return {**given, **json.loads(await request.body() or b"{}")}
    form = dict(await request.form())
    files = {name: value for name, value in form.items() if not isinstance(value, str)}
    return given | {
        name: files.get(str(value).removeprefix("attach://"), value) for name, value in form.items()
    }


def _dropped() -> Response:
    """An answer that breaks off: the server closes the connection before it is whole."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"{"
        raise ConnectionResetError

    return StreamingResponse(broken(), headers={"content-length": "100"})
