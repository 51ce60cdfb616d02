"""The phone in the browser: one person's chat with the bot, and the group of the building. For this machine only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from operations.platforms.telegram import people
from operations.platforms.telegram.state import Group, Json, Person, State

PAGE = Path(__file__).parent / "page"
NAMES = {101: ("王阿姨", "zh-hans"), 102: ("小陈", "zh-hans"), 103: ("Maria", "en")}
GROUP = -1001
GUANGZHOU = (23.1291, 113.2644)
LARGEST_UPLOAD = 10_000_000

Act = Callable[[State, Person, Json], Awaitable[object]]


async def page(_: Request) -> Response:
    """The phone."""
    return FileResponse(PAGE / "phone.html")


async def part(request: Request) -> Response:
    """Its script and its style."""
    name = request.path_params["name"]
    return FileResponse(PAGE / name) if name in ("phone.js", "phone.css") else Response(status_code=404)


async def look(request: Request) -> Response:
    """What the phone shows now: both chats, whether the bot is blocked, and the answer to the last tap."""
    state = _state(request)
    person, group = _person(state, request.path_params["person"]), _group(state)
    taps = [query for query in state.queries.values() if query.person == person.id]
    return JSONResponse(
        {
            "people": [{"id": number, "name": name} for number, (name, _) in NAMES.items()],
            "me": person.id,
            "bot": state.username,
            "blocked": person.blocked,
            "started": person.started,
            "chat": state.chats[person.id],
            "group": state.chats[group.id],
            "tap": {"id": taps[-1].id, "answer": taps[-1].answer} if taps else None,
        }
    )


async def act(request: Request) -> Response:
    """The person does something: the body says what."""
    state, body = _state(request), await request.json()
    person = _person(state, request.path_params["person"])
    done = ACTS.get(str(body.get("act")))
    if done is None:
        return Response(status_code=404)
    await done(state, person, body)
    return JSONResponse({})


async def photo(request: Request) -> Response:
    """The person sends a photo: the body is its content."""
    content = await request.body()
    if not 0 < len(content) <= LARGEST_UPLOAD:
        return Response(status_code=413)
    state = _state(request)
    await people.send_photo(state, _person(state, request.path_params["person"]), content)
    return JSONResponse({})


async def file(request: Request) -> Response:
    """A picture or document of a chat."""
    stored = _state(request).files.get(request.path_params["file"])
    return Response(stored.content, media_type=stored.media_type) if stored else Response(status_code=404)


async def _say(state: State, person: Person, body: Json) -> object:
    return await people.say(state, person, _words(body))


async def _start(state: State, person: Person, body: Json) -> object:
    return await people.start(state, person, str(body.get("scene", ""))[:64])


async def _tap(state: State, person: Person, body: Json) -> object:
    return await people.tap(state, person, int(body["message"]), str(body["data"]))


async def _locate(state: State, person: Person, _: Json) -> object:
    return await people.send_location(state, person, *GUANGZHOU)


async def _share_phone(state: State, person: Person, _: Json) -> object:
    return await people.share_phone(state, person)


async def _block(state: State, person: Person, body: Json) -> object:
    return await people.block(state, person, blocked=bool(body.get("blocked")))


async def _edit(state: State, person: Person, body: Json) -> object:
    return await people.edit(state, person, int(body["message"]), _words(body))


async def _group_say(state: State, person: Person, body: Json) -> object:
    return await people.say_in_group(state, person, _group(state), _words(body))


ACTS: dict[str, Act] = {
    "say": _say,
    "start": _start,
    "tap": _tap,
    "locate": _locate,
    "share_phone": _share_phone,
    "block": _block,
    "edit": _edit,
    "group_say": _group_say,
}

routes = [
    Route("/", page),
    Route("/phone/{name}", part),
    Route("/people/{person:int}", look),
    Route("/people/{person:int}/acts", act, methods=["POST"]),
    Route("/people/{person:int}/photos", photo, methods=["POST"]),
    Route("/pictures/{file}", file),
]


def _state(request: Request) -> State:
    state: State = request.app.state.platform
    return state


def _person(state: State, number: int) -> Person:
    name, language = NAMES.get(number, ("小王", "zh-hans"))
    return people.meet(state, number, name, language=language)


def _group(state: State) -> Group:
    return people.found_group(state, GROUP)


def _words(body: Json) -> str:
    return str(body.get("text", ""))[:4096].strip() or "…"
