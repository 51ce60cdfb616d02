"""Notices at the console: composed, counted, previewed, approved by somebody else; what is wrong is said and kept."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from community.clock import now
from community.notices.models import Notice, NoticeFile, NoticeState, NoticeTemplate, SavedAudience
from community.parties.models import PartyType, Staff
from community.places.models import Level, Place
from community.residents.models import Resident
from community.residents.tags import ResidentTag
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import Browser, OpenDesk

COMMITTEE = PartyType.COMMITTEE
NOTICES = "/staff/notices"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
async def desk(open_desk: OpenDesk, cast: Cast) -> Browser:
    return await open_desk(cast.here.staff[COMMITTEE])


@pytest.fixture
async def colleague(open_desk: OpenDesk, cast: Cast) -> Browser:
    return await open_desk(cast.here.colleagues[COMMITTEE])


def form(**fields: str) -> dict[str, str]:
    """A notice as the page sends it."""
    until = now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)
    return {
        "request_id": str(uuid4()),
        "category": "utilities",
        "title_zh": "停水通知",
        "text_zh": "明天 **9:00** 停水。\n- 请存水",
        "title_en": "",
        "text_en": "",
        "when": "now",
        "valid_date": until.date().isoformat(),
        "valid_time": "18:00",
        "need_receipt": "1",
        "public": "1",
        **fields,
    }


async def write(desk: Browser, **fields: str) -> str:
    """The address of a draft."""
    return (await desk.post(NOTICES, 303, **form(**fields))).headers["location"]


async def states(sessions: Sessions) -> list[NoticeState]:
    async with sessions() as session:
        return list((await session.scalars(select(Notice.state).order_by(Notice.created_at))).all())


async def test_a_notice_goes_from_the_composer_to_a_colleague_and_out(
    desk: Browser, colleague: Browser, sessions: Sessions
) -> None:
    assert "停水通知" in (await desk.get(f"{NOTICES}/new")).text
    address = await write(desk)
    page = (await desk.get(address)).text
    assert "<strong>9:00</strong>" in page
    assert "没有英文，这里显示中文" in page
    await desk.post(f"{address}/submit")
    assert "由同事审批" in (await desk.get(address)).text
    assert "您写的通知" in (await desk.get(address)).text or "自己写的" in (await desk.get(address)).text
    refused = await desk.post(f"{address}/approve", 409)
    assert "自己写的通知要由同事审批，没有发送。" in refused.text
    assert await states(sessions) == [NoticeState.SUBMITTED]
    assert "1 份通知等您审批" in (await colleague.get(NOTICES)).text
    assert "1 份通知等您审批" not in (await desk.get(NOTICES)).text
    await colleague.post(f"{address}/approve")
    assert await states(sessions) == [NoticeState.APPROVED]
    assert "批准" in (await desk.get(address)).text


async def test_a_double_click_is_one_notice(desk: Browser, sessions: Sessions) -> None:
    fields = form()
    first, second = await desk.post(NOTICES, 303, **fields), await desk.post(NOTICES, 303, **fields)
    assert first.headers["location"] == second.headers["location"]
    assert len(await states(sessions)) == 1


async def test_who_goes_back_and_corrects_the_form_has_the_correction(
    desk: Browser, colleague: Browser, sessions: Sessions
) -> None:
    fields = form(title_zh="停水通之")
    address = (await desk.post(NOTICES, 303, **fields)).headers["location"]
    for title in ("停水通知", "3号楼停水通知"):
        again = await desk.post(NOTICES, 303, **fields | {"title_zh": title})
        assert again.headers["location"] == address
        assert f"<h1>{title}" in (await desk.get(address)).text
    assert await states(sessions) == [NoticeState.DRAFT]
    changed = form(title_zh="同事改的", version="3")
    await colleague.post(address, 303, **changed)
    refused = await desk.post(NOTICES, 422, **fields | {"title_zh": "又改"})
    assert "同事改过这份通知" in refused.text
    assert "又改" in refused.text
    await colleague.post(f"{address}/submit")
    await desk.post(NOTICES, 422, **fields | {"title_zh": "太晚了"})
    assert "同事改的" in (await desk.get(address)).text


async def test_a_big_community_ticks_every_building_and_entrance(
    desk: Browser, sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        community_id = cast.here.community.id
        made = [
            Place(
                community_id=community_id,
                level=Level.BUILDING,
                number=str(number),
                zh=f"{number}栋",
                en=f"Building {number}",
            )
            for number in range(101, 801)
        ]
        session.add_all(made)
    ticked = {f"place-{place.id}": "1" for place in made}
    address = await write(desk, **ticked)
    async with sessions() as session:
        notice = (await session.scalars(select(Notice))).one()
    assert len(notice.audience["places"]) == len(made)
    await desk.get(address)
    counted = await desk.post(f"{NOTICES}/audience", 200, **ticked)
    assert "没有人" in counted.text
    query = urlencode(ticked)
    await desk.post(f"{NOTICES}/audiences", 303, name="七百栋", query=query)
    async with sessions() as session:
        kept = (await session.scalars(select(SavedAudience))).one()
    assert len(kept.audience["places"]) == len(made)
    too_many = {f"tag-{number}": "1" for number in range(2_001)}
    assert "勾得太多了" in (await desk.post(f"{NOTICES}/audience", 200, **too_many)).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"valid_date": "2020-01-01"}, "要比发送时间晚"),
        ({"valid_date": "gestern"}, "日期或时间填得不对"),
        ({"when": "at", "send_date": "2020-01-01", "send_time": "09:00"}, "发送时间已经过了"),
        ({"age_from": "80", "age_to": "60"}, "年龄请填"),
        ({"age_from": "x"}, "年龄请填"),
        ({"tag-tall": "1"}, "重新选"),
        ({"place-x": "1"}, "重新选"),
        ({"category": "gossip"}, "选一个通知类别"),
        ({"text_zh": " "}, "还没有内容"),
        ({"activity": str(uuid4())}, "这个活动不能报名了"),
    ],
)
async def test_what_does_not_fit_is_said_and_kept(
    desk: Browser, sessions: Sessions, wrong: dict[str, str], said: str
) -> None:
    page = (await desk.post(NOTICES, 422, **form(**wrong))).text
    assert said in page
    assert 'value="停水通知"' in page
    assert await states(sessions) == []


async def test_an_audience_of_nobody_is_refused(desk: Browser, sessions: Sessions, cast: Cast) -> None:
    fields = {f"place-{cast.here.unit.id}": "1"}
    address = await write(desk, **fields)
    assert "发不出去" in (await desk.get(address)).text
    assert "一个人也没有" in (await desk.post(f"{address}/submit", 409)).text
    assert await states(sessions) == [NoticeState.DRAFT]


async def test_what_is_out_of_date_is_not_approved(
    desk: Browser, colleague: Browser, sessions: Sessions
) -> None:
    address = await write(desk)
    await desk.post(f"{address}/submit")
    async with sessions.begin() as session:
        notice = (await session.scalars(select(Notice))).one()
        notice.valid_from = now() - timedelta(days=2)
        notice.valid_until = now() - timedelta(minutes=1)
    assert "有效期已经过了" in (await colleague.post(f"{address}/approve", 409)).text
    assert await states(sessions) == [NoticeState.SUBMITTED]


async def test_html_and_script_are_words(desk: Browser) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>[坏](javascript:alert(1))"
    address = await write(desk, title_zh="<b>停水</b>", text_zh=evil)
    page = (await desk.get(address)).text
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "会原样当作文字发出去" in page


async def test_two_gigabytes_are_refused_before_they_are_sent(desk: Browser) -> None:
    cookies = "; ".join(f"{each.name}={each.value}" for each in desk.client.cookies.jar)
    head = (
        f"POST {NOTICES} HTTP/1.1\r\nHost: {desk.client.base_url.netloc.decode()}\r\nCookie: {cookies}\r\n"
        f"Origin: {str(desk.client.base_url).rstrip('/')}\r\nAccept: text/html\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {2 * 1024**3}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(desk.client.base_url.host, desk.client.base_url.port)
    writer.write(head.encode())
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 413")
    assert "最多 30 MB，什么都没有上传" in answer


async def test_a_picture_and_what_is_no_file(desk: Browser, sessions: Sessions) -> None:
    fields = {"csrf": desk.csrf, **form()}
    sent = await desk.client.post(NOTICES, data=fields, files={"files": ("a.png", PNG, "image/png")})
    assert sent.status_code == 303
    async with sessions() as session:
        notice = (await session.scalars(select(Notice))).one()
        kept = (await session.scalars(select(NoticeFile.file_id))).all()
    assert kept == [notice.image_id]
    await desk.get(f"/staff/photos/{notice.image_id}")
    version, files = {"version": "1"}, {f"kept-{notice.image_id}": "1"}
    await desk.post(f"{NOTICES}/{notice.id}", 303, **form(**version, **files))
    async with sessions() as session:
        assert (await session.get_one(Notice, notice.id)).image_id == notice.image_id
    await desk.post(f"{NOTICES}/{notice.id}", 303, **form(version="2"))
    async with sessions() as session:
        assert (await session.get_one(Notice, notice.id)).image_id is None
    bad = await desk.client.post(
        NOTICES,
        data={"csrf": desk.csrf, **form()},
        files={"files": ("a.exe", b"MZ", "application/octet-stream")},
    )
    assert bad.status_code == 422


async def test_a_template_asks_for_what_is_missing_and_fills_the_composer(desk: Browser) -> None:
    fields = (await desk.get(f"{NOTICES}/new?template=water")).text
    assert 'name="where_en"' in fields
    missed = (await desk.get(f"{NOTICES}/new?template=water&fill=1&day=2026-12-01", 422)).text
    assert "还没填：开始时间、结束时间、范围、原因" in missed
    assert 'value="2026-12-01"' in missed
    said = "day=2026-12-01&begins=09:00&ends=12:00&where=3号楼&where_en=Building 3&reason=检修"
    page = (await desk.get(f"{NOTICES}/new?template=water&fill=1&{said}")).text
    assert "**12月1日（周二） 9:00–12:00**，3号楼停水（检修）" in page
    assert "no water in Building 3" in page
    assert re.search(r'name="need_receipt" value="1" checked', page)


async def test_the_count_tells_how_many_and_who(desk: Browser, cast: Cast, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        owner = await session.get_one(Resident, cast.owner.resident_id)
        owner.home_id, owner.name = cast.here.unit.id, "王阿姨"
    everybody = (await desk.post(f"{NOTICES}/audience", 200, category="utilities")).text
    assert "2 人" in everybody
    some = (await desk.post(f"{NOTICES}/audience", 200, **{f"place-{cast.here.building.id}": "1"})).text
    assert "1 人" in some
    assert "3号楼2单元 · 王阿姨" in some
    assert "没有人" in (await desk.post(f"{NOTICES}/audience", 200, age_from="60")).text
    assert "年龄请填" in (await desk.post(f"{NOTICES}/audience", 200, age_from="99", age_to="1")).text
    await desk.post(f"{NOTICES}/audience", 404, **{f"place-{cast.there.building.id}": "1"})


async def test_what_is_chosen_in_a_folded_part_stands_open(desk: Browser, cast: Cast) -> None:
    def folds(page: str) -> dict[str, bool]:
        found = re.findall(r"<details class=\"(?:field_wide|tree__branch)\"( open)?><summary>([^<]+)", page)
        return {name: bool(is_open) for is_open, name in found}

    assert not any(folds((await desk.get(f"{NOTICES}/new")).text).values())
    without = await write(desk, **{f"not_place-{cast.here.unit.id}": "1"})
    page = (await desk.get(f"{without}/edit")).text
    assert (folds(page)["排除"], folds(page)["更多条件"], folds(page)["3号楼"]) == (True, False, True)
    more = await write(desk, **{"channel-web": "1", f"place-{cast.here.building.id}": "1"})
    page = (await desk.get(f"{more}/edit")).text
    assert (folds(page)["排除"], folds(page)["更多条件"]) == (False, True)


async def test_what_goes_out_at_night_is_said_to_arrive_in_the_morning(desk: Browser) -> None:
    day = (now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).date().isoformat()
    for send_time, category, said in (
        ("22:30", "charity", 1),
        ("10:00", "charity", 0),
        ("22:30", "emergency", 0),
    ):
        address = await write(desk, when="at", send_date=day, send_time=send_time, category=category)
        page = (await desk.get(address)).text
        assert page.count("那时大家在休息，后天 8:00 才送到") == said, (send_time, category)


async def test_an_audience_is_kept_and_used_again(desk: Browser, sessions: Sessions) -> None:
    await desk.post(f"{NOTICES}/audiences", name="老人", query="age_from=60&tag-living_alone=1")
    page = (await desk.get(f"{NOTICES}/kept")).text
    assert "老人" in page
    assert "独居" in page
    async with sessions() as session:
        kept = (await session.scalars(select(SavedAudience))).one()
    composer = (await desk.get(f"{NOTICES}/new?saved={kept.id}")).text
    assert re.search(r'name="age_from" min="0" max="130" value="60"', composer)
    assert re.search(r'name="tag-living_alone" value="1" checked', composer)
    await desk.post(f"{NOTICES}/audiences", 422, name=" ", query="")
    await desk.post(f"{NOTICES}/audiences/{kept.id}/forget")


async def test_a_template_of_the_office(desk: Browser, sessions: Sessions) -> None:
    made = {"category": "activity", "title_zh": "老人食堂", "text_zh": "{day}起在{place}开饭。"}
    await desk.post(f"{NOTICES}/templates", 303, **made)
    bad = (await desk.post(f"{NOTICES}/templates", 422, **(made | {"text_zh": "{nonsense}"}))).text
    assert "不认识的空格：{nonsense}" in bad
    async with sessions() as session:
        template = (await session.scalars(select(NoticeTemplate))).one()
    assert "老人食堂" in (await desk.get(f"{NOTICES}/new?template={template.id}")).text
    await desk.post(f"{NOTICES}/templates/{template.id}/retire")
    await desk.get(f"{NOTICES}/new?template={template.id}", 404)


async def test_the_preview_is_what_the_channels_draw(desk: Browser) -> None:
    words = {
        "title_zh": "停水",
        "text_zh": "**明天**停水",
        "title_en": "",
        "text_en": "",
        "need_receipt": "1",
    }
    page = (await desk.post(f"{NOTICES}/preview", 200, **words)).text
    assert "【停水】明天停水" in page
    assert "1 条消息" in page
    assert "收到" in page
    long = (await desk.post(f"{NOTICES}/preview", 200, **(words | {"text_zh": "停水。" * 660}))).text
    assert "字节" in long


async def test_the_preview_stays_with_what_is_looked_at(desk: Browser) -> None:
    words = {"title_zh": "停水", "text_zh": "停水", "title_en": "Water cut", "text_en": "No water (检修)"}
    page = (await desk.post(f"{NOTICES}/preview", 200, **words)).text
    assert "英文里还有中文" in page
    checked = re.findall(r'value="(\w+)" class="looks__\w+" checked', page)
    assert checked == ["zh", "wechat"]
    looked_at = {"look-language": "en", "look-channel": "page", "text_en": "No water"}
    page = (await desk.post(f"{NOTICES}/preview", 200, **(words | looked_at))).text
    assert re.findall(r'value="(\w+)" class="looks__\w+" checked', page) == ["en", "page"]
    assert "英文里还有中文" not in page


async def test_the_preview_is_of_the_day_on_which_it_goes_out(desk: Browser, sessions: Sessions) -> None:
    address = await write(desk)
    for days in (-3, 3):
        async with sessions.begin() as session:
            begins = now() + timedelta(days=days)
            await session.execute(
                update(Notice).values(valid_from=begins, valid_until=begins + timedelta(days=9))
            )
        assert "，今天）" in (await desk.get(address)).text


async def test_in_an_emergency_the_leader_sends_at_once(
    desk: Browser, sessions: Sessions, cast: Cast
) -> None:
    address = await write(desk, category="emergency")
    assert "马上发</button>" not in (await desk.get(address)).text
    await desk.post(f"{address}/send-now", 403)
    async with sessions.begin() as session:
        (await session.get_one(Staff, cast.here.staff[COMMITTEE].staff_id)).leads = True
    assert "紧急，马上发" in (await desk.get(address)).text
    await desk.post(f"{address}/send-now")
    assert "没有经过审批" in (await desk.get(address)).text
    assert await states(sessions) == [NoticeState.APPROVED]


async def test_given_back_with_words_changed_copied_and_called_off(
    desk: Browser, colleague: Browser, sessions: Sessions
) -> None:
    address = await write(desk)
    await desk.post(f"{address}/submit")
    await colleague.post(f"{address}/reject", 422, why=" ")
    await colleague.post(f"{address}/reject", why="写清楚几栋")
    assert "写清楚几栋" in (await desk.get(address)).text
    assert 'value="停水通知"' in (await desk.get(f"{address}/edit")).text
    await desk.post(address, 303, **form(title_zh="停水改期", version="1"))
    again = (await colleague.post(address, 422, **form(title_zh="停水", version="1"))).text
    assert "同事改过这份通知" in again
    copied = (await desk.post(f"{address}/copy")).headers["location"]
    assert copied.endswith("/edit")
    await desk.post(f"{address}/cancel", why="不停了")
    await desk.post(f"{address}/cancel", 409)
    assert await states(sessions) == [NoticeState.CANCELLED, NoticeState.DRAFT]


async def test_the_committee_notes_tags_and_age(
    desk: Browser, sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    address = f"/staff/residents/{cast.owner.resident_id}"
    await desk.post(address, 303, **{"tag-living_alone": "1", "tag-volunteer": "1", "birth_year": "1950"})
    await desk.post(address, 303, **{"tag-living_alone": "1", "birth_year": "1951"})
    async with sessions() as session:
        assert (await session.scalars(select(ResidentTag.tag))).all() == ["living_alone"]
        assert (await session.get_one(Resident, cast.owner.resident_id)).birth_year == 1951
    assert "独居" in (await desk.get("/staff/residents?tag=living_alone")).text
    assert "四位数" in (await desk.post(address, 422, birth_year="52")).text
    await desk.get(f"/staff/residents/{cast.stranger.resident_id}", 404)
    street = await open_desk(cast.street)
    await street.get(address, 404)
    await street.get("/staff/residents", 404)
