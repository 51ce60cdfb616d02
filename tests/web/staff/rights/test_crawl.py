"""A crawl as every role: each link and form that anybody finds, asked by everybody. Nothing opens that its own pages
do not lead to or the table of rights does not say; nobody else's form changes anything; nothing breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from community.needs.usecases.staff import assign_need
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.staff.conftest import Browser, OpenDesk, actor_of
from tests.web.staff.rights.asking import READS, WHO, fingerprint
from tests.web.staff.rights.needs_of import NEEDS, NeedMaker
from tests.web.staff.rights.reading import MASKED, YES, read_table
from tests.web.staff.rights.things import Maker

MOST_PAGES = 160
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)")
BRACES = re.compile(r"\{\w+\}")
TABLE = read_table("staff.txt")
MOST_ALIKE = 1
OUTSIDERS = ("com2", "swt", "swo", "part", "none", "adm")
NOTED = "audit_acts"  # opening a sheet that one may open is noted
GROUP = re.compile(
    r"[?&](?:page|sort|since|community|state|kind|scope|q|late|done|week|period|on|first|last|only|building|urgency)="
)


@dataclass
class Form:
    """A form as a page has it: where it goes, and what would be sent."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and their fields; an empty field is filled in."""
        values = {name: unescape(value or "") for name, value in attrs}
        if tag in ("a", "img") and (address := values.get("href") or values.get("src")):
            self.links.add(address)
        elif tag == "form" and values.get("method", "").lower() == "post":
            self.forms.append(Form(values.get("action", "")))
        elif self.forms and (name := values.get("name")):
            self._note(tag, name, values)
        elif tag == "option" and self.forms and self._select and values.get("value"):
            self.forms[-1].fields.setdefault(self._select, values["value"])

    def _note(self, tag: str, name: str, values: dict[str, str]) -> None:
        self._select = name if tag == "select" else ""
        if tag == "textarea":
            self.forms[-1].fields.setdefault(name, "有话说")
        elif tag in ("input", "button"):
            self.forms[-1].fields.setdefault(name, values.get("value") or "2")


@dataclass
class Found:
    """What one role came to see: pages that opened, and the forms on them."""

    opened: set[str] = field(default_factory=set)
    forms: dict[str, Form] = field(default_factory=dict)


def _place(address: str) -> str:
    """The address as one place: without what only orders or filters the same list."""
    parts = urlsplit(address)
    return parts.path if GROUP.search(f"?{parts.query}") else f"{parts.path}?{parts.query}".rstrip("?")


def _kind(address: str) -> str:
    """The address without the ids in it."""
    return IDS.sub("*", _place(address))


def _one_of_each(addresses: Iterable[str]) -> list[str]:
    """One address of each kind."""
    return sorted({_kind(address): address for address in sorted(addresses)}.values())


def _may(who: str, method: str, address: str) -> bool:
    """Whether the table lets this role do so with some record; with which one is tested there."""
    path = urlsplit(address).path
    return any(
        fnmatchcase(path, BRACES.sub("*", row.route)) and dict(row.cells)[who] in (YES, MASKED)
        for row in TABLE
        if row.method == method
    )


async def _crawl(desk: Browser, who: str) -> Found:
    found, waiting, seen, kinds = Found(), ["/staff"], set[str](), Counter[str]()
    while waiting and len(seen) < MOST_PAGES:
        place = waiting.pop(0)
        kind = _kind(place)
        if _place(place) in seen or kinds[kind] >= MOST_ALIKE:
            continue
        seen.add(_place(place))
        kinds[kind] += 1
        answer = await desk.client.get(place, follow_redirects=True)
        assert answer.status_code in (200, 303), f"{who} follows a link to {place}: {answer.status_code}"
        _check_words(who, place, answer.text)
        found.opened.add(place)
        if "html" not in answer.headers["content-type"]:
            continue
        page = Page(answer.text)
        waiting += sorted(link for link in page.links if link.startswith("/staff") and "/sign-" not in link)
        found.forms |= {form.action: form for form in page.forms if form.action.startswith("/staff")}
    assert len(seen) < MOST_PAGES, f"{who} finds no end: {sorted(seen)[-9:]}"
    return found


def _check_words(who: str, place: str, text: str) -> None:
    for words, readers in READS.items():
        assert words not in text or who in readers, f"{who} reads {words} at {place}"


@pytest.fixture
async def world(cast: Cast, settings: Settings, sessions: Sessions) -> None:
    """A little of everything, so that there is something to find."""
    maker = Maker(cast, NeedMaker(cast, settings))
    async with sessions.begin() as session:
        for of in NEEDS:
            thing = await maker.needs.make(session, of, "")
            if of == "social" and thing.need is not None:
                worker = actor_of(cast, "here.social_work_team")
                await assign_need(session, worker, thing.need.id, worker.staff_id)
        for route, of in (
            ("{consent_id}", "given"),
            ("{alert_id}", "public"),
            ("/staff/hotlines/", "here"),
            ("/staff/roster/{swap_id}", "team"),
            ("{absence_id}", "team"),
            ("{handover_id}", "here"),
            ("/staff/trouble/{outbox_id}", "public"),
            ("/staff/trouble/inbound/", "here"),
            ("/staff/learning/{message_id}", "here"),
            ("{proposal_id}", "approve"),
            ("/staff/canned", "company"),
        ):
            await maker.make(session, route, of)


@pytest.mark.usefixtures("world")
async def test_nothing_opens_that_is_not_ones_own(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    desks = {who: await open_desk(actor_of(cast, name)) for who, name in WHO.items()}
    found = {who: await _crawl(desk, who) for who, desk in desks.items()}
    pages = set[str]().union(*(each.opened for each in found.values()))
    forms = {action: form for each in found.values() for action, form in each.forms.items()}
    assert len({_kind(place) for place in pages}) > 15
    assert len({_kind(action) for action in forms}) > 40
    async with sessions() as session:
        before = await fingerprint(session)
    wrong: list[str] = []
    for who in OUTSIDERS:
        wrong += await _ask_others(desks[who], who, found[who], pages, forms)
    async with sessions() as session:
        after = await fingerprint(session)
    changed = [now[0] for was, now in zip(before, after, strict=True) if was != now and now[0] != NOTED]
    assert not wrong, "\n".join(wrong)
    assert not changed, f"somebody else's form changed {changed}"


async def _ask_others(
    desk: Browser, who: str, own: Found, pages: set[str], forms: dict[str, Form]
) -> list[str]:
    """Every page with an id and every form that others found and this one did not."""
    wrong = []
    for place in _one_of_each(place for place in pages - own.opened if IDS.search(place)):
        answer = await desk.client.get(place)
        _check_words(who, place, answer.text)
        opens = answer.status_code == 200 and not _may(who, "GET", place)
        if answer.status_code >= 500 or opens:
            wrong.append(f"{who} opens {place}: {answer.status_code}")
    for action in _one_of_each(set(forms) - set(own.forms)):
        if not IDS.search(action) or _may(who, "POST", action):
            continue
        answer = await desk.client.post(action, data=forms[action].fields | {"csrf": desk.csrf})
        _check_words(who, action, answer.text)
        if answer.status_code not in (403, 404, 409, 422):
            wrong.append(f"{who} sends {action}: {answer.status_code}")
    return wrong
