"""Asks one cell of the table of the running app, and reads what the answer means."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from community.base import Base
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, WORDS, Browser
from tests.web.staff.rights.forms import fill_in, query_of
from tests.web.staff.rights.needs_of import Thing
from tests.web.staff.rights.reading import MASKED, MISSING, REFUSED, SIGN_IN, YES, Row

WHO = {
    "com": "here.committee",
    "com2": "there.committee",
    "swa": "here.social_work_team",
    "swt": "here.social_work_team.2",
    "swo": "there.social_work_team",
    "lead": "here.property_company",
    "part": "here.social_organisation",
    "none": "here.department",
    "str": "street",
    "adm": "admin",
}
READS = {WORDS: {"com", "swa", "swt", "lead", "part", "str"}, SECRET: {"swa"}}
"""Who may ever be sent the words of the residents' needs."""
MOVED_ON = "情况已经变了"
BY_LOOKING = {"need_views", "need_seen", "staff_sessions", "limit_counters", "sign_in_failures"}
"""Tables to which looking, and being refused, may add."""


@dataclass(frozen=True)
class Asking:
    """A row of the table with the record that it is about, asked by one column."""

    cast: Cast
    row: Row
    column: str

    async def ask(self, desk: Browser, thing: Thing) -> str:
        """What the app answers, as the table has it; the words of others are in no answer."""
        path = self.row.route.format(**thing.ids)
        if self.row.method == "LIVE":
            return await _call(desk)
        if self.row.method == "GET":
            answer = await desk.client.get(path + query_of(self.row.route, thing))
        else:
            fields = fill_in(self.cast, WHO.get(self.column, "here.committee"), self.row.route, thing)
            answer = await desk.client.post(path, data={"csrf": desk.csrf, **fields})
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> str:
        assert answer.status_code < 500, f"{self.row.name} breaks for {self.column}"
        for words, readers in READS.items():
            if words in answer.text and self.column not in readers:
                return f"{answer.status_code} with the words {words}"
        if answer.status_code in (403, 422):
            return "moved on" if MOVED_ON in answer.text else REFUSED
        if answer.status_code == 404:
            return MISSING
        if answer.headers.get("location", "").startswith("/staff/sign-in?next"):
            return SIGN_IN
        if answer.status_code == 200 and "card masked" in answer.text:
            return MASKED
        return YES if answer.status_code in (200, 204, 303, 307) else str(answer.status_code)


async def last_write(session: AsyncSession) -> int:
    """A number that grows with every transaction that writes anything anywhere."""
    return int(await session.scalar(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")) or 0)


async def fingerprint(session: AsyncSession) -> list[tuple[str, int, int]]:
    """Of every table that acts may change, how many rows it has and its newest version: any write shows."""
    names = sorted(set(Base.metadata.tables) - BY_LOOKING)
    parts = [f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {name}" for name in names]
    rows = await session.execute(text(" UNION ALL ".join(parts)))
    return sorted((name, number, newest) for name, number, newest in rows)  # PostgreSQL promises no order


async def _call(desk: Browser) -> str:
    """Open the live line."""
    base = str(desk.client.base_url).rstrip("/")
    cookie = "; ".join(f"{each.name}={each.value}" for each in desk.client.cookies.jar)
    headers = {"Cookie": cookie} if cookie else {}
    try:
        async with connect(
            f"{base.replace('http', 'ws', 1)}/staff/live", additional_headers=headers, origin=Origin(base)
        ):
            return YES
    except InvalidStatus:
        return SIGN_IN
