"""Asks a running app for every page it has, with the ids of what was planted, and follows the links that it finds."""

from __future__ import annotations

import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
from fastapi import APIRouter, FastAPI

from tests.web.staff.planted.planting import MARK

PART = re.compile(r"{([a-z_]+)(?::path)?}")
LINK = re.compile(r'(?:href|src|action|data-[a-z-]+)="(/[^"]*)"')
LEFT_OUT = ("/static", "/staff/sign-out", "/staff/live", "/chat/live")
MOST_LINKS = 15
LISTS = ("/staff/needs", "/staff/export/needs.csv", "/staff/export/needs.xlsx")
ASKED = ("", f"?words={quote(MARK)}", "?words={code}", "?scope=all")
Ids = Mapping[str, Sequence[object]]


def find_pages(app: FastAPI | APIRouter) -> Iterator[str]:
    """The address of each GET route, also of routers inside."""
    for route in app.routes:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from find_pages(inside)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield str(getattr(route, "path", ""))


def fill(paths: Iterable[str], ids: Ids) -> Iterator[str]:
    """The addresses with every id in its place, and lists as somebody may ask for them."""
    for path in paths:
        names = PART.findall(path)
        for values in itertools.product(*(ids.get(name, ("x",)) for name in names)):
            filled = path
            for name, value in zip(names, values, strict=True):
                filled = re.sub(rf"{{{name}(:path)?}}", str(value), filled)
            ways = ASKED if path in LISTS else ("",)
            yield from (filled + asked.format(code=ids["code"][0]) for asked in ways)


@dataclass
class Hunt:
    """What one person was shown: the texts that hold the mark, by the page that held them."""

    found: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    async def hunt(self, client: httpx.AsyncClient, pages: Iterable[str]) -> None:
        """Ask for these pages, and for what they link to."""
        waiting = list(dict.fromkeys(pages))
        most = len(waiting) + MOST_LINKS
        while waiting and len(self.asked) < most:
            page = waiting.pop(0)
            if page in self.asked or page.startswith(LEFT_OUT):
                continue
            self.asked.add(page)
            answer = await client.get(page)
            assert answer.status_code != 500, (page, answer.status_code)
            if answer.status_code == 200:
                self.opened.add(urlsplit(page).path)
            said = "\n".join([*texts_of(answer), *answer.headers.values()])
            if MARK in without_own_question(said, page):
                self.found[page] = said
            known = self.asked | set(waiting)
            waiting += [link for link in links_of(said) if link not in known]

    def reads(self, words: Iterable[str]) -> set[str]:
        """Those of the words that were shown."""
        return {each for each in words if any(each in said for said in self.found.values())}


def without_own_question(said: str, page: str) -> str:
    """What a page says, without the search that it was asked and gives back."""
    return re.sub(rf"{MARK}(?=[\"&<])", "", said) if quote(MARK) in page else said


def texts_of(answer: httpx.Response) -> list[str]:
    """The text of an answer; of an archive, such as a sheet, the text of all that is in it."""
    if not answer.content.startswith(b"PK"):
        return [html.unescape(answer.text)]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return [html.unescape(archive.read(name).decode("utf-8", "replace")) for name in archive.namelist()]


def links_of(said: str) -> list[str]:
    """Where a page leads inside the app."""
    return [link.partition("#")[0] for link in LINK.findall(said)]
