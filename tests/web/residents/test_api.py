"""The JSON API: the same rules as chat and pages, a schema that is valid, a page that names every call."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx

from community.clock import now
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish, states
from tests.web.residents.conftest import Browsers

OURS = {"X-Linli": "1", "Accept": "application/json"}


async def call(browser: httpx.AsyncClient, method: str, path: str, **body: object) -> httpx.Response:
    return await browser.request(method, f"/api{path}", json=body or None, headers=OURS)


async def test_a_sign_up_from_list_to_leaving(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30), volunteers=1))
    [line] = (await call(browsers.owner, "GET", "/activities")).json()
    assert line["id"] == str(shift_id)
    assert line["places"] == [{"part": "volunteer", "places": 1, "taken": 0, "waiting": 0}]
    body = {"request_id": str(uuid4())}
    for _ in range(2):
        made = await call(browsers.owner, "POST", f"/activities/{shift_id}/sign-ups", **body)
        assert (made.status_code, made.json()["state"]) == (201, "signed_up")
    own = f"/sign-ups/{made.json()['id']}"
    assert (await call(browsers.owner, "POST", f"{own}/confirm")).json()["state"] == "confirmed"
    other = await call(
        browsers.neighbour, "POST", f"/activities/{shift_id}/sign-ups", request_id=str(uuid4())
    )
    assert (other.json()["state"], other.json()["position"]) == ("waiting", 1)
    assert (await call(browsers.owner, "DELETE", own)).json()["state"] == "cancelled"
    [waiting] = (await call(browsers.neighbour, "GET", "/sign-ups")).json()
    assert waiting["offered_until"]
    taken = await call(browsers.neighbour, "POST", f"/sign-ups/{waiting['id']}/accept")
    assert taken.json()["state"] == "signed_up"
    assert await states(sessions, shift_id) == ["cancelled", "signed_up"]


async def test_what_is_refused(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30)))
    path, body = f"/activities/{shift_id}/sign-ups", {"request_id": str(uuid4())}
    assert (await call(browsers.stranger, "POST", path, **body)).status_code == 404
    assert (await call(browsers.nobody, "POST", path, **body)).status_code == 401
    assert (await call(browsers.nobody, "GET", "/sign-ups")).status_code == 401
    bare = await browsers.owner.post(f"/api{path}", json=body, headers={"Accept": "application/json"})
    assert bare.status_code == 403, "a page of somebody else cannot set our header"
    assert (await call(browsers.owner, "POST", path, adults=99)).status_code in (400, 422)
    many = await call(browsers.owner, "POST", path, adults=5, **body)
    assert (many.status_code, many.json()["error"]) == (422, "join_too_many")
    made = (await call(browsers.owner, "POST", path, **body)).json()
    assert (await call(browsers.neighbour, "DELETE", f"/sign-ups/{made['id']}")).status_code == 404
    assert await states(sessions, shift_id) == ["signed_up"]


async def test_the_page_names_every_call(browsers: Browsers) -> None:
    schema = (await browsers.nobody.get("/api/openapi.json")).json()
    page = await browsers.nobody.get("/api/docs")
    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) == 9
    assert all(path in page.text for path in schema["paths"])


async def test_lists_come_in_pages(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shifts = [
        str(await publish(sessions, cast, make_plan(now() + timedelta(days=2 + day)))) for day in range(5)
    ]
    for shift_id in shifts:
        made = await call(browsers.owner, "POST", f"/activities/{shift_id}/sign-ups", request_id=str(uuid4()))
        assert made.status_code == 201
    for path, name in (("/activities", "id"), ("/sign-ups", "shift_id")):
        found, pages, at = list[str](), 0, f"/api{path}?limit=2"
        while at:
            answer = await browsers.owner.get(at, headers=OURS)
            found += [each[name] for each in answer.json()]
            pages, at = pages + 1, answer.links.get("next", {}).get("url", "")
        assert (found, pages) == (shifts, 3)
    for limit in (0, 201):
        assert (await call(browsers.owner, "GET", f"/activities?limit={limit}")).status_code in (400, 422)
