"""Lists to take away: within one's rights, nothing confidential, people only for who may call, nothing executed."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from community.audit.models import AuditAct
from community.needs import taking
from community.needs.models import Need
from community.residents.usecases import keep_name, keep_phone
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, WORDS, Browser, OpenDesk, actor_of, report
from web.staff.table import HEADINGS, harmless

CSV, XLSX = "/staff/export/needs.csv", "/staff/export/needs.xlsx"
Table = list[dict[str, str]]


async def read_csv(desk: Browser, query: str = "") -> Table:
    answer = await desk.get(f"{CSV}{query}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def read_xlsx(desk: Browser, query: str = "") -> Table:
    book = load_workbook(io.BytesIO((await desk.get(f"{XLSX}{query}")).content))
    headings, *rows = book.active.iter_rows(values_only=True)
    return [{name: value or "" for name, value in zip(headings, row, strict=True)} for row in rows]


@pytest.fixture
async def known(sessions: Sessions, cast: Cast) -> None:
    """The owner has a name and a phone."""
    async with sessions.begin() as session:
        await keep_name(session, cast.owner.resident_id, "王阿姨")
        await keep_phone(session, cast.owner.resident_id, "13900001111")


@pytest.mark.parametrize("read", [read_csv, read_xlsx])
async def test_the_list_with_people_for_who_leads(
    open_desk: OpenDesk, cast: Cast, lift: Need, known: None, read: object
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    (row,) = await (read_csv if read is read_csv else read_xlsx)(desk)
    assert row["编号"] == lift.code
    assert (row["类别"], row["地点"], row["原话"]) == ("电梯", "3号楼2单元", WORDS)
    assert (row["居民称呼"], row["电话"]) == ("王阿姨", "13900001111")
    assert len(row) == len(HEADINGS)


async def test_who_assists_gets_no_people(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, known: None
) -> None:
    noise = await report(sessions, cast.owner, "noise", words="楼上太吵，打13812345678")
    assisting = await open_desk(actor_of(cast, "here.property_company"))
    (row,) = await read_csv(assisting, "?scope=all")
    assert row["编号"] == noise.code
    assert (row["居民称呼"], row["电话"]) == ("", "")
    (row,) = await read_csv(await open_desk(actor_of(cast, "here.committee")))
    assert row["电话"] == "13812345678, 13900001111"


@pytest.mark.parametrize("who", ["here.social_work_team", "here.committee", "street", "there.committee"])
async def test_nothing_confidential_leaves(open_desk: OpenDesk, cast: Cast, low_mood: Need, who: str) -> None:
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    await worker.post(f"/staff/needs/{low_mood.id}/take")
    desk = await open_desk(actor_of(cast, who))
    for path in (CSV, XLSX):
        for query in ("?scope=all&state=any", f"?scope=all&state=any&q={low_mood.code}", "?scope=mine"):
            answer = await desk.get(path + query)
            assert low_mood.code.encode() not in answer.content
            assert SECRET.encode() not in answer.content
    assert await read_xlsx(desk, "?scope=all&state=any") == []


async def test_filters_language_and_name_of_the_file(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    other = await report(sessions, cast.neighbour, words="=HYPERLINK(1)\x07")
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert [row["编号"] for row in await read_csv(desk, "?q=3-2")] == [lift.code]
    rows = {row["编号"]: row for row in await read_xlsx(desk)}
    assert rows[other.code]["原话"] == "'=HYPERLINK(1)"
    await desk.post("/staff/language", language="en", next="/staff/needs")
    answer = await desk.get(CSV)
    assert "Code,Kind,State" in answer.text
    assert "needs-20" in answer.headers["content-disposition"]


async def test_each_export_is_noted_and_not_open_to_admins(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff = actor_of(cast, "here.property_company")
    desk = await open_desk(staff)
    await desk.get(f"{XLSX}?scope=all&urgency=normal&q=电梯")
    async with sessions() as session:
        act = (await session.scalars(select(AuditAct).where(AuditAct.act == "needs_exported"))).one()
    assert act.who_id == staff.staff_id
    assert act.details == {
        "form": "xlsx", "count": 1, "scope": "all", "urgency": "normal", "words": True,
    }  # fmt: skip
    admin = await open_desk(cast.admin)
    await admin.get(CSV, 403)


async def test_too_long_a_list_is_refused_with_a_sentence(
    open_desk: OpenDesk, cast: Cast, lift: Need, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST", 0)
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert "这份名单有1件，一次最多导出0件" in (await desk.get(CSV, 422)).text


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", " =", "\t=", "|", "%", "＝", "＋", "－", "＠", "\u3000＝"]
)
def test_no_cell_is_executed(start: str) -> None:
    assert harmless(f"{start}1+1").startswith("'")
    assert harmless("电梯 = 坏") == "电梯 = 坏"
