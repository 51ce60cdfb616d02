"""The phone in the browser: one person's chat with the official account, its menu and its QR codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from operations.platforms.wechat.account import Account, Person
from operations.platforms.wechat.pushes import Pusher

PAGE = Path(__file__).parent / "page"
NAMES = {
    "oWangAyi0000000000000000000w": "王阿姨",
    "oXiaoChen000000000000000000x": "小陈",
    "oMaria000000000000000000000m": "Maria",
}
GUANGZHOU = (23.1291, 113.2644, "广州市越秀区榕树路12号")
LARGEST_UPLOAD = 10_000_000
Body = Mapping[str, Any]
Act = Callable[[Pusher, Person, Body], Awaitable[object]]


def phone_routes() -> list[Route]:
    """The routes of the phone, beside those of the API."""
    return [
        Route("/", _page),
        Route("/phone/{name}", _part),
        Route("/people/{openid}", _look),
        Route("/people/{openid}/acts", _act, methods=["POST"]),
        Route("/people/{openid}/photos", _photo, methods=["POST"]),
        Route("/pictures/{media_id}", _picture),
    ]


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "phone.html")


async def _part(request: Request) -> Response:
    name = request.path_params["name"]
    return FileResponse(PAGE / name) if name in ("phone.js", "phone.css") else Response(status_code=404)


async def _look(request: Request) -> Response:
    """What the phone shows now; the cookie says whose phone it is, for links that ask silently."""
    account, person = _account(request), _person(request)
    answer = JSONResponse(
        {
            "people": [{"id": openid, "name": name} for openid, name in NAMES.items()],
            "follows": person.follows,
            "left": person.left,
            "until": person.until.isoformat() if person.until else None,
            "menu": (account.menu or {}).get("button", []),
            "scenes": account.scenes,
            "thread": [
                {
                    "way": shown.way,
                    "kind": shown.kind,
                    "text": shown.text,
                    "picture": shown.media_id if shown.kind == "image" else "",
                    "url": shown.url,
                    "choices": shown.choices,
                }
                for shown in person.thread
            ],
        }
    )
    answer.set_cookie("openid", person.openid, httponly=True, samesite="lax")
    return answer


async def _act(request: Request) -> Response:
    """The person does something: the body says what."""
    body = await request.json()
    done = ACTS.get(str(body.get("act")))
    if done is None:
        return Response(status_code=404)
    await done(request.app.state.pusher, _person(request), body)
    return JSONResponse({})


async def _photo(request: Request) -> Response:
    """The person sends a photo: the body is its content."""
    content = await request.body()
    if not 0 < len(content) <= LARGEST_UPLOAD:
        return Response(status_code=413)
    await request.app.state.pusher.show(_person(request), content)
    return JSONResponse({})


async def _picture(request: Request) -> Response:
    content = _account(request).media.get(request.path_params["media_id"])
    return Response(content, media_type="image/jpeg") if content else Response(status_code=404)


async def _say(pusher: Pusher, person: Person, body: Body) -> object:
    return await pusher.say(person, _words(body))


async def _tap(pusher: Pusher, person: Person, body: Body) -> object:
    return await pusher.say(person, _words(body), tapped=str(body["id"]))


async def _speak(pusher: Pusher, person: Person, body: Body) -> object:
    return await pusher.speak(person, _words(body))


async def _locate(pusher: Pusher, person: Person, _: Body) -> object:
    return await pusher.locate(person, *GUANGZHOU)


async def _follow(pusher: Pusher, person: Person, body: Body) -> object:
    scene = str(body.get("scene", ""))[:64]
    if person.follows and scene:
        return await pusher.event(person, "SCAN", EventKey=scene)
    return await pusher.follow(person, scene)


async def _unfollow(pusher: Pusher, person: Person, _: Body) -> object:
    return await pusher.unfollow(person)


async def _click(pusher: Pusher, person: Person, body: Body) -> object:
    return await pusher.event(person, "CLICK", EventKey=str(body["key"]))


async def _view(pusher: Pusher, person: Person, body: Body) -> object:
    return await pusher.event(person, "VIEW", EventKey=str(body["url"]))


ACTS: dict[str, Act] = {
    "say": _say,
    "tap": _tap,
    "speak": _speak,
    "locate": _locate,
    "follow": _follow,
    "unfollow": _unfollow,
    "click": _click,
    "view": _view,
}


def _account(request: Request) -> Account:
    account: Account = request.app.state.account
    return account


def _person(request: Request) -> Person:
    return _account(request).person(request.path_params["openid"][:64])


def _words(body: Body) -> str:
    return str(body.get("text", ""))[:2000].strip() or "…"
