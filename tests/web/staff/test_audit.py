"""The audit log as a page: for admins and the street, by person and act, and as a file that is noted itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from community.audit.models import AuditAct
from community.audit.usecases import note_act
from community.parties.models import PartyType
from community.parties.usecases import disable_staff, set_leader
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk
from web.words import all_words

PAGE = "/staff/audit"
SUBJECT = {"subject_kind", "subject_id", "community_id"}


async def test_the_page_shows_who_did_what_and_narrows(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    clerk = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await set_leader(session, cast.admin, clerk.staff_id, leads=True)
        await disable_staff(session, cast.admin, cast.here.colleagues[PartyType.COMMITTEE].staff_id)
    desk = await open_desk(cast.admin)
    whole = (await desk.get(PAGE)).text
    assert whole.count('<article class="act">') == 3
    assert "设了负责人" in whole
    assert "停用了账号" in whole
    assert '<option value="keys_rotated">' in whole  # offered without a look through the log
    only = (await desk.get(f"{PAGE}?act=staff_closed&who={cast.admin.staff_id}")).text
    assert only.count('<article class="act">') == 1
    assert (await desk.get(f"{PAGE}?subject={clerk.staff_id}")).text.count('<article class="act">') == 1
    assert '<article class="act">' not in (await desk.get(f"{PAGE}?until=2020-01-01")).text
    await desk.get(f"{PAGE}?who=nonsense&since=x&page=-4&subject=y")


async def test_the_file_is_harmless_and_noted(sessions: Sessions, cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(cast.admin)
    answer = await desk.post(f"{PAGE}/export", 200)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.count("\n") == 2
    assert "登录" in answer.text
    async with sessions() as session:
        acts = (await session.scalars(select(AuditAct.act).order_by(AuditAct.id))).all()
    assert acts == ["signed_in", "acts_exported"]


@pytest.mark.parametrize(
    "party", [PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY]
)
async def test_others_find_no_such_page(cast: Cast, open_desk: OpenDesk, party: PartyType) -> None:
    desk = await open_desk(cast.here.staff[party])
    await desk.get(PAGE, 404)
    await desk.post(f"{PAGE}/export", 404)
    assert PAGE not in (await desk.get("/staff/needs")).text


async def test_details_are_said_in_words(sessions: Sessions, cast: Cast, open_desk: OpenDesk) -> None:
    clerk = cast.here.staff[PartyType.COMMITTEE]
    note = partial(note_act, subject_kind="notice", subject_id=None, community_id=cast.here.community.id)
    at = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    async with sessions.begin() as session:
        note(session, clerk, "notice_drafted", category="utilities", tags=["tenant"], starts_at=at)
        note(session, clerk, "consent_asked", fields=["phone", "place"], party_id=clerk.party_id)
    page = (await (await open_desk(cast.admin)).get(PAGE)).text
    assert "标签 租户 · 类别 水电气梯 · 从 2026-03-04 08:30" in page
    assert "告诉什么 电话、楼栋 · 单位 榕树社区居委会" in page


def test_every_detail_has_a_word() -> None:
    """Read from the calls of note_act, and of functions that hand details on to it."""
    given = {
        name for path in Path("community").rglob("*.py") for name in _details(ast.parse(path.read_text()))
    }
    assert {"role", "starts_at", "fields"} <= given
    assert {name for name in given if f"staff_audit.detail_{name}" not in all_words()} == set()


def _details(module: ast.Module) -> Iterator[str]:
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    if not any(node.module == "community.audit.usecases" for node in imports):
        return
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    handing_on = {each.name for each in functions if each.args.kwarg and "note_act" in ast.unparse(each)}
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in handing_on | {"note_act"}:
            yield from (each.arg for each in call.keywords if each.arg and each.arg not in SUBJECT)
