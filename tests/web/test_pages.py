"""Every answer carries the headers that protect it, front-end files may be kept, refusals are calm pages or JSON."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.web.conftest import Visit
from web.assets import asset

PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/chat", "/nope", "/healthz", "/chat/thread", "/files/x"])
async def test_every_answer_is_protected_and_not_kept(address: str, path: str) -> None:
    async with httpx.AsyncClient() as client:
        headers = (await client.get(f"{address}{path}")).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers or "Python" not in headers["server"]


async def test_the_page_has_no_script_or_style_of_its_own(visit: Visit) -> None:
    words = (await (await visit()).get("/chat")).text
    scripts = re.findall(r"<script([^>]*)>", words)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", words)


async def test_every_front_end_file_of_the_page_is_there_and_may_be_kept(visit: Visit) -> None:
    client = await visit()
    paths = re.findall(r'(?:src|href)="(/static/[^"]+)"', (await client.get("/chat")).text)
    assert paths
    for path in {*paths, asset("chat/thread.js")}:
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (
            200,
            "public, max-age=31536000, immutable",
        )


def test_a_front_end_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="npm run build"):
        asset("chat/no-such-file.js")


async def test_an_address_that_gives_nothing_is_a_calm_page_for_people(visit: Visit) -> None:
    client = await visit()
    answer = await client.get("/nope", headers=PAGE)
    assert answer.status_code == 404
    assert 'href="/chat"' in answer.text
    assert (await client.get("/nope")).json()["error"] == "not_found"


@pytest.mark.parametrize("query", ["before=0", "before=x", "limit=0", "limit=1000", f"before={10**30}"])
async def test_a_query_that_makes_no_sense_is_no_error_of_ours(visit: Visit, query: str) -> None:
    assert (await (await visit()).get(f"/chat/thread?{query}")).status_code == 400


@pytest.mark.parametrize("size", ["18", "30", "99", '"><script>'])
async def test_only_sizes_of_text_that_we_know(visit: Visit, size: str) -> None:
    client = await visit()
    client.cookies.set("linli_size", size)
    assert (f'data-size="{size}"' in (await client.get("/chat")).text) == (size in ("18", "30"))
