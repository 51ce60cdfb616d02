"""The stand-in's doors: what Linli calls at api.weixin.qq.com, with errors in 200 answers, and the phone to try it on.

[source] developers.weixin.qq.com, 公众号. Before: channels/wechat/calling.py, or a person at the page.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.datastructures import UploadFile
from starlette.routing import Route

from operations.platforms.wechat.account import Account, Refused
from operations.platforms.wechat.phone import phone_routes
from operations.platforms.wechat.pushes import Pusher

_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u")
OK: Mapping[str, Any] = {"errcode": 0, "errmsg": "ok"}
Call = Callable[[Account, Request, Mapping[str, Any]], Mapping[str, Any]]


def make_app(account: Account | None = None) -> FastAPI:
    """The stand-in as an app; `app.state.account` is what it keeps, `app.state.pusher` what people do."""
    account = account or Account()
    pusher = Pusher(account)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await pusher.close()

    app = FastAPI(title="WeChat stand-in", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.account, app.state.pusher = account, pusher
    app.router.routes += [
        Route("/cgi-bin/stable_token", _door(_stable_token, free=True), methods=["POST"]),
        Route("/cgi-bin/message/custom/send", _door(_send), methods=["POST"]),
        Route("/cgi-bin/message/template/send", _door(_template), methods=["POST"]),
        Route("/cgi-bin/message/subscribe/bizsend", _door(_notice), methods=["POST"]),
        Route("/cgi-bin/media/upload", _upload, methods=["POST"]),
        Route("/cgi-bin/media/get", _media, methods=["GET"]),
        Route("/videos/{media_id}", _video, methods=["GET"]),
        Route("/cgi-bin/menu/create", _door(_create_menu), methods=["POST"]),
        Route("/cgi-bin/menu/get", _door(_get_menu), methods=["GET"]),
        Route("/cgi-bin/qrcode/create", _door(_create_qr), methods=["POST"]),
        Route("/sns/oauth2/access_token", _door(_oauth, free=True), methods=["GET"]),
        Route("/connect/oauth2/authorize", _authorize, methods=["GET"]),
        *phone_routes(),
    ]
    return app


def _door(call: Call, *, free: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """One call of the API: faults first, then the token (where it needs one), then its own rules."""

    async def answer(request: Request) -> Response:
        account: Account = request.app.state.account
        raw = await request.body()
        if (trouble := await _faults(account)) is not None:
            return trouble
        try:
            _check(account, request, free=free)
            told = call(account, request, _read(raw))
        except Refused as refused:
            told = {"errcode": refused.code, "errmsg": f"refused rid: {secrets.token_hex(8)}"}
        except (KeyError, TypeError, ValueError):
            told = {"errcode": 47001, "errmsg": "data format error"}
        if account.faults.way == "swallow":
            return Response(status_code=504)
        return JSONResponse(told)

    return answer


async def _faults(account: Account) -> Response | None:
    """What goes wrong before the call is looked at."""
    faults = account.faults
    if faults.seconds:
        await asyncio.sleep(faults.seconds)
    if faults.way == "down":
        return Response(status_code=503)
    if faults.way == "garbage":
        return Response("<html>502 Bad Gateway</html>", media_type="text/html")
    if faults.way == "drop":
        return StreamingResponse(_nothing(), headers={"Content-Length": "1"})  # so the connection is closed
    if faults.errcodes:
        return JSONResponse({"errcode": faults.errcodes.pop(0), "errmsg": "as the test says"})
    return None


async def _nothing() -> AsyncIterator[bytes]:
    """A body that ends before it begins."""
    nothing: list[bytes] = []
    for part in nothing:
        yield part


def _check(account: Account, request: Request, *, free: bool) -> None:
    if free:
        account.calls[request.url.path] += 1
    else:
        account.check_call(request.url.path, request.query_params.get("access_token", ""))


def _read(raw: bytes) -> Mapping[str, Any]:
    """The body, with escapes left as people would see them: the platform shows \\u4f60 as it is written."""
    value = json.loads(_ESCAPE.sub(rb"\1\\\\u", raw)) if raw else {}
    if not isinstance(value, dict):
        raise ValueError
    return value


def _stable_token(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    if body["grant_type"] != "client_credential":
        raise Refused(40002)
    return account.give_token(body["appid"], body["secret"], force=bool(body.get("force_refresh")))


def _send(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    account.send_custom(body)
    return OK


def _template(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**OK, "msgid": account.send_template(body, "template")}


def _notice(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    account.send_template(body, "notice")
    return OK


def _create_menu(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    buttons = body["button"]
    if not 1 <= len(buttons) <= 3:
        raise Refused(40016)
    for button in buttons:
        if not 0 <= len(button.get("sub_button", ())) <= 5:
            raise Refused(40023)
        if len(button["name"].encode()) > 16:
            raise Refused(40018)
    account.menu = {"button": buttons}
    return OK


def _get_menu(account: Account, _: Request, __: Mapping[str, Any]) -> Mapping[str, Any]:
    if account.menu is None:
        raise Refused(46003)
    return {"menu": account.menu}


def _create_qr(account: Account, _: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
    scene = body["action_info"]["scene"]["scene_str"]
    if body["action_name"] != "QR_LIMIT_STR_SCENE" or not 1 <= len(scene) <= 64:
        raise Refused(40053)
    if account.kind == "subscription":
        raise Refused(48001)
    account.scenes.append(scene)
    ticket = secrets.token_urlsafe(40)
    return {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket[:22]}"}


def _oauth(account: Account, request: Request, _: Mapping[str, Any]) -> Mapping[str, Any]:
    query = request.query_params
    if query.get("appid") != account.app_id or query.get("secret") != account.secret:
        raise Refused(40125)
    openid = account.codes.pop(query.get("code", ""), None)
    if openid is None:
        raise Refused(40029)
    return {
        "access_token": secrets.token_hex(20),
        "expires_in": 7200,
        "openid": openid,
        "scope": "snsapi_base",
    }


async def _authorize(request: Request) -> Response:
    """The silent OAuth: whoever the phone belongs to (its cookie here) is sent back with a code."""
    account: Account = request.app.state.account
    names = ["appid", "redirect_uri", "response_type", "scope", "state"]
    query = request.query_params
    if list(query) != names or account.kind != "service" or query["scope"] != "snsapi_base":
        return Response("10003 redirect_uri 参数错误", status_code=200)
    code = secrets.token_hex(16)
    account.codes[code] = request.cookies.get("openid", "")
    return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")


async def _upload(request: Request) -> Response:
    """A temporary picture; multipart in the field `media`."""
    account: Account = request.app.state.account
    if (trouble := await _faults(account)) is not None:
        return trouble
    try:
        account.check_call(request.url.path, request.query_params.get("access_token", ""))
    except Refused as refused:
        return JSONResponse({"errcode": refused.code, "errmsg": "refused"})
    async with request.form() as form:
        file = form.get("media")
        if not isinstance(file, UploadFile):
            return JSONResponse({"errcode": 41005, "errmsg": "media data missing"})
        media_id = account.keep_media(await file.read())
    return JSONResponse({"type": "image", "media_id": media_id, "created_at": 1})


async def _media(request: Request) -> Response:
    """What a person sent, as bytes; of a video where it lies, and an error, as JSON."""
    account: Account = request.app.state.account
    if (trouble := await _faults(account)) is not None:
        return trouble
    try:
        account.check_call(request.url.path, request.query_params.get("access_token", ""))
        content = account.media.get(request.query_params.get("media_id", ""))
        if content is None:
            raise Refused(40007)
    except Refused as refused:
        return JSONResponse({"errcode": refused.code, "errmsg": "refused"})
    if _is_video(content):
        media_id = request.query_params["media_id"]
        url = account.video_url or str(request.url_for("_video", media_id=media_id))
        return Response(json.dumps({"video_url": url}), media_type="text/plain")
    return Response(
        content,
        media_type="image/jpeg",
        headers={"Content-Disposition": 'attachment; filename="photo.jpg"'},
    )


async def _video(request: Request) -> Response:
    """Where videos lie: no token is asked for, and one that comes along is told to strangers."""
    account: Account = request.app.state.account
    content = account.media.get(request.path_params["media_id"])
    if content is None or "access_token" in request.query_params:
        return Response(status_code=403)
    return Response(content, media_type="video/mp4")


def _is_video(content: bytes) -> bool:
    return content[4:8] == b"ftyp"
