"""Signed links: one resident's pages for a quarter of an hour, then a clean address; asked before changing over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from pydantic import SecretStr

from channels.links import PageLinks, is_page
from community.clock import now
from linli.settings import Settings
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, form_of
from tests.web.residents.tales import OWN_WORDS, Tales


def link_of(settings: Settings, cast: Cast, to: str = "/m/needs") -> str:
    """Path and query of a link for the owner."""
    return PageLinks(settings).make(cast.owner.resident_id, to).removeprefix(settings.address)


async def test_a_link_opens_the_page_and_leaves_a_clean_address(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    answer = await browsers.nobody.get(link_of(settings, cast, f"/m/needs/{tales.handled}"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/m/needs/{tales.handled}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "httponly" in answer.headers["set-cookie"].lower()
    page = await browsers.nobody.get(answer.headers["location"])
    assert OWN_WORDS in page.text
    assert 'href="/chat"' not in page.text


async def test_what_comes_by_a_link_may_do_the_same_and_leave(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    await browsers.nobody.get(link_of(settings, cast))
    path = f"/m/needs/{tales.handled}"
    fields = await form_of(browsers.nobody, path, words="从链接来的话")
    assert (await browsers.nobody.post(f"{path}/words", data=fields)).status_code == 303
    assert "从链接来的话" in (await browsers.owner.get(path)).text
    await browsers.nobody.post("/m/leave", data=await form_of(browsers.nobody, "/m/me"))
    assert (await browsers.nobody.get(path)).status_code == 401


async def test_links_are_refused_when_old_forged_or_meant_for_something_else(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    good = link_of(settings, cast)
    other = PageLinks(settings.model_copy(update={"secret_key": SecretStr("of somebody else")}))
    await browsers.nobody.get(good)
    passed = browsers.nobody.cookies["linli-pages"]
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert (await browsers.nobody.get(good)).status_code == 403
    for forged in (
        "/m/enter",
        "/m/enter?t=",
        f"{good}x",
        good.replace("t=", "t=A"),
        other.make(cast.owner.resident_id).removeprefix(settings.address),
        "/m/enter?t=" + browsers.owner.cookies["linli"],
        "/m/enter?t=" + passed,
    ):
        refused = await browsers.nobody.get(forged)
        assert refused.status_code == 403
        assert "过期" in refused.text
        assert "set-cookie" not in refused.headers


async def test_a_pass_ends_after_half_a_day(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    await browsers.nobody.get(link_of(settings, cast))
    assert (await browsers.nobody.get("/m/me/home")).status_code == 200
    with time_machine.travel(now() + timedelta(hours=11)):
        assert (await browsers.nobody.get("/m/me/home")).status_code == 200
    browsers.nobody.cookies.set("linli-pages", browsers.nobody.cookies["linli-pages"] + "x")
    assert (await browsers.nobody.get("/m/me/home")).status_code == 401


async def test_the_owners_own_browser_goes_straight_on(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    answer = await browsers.owner.get(link_of(settings, cast))
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)


async def test_a_browser_of_somebody_else_is_asked_first(
    settings: Settings, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    link = link_of(settings, cast)
    asked = await browsers.neighbour.get(link)
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    assert OWN_WORDS not in (await browsers.neighbour.get("/m/needs")).text
    fields = await form_of(browsers.neighbour, link, invitation=link.partition("t=")[2])
    answer = await browsers.neighbour.post("/m/enter", data=fields)
    assert answer.headers["location"] == "/m/needs"
    assert "电梯" in (await browsers.neighbour.get("/m/needs")).text
    assert (await browsers.neighbour.post("/m/enter", data=fields | {"invitation": "x"})).status_code == 403


async def test_the_owner_takes_a_link_to_another_device_and_no_further(
    browsers: Browsers, tales: Tales
) -> None:
    page = await browsers.owner.post("/m/me/link", data=await form_of(browsers.owner, "/m/me"))
    path = re.findall(r"(/m/enter\?t=[\w.-]+)</textarea>", page.text)[0]
    assert (await browsers.nobody.get(path)).headers["location"] == "/m/needs"
    assert "电梯" in (await browsers.nobody.get("/m/needs")).text
    fields = await form_of(browsers.nobody, "/m/me")
    assert (await browsers.nobody.post("/m/me/link", data=fields)).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/m/../staff", "/staff?x=1", "/m/x?y=1", "/m\\evil", "/mm"],
)
def test_links_lead_to_residents_pages_only(settings: Settings, cast: Cast, path: str) -> None:
    assert not is_page(path)
    with pytest.raises(ValueError, match="not a residents' page"):
        PageLinks(settings).make(cast.owner.resident_id, path)
