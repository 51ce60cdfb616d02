"""What may send a form: a page of ours, drawn for this person, not too often; and a body of a form's size."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import time_machine

from community.clock import now
from community.limits.models import LimitCounter
from community.needs.models import NeedEntry
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.conftest import serving
from tests.web.residents.conftest import HTML, Browsers, cookie_of, count, form_of, token_in
from tests.web.residents.tales import Tales


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_page_of_somebody_else_cannot_send_it(
    sessions: Sessions, browsers: Browsers, tales: Tales, headers: dict[str, str]
) -> None:
    path = f"/m/needs/{tales.handled}"
    before = await count(sessions, NeedEntry)
    fields = await form_of(browsers.owner, path, words="不是我写的")
    answer = await browsers.owner.post(f"{path}/words", data=fields, headers=headers)
    assert answer.status_code == 403
    assert await count(sessions, NeedEntry) == before


async def test_a_form_needs_the_token_of_its_own_person(
    sessions: Sessions, browsers: Browsers, tales: Tales
) -> None:
    path = f"/m/needs/{tales.handled}"
    fields = await form_of(browsers.owner, path, words="话")
    theirs = token_in(await browsers.neighbour.get("/m/me"))
    nobodys = token_in(await browsers.nobody.get("/m/me"))
    before = await count(sessions, NeedEntry)
    for token in ("", "x.y.z", theirs, nobodys):
        answer = await browsers.owner.post(f"{path}/words", data=fields | {"token": token})
        assert answer.status_code == 403
        assert "返回上一页" in answer.text
    with time_machine.travel(now() + timedelta(days=8)):
        assert (await browsers.owner.post(f"{path}/words", data=fields)).status_code == 403
    assert await count(sessions, NeedEntry) == before


@pytest.mark.parametrize("path", ["/m/language", "/m/size", "/m/leave", "/m/me/home", "/m/enter"])
async def test_every_form_asks_for_the_token(browsers: Browsers, tales: Tales, path: str) -> None:
    assert (await browsers.owner.post(path, data={"language": "en"})).status_code == 403
    assert (await browsers.owner.get("/m/me")).text.count('<html lang="zh-CN">') == 1


async def test_too_many_forms_are_put_off(
    sessions: Sessions, settings: Settings, cast: Cast, tales: Tales
) -> None:
    slow = settings.model_copy(update={"messages_per_minute": 3})
    cookies = await cookie_of(sessions, slow, cast.owner)
    async with serving(slow) as address:
        headers = HTML | {"Origin": address}
        async with httpx.AsyncClient(base_url=address, cookies=cookies, headers=headers) as client:
            fields = await form_of(client, "/m/me", size="22")
            answers = [await client.post("/m/size", data=fields) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert await count(sessions, LimitCounter, LimitCounter.key == f"pages:{cast.owner.resident_id}") == 1


async def test_bodies_that_are_no_form_or_too_large_are_refused(browsers: Browsers, tales: Tales) -> None:
    path = f"/m/needs/{tales.handled}/withdraw"
    assert (await browsers.owner.post(path, json={"words": "x"})).status_code == 400
    assert (await browsers.owner.post(path, data={"words": "长" * 200_000})).status_code == 413
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert (await browsers.owner.post(path, content=b"--y\r\n\r\n", headers=broken)).status_code in (400, 403)
    fields = await form_of(browsers.owner, f"/m/needs/{tales.handled}", words="话")
    for request_id in ("", "1", "x" * 36):
        answer = await browsers.owner.post(
            f"/m/needs/{tales.handled}/words", data=fields | {"request_id": request_id}
        )
        assert answer.status_code == 400


async def test_an_unknown_need_in_a_form_is_not_found(browsers: Browsers, tales: Tales) -> None:
    fields = await form_of(browsers.owner, "/m/me", words="话", request_id=str(uuid4()))
    for act in ("words", "withdraw", "rating"):
        assert (await browsers.owner.post(f"/m/needs/{uuid4()}/{act}", data=fields)).status_code == 404
