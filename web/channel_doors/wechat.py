"""WeChat's door at /channels/wechat: the platform verifies it by GET and brings what people do by POST.

Stored and committed before anything is answered. No connection of the pool is held while an answer is waited for.
[source] developers.weixin.qq.com, 公众号: 接入指南, 接收普通消息.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from channels.links import is_page
from channels.wechat.desk import Forged
from channels.wechat.service import WeChatService
from community.limits.usecases import count_use
from web.bodies import read_bytes
from web.origin import client_address
from web.parts import Held
from web.refusals import DoorRefused

log = structlog.get_logger()
router = APIRouter()
MOST_BYTES = 64 * 1024
LONGEST_ECHO = 200
MINUTE = timedelta(minutes=1)


async def find_service(parts: Held) -> WeChatService:
    """The door of this process; nothing is here where WeChat is off."""
    if parts.wechat is None:
        raise DoorRefused(404, "not_found")
    return parts.wechat


Door = Annotated[WeChatService, Depends(find_service)]


@router.get("/channels/wechat")
async def verify(request: Request, door: Door) -> Response:
    """The platform asks whether we know the token: it gets back what it sent."""
    try:
        door.desk.check(request.query_params)
    except Forged as forged:
        raise refused(forged) from None
    return PlainTextResponse(request.query_params.get("echostr", "")[:LONGEST_ECHO])


@router.post("/channels/wechat")
async def push(request: Request, door: Door) -> Response:
    """What a person did: answered with words when they are ready in time, otherwise with exactly `success`."""
    arrived = time.monotonic()
    try:
        door.desk.check(request.query_params)
        content = await read_bytes(request, MOST_BYTES)
        answer = await door.take(request.query_params, content, arrived, request.is_disconnected)
    except Forged as forged:
        raise refused(forged) from None
    if answer.answers is None:
        return PlainTextResponse(answer.body)
    done = BackgroundTask(door.done, answer.answers)
    return Response(answer.body, media_type="application/xml", background=done)


def refused(forged: Forged) -> DoorRefused:
    """403 for whoever is not the platform, with one line in the log that says what was wrong."""
    log.warning("wechat_refused", reason=forged.reason)
    return DoorRefused(403, "not_allowed")


@router.get("/channels/wechat/enter/m/{path:path}")
async def enter(request: Request, parts: Held, path: str, code: str = "") -> Response:
    """Who opens a page in an authenticated account's WeChat: the platform says it, and they go on by a signed link.

    Each asks the platform once, so an internet address may do it only so often. Raises TooMany.
    """
    if parts.wechat is None or not is_page(f"/m/{path}"):
        raise DoorRefused(404, "not_found")
    async with parts.sessions.begin() as session:
        key = f"wechat enter:{client_address(request, parts.settings.proxies)}"
        await count_use(session, key, parts.settings.pages_opened_per_minute, MINUTE)
    to = await parts.wechat.find_page(code, f"/m/{path}")
    if to is None:
        raise DoorRefused(403, "link_too_old")
    answer = RedirectResponse(to, 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
