"""Facts in a report: what was said is not asked again, is read back, corrected one by one in words, and stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community.facts.models import TimeKind
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot
SHANGHAI = ZoneInfo("Asia/Shanghai")

DIALOGUES = {
    "a landmark near a building keeps both": """
        > 3号楼后面垃圾房臭得不行
        - report_read_back: 3号楼后面垃圾房
        > 对
        - need_saved
        = needs: sanitation_environment routed
        """,
    "a landmark of the whole community needs no building": """
        > 地下车库里的灯全都不亮
        - report_read_back: 地下车库
        """,
    "a landmark that every building has needs one": """
        > 垃圾房三天没人收 臭死了
        - report_ask_place
        > 3栋
        - report_read_back: 3号楼垃圾房
        """,
    "when, told in answer to where, is kept and where is asked again": """
        > 楼上天天拖椅子吵死人
        - report_ask_place
        > 昨晚十点多开始的
        - report_ask_place
        > 三号楼
        - report_read_back: 3号楼
        """,
    "the building corrected": """
        > 三号楼垃圾没人收
        - report_read_back: 3号楼
        > 不是3号楼，是3号楼2单元
        - report_read_back: 3号楼2单元
        > 报吧
        - need_saved
        """,
    "a building that corrects itself": """
        > 垃圾堆在楼道里没人管
        - report_ask_place
        > 9栋，啊不对，3栋
        - report_read_back: 3号楼
        """,
    "the time corrected": """
        > 3号楼昨天水管爆了，漏得到处都是
        - report_read_back: 昨天水管爆了
        > 是前天不是昨天
        - report_read_back: 前天水管爆了
        """,
    "the phone corrected": """
        > 3号楼楼道灯坏了 打我电话13800138000
        - report_read_back: 138 0013 8000, 138****8000
        > 电话错了 是13912345678
        - report_read_back: 139 1234 5678, 139****5678
        > 对 报上去
        - need_saved
        """,
    "the number of people corrected": """
        > 3号楼有三户人家家里漏水 没人修
        - report_read_back: 三户人家
        > 不是三户，是五户人家
        - report_read_back: 五户人家家里漏水
        """,
    "a phone read out digit by digit": """
        > 3号楼后门锁坏了，我电话幺三八零零一三八零零零
        - report_read_back: 138 0013 8000
        """,
    "facts said one after the other": """
        > 3号楼电梯坏了
        - report_read_back
        > 昨天晚上开始的
        - report_read_back: 昨天晚上开始
        > 我电话 138 0013 8000
        - report_read_back: 138 0013 8000
        > 好的
        - need_saved
        """,
    "the landmark corrected, then a place without a building": """
        > 3号楼大堂垃圾没人扫
        - report_read_back: 3号楼大堂
        > 不是大堂，是后门
        - report_read_back: 3号楼后门, 后门垃圾没人扫
        > 说错了 是小区东门口
        - report_read_back: 小区东门口
        """,
    "another building that has it too is no correction": """
        > 3号楼楼道垃圾没人扫
        - report_read_back: 3号楼楼道
        > 5号楼楼道也是垃圾没人扫
        - report_read_back: 3号楼楼道, 5号楼楼道也是垃圾
        """,
    "more words are no correction of the building": """
        > 3号楼楼顶漏水
        - report_read_back: 3号楼楼顶
        > 还有走廊也在滴水
        - report_read_back: 3号楼楼顶, 走廊也在滴水
        """,
}

ENGLISH = {
    "the lobby of a building": """
        > the lobby of building 3 smells of rubbish
        - report_read_back: Building 3, the lobby
        """,
    "the building corrected": """
        > someone parked in front of block 3 and blocks the fire lane
        - report_read_back: Building 3
        > not building 3, it's building 3 unit 2
        - report_read_back: Building 3 Unit 2
        """,
    "the day corrected": """
        > no water in building 3 since Tuesday
        - report_read_back: since Tuesday
        > it started Monday, not Tuesday
        - report_read_back: since Monday
        > yes, report it
        - need_saved
        """,
    "every night after eleven": """
        > loud music in block 3 every night after 11
        - report_read_back: every night after 11
        > go ahead
        - need_saved
        = needs: noise routed
        """,
    "the phone corrected": """
        > lift in block 3 unit 2 is stuck, call me on 138 0013 8000
        - report_read_back: 138 0013 8000
        > wrong number, it's 139 1234 5678
        - report_read_back: 139 1234 5678
        """,
    "where after when": """
        > there is rubbish all over the stairs, two kids slipped
        - report_ask_place
        > since last night
        - report_ask_place
        > building 3
        - report_read_back: Building 3, since last night
        """,
}


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await talk.play(DIALOGUES[name])


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])


async def test_facts_are_stored_with_the_need(talk: Talk) -> None:
    await talk.play("""
        > 3号楼后面垃圾房昨晚十点多着过火星，三户人家都闻到了，我电话13800138000
        - report_read_back
        > 对
        - need_saved
        """)
    [need] = await talk.needs()
    assert need.place_words == "后面垃圾房"
    assert (need.happened_words, need.happened_kind) == ("昨晚十点多", TimeKind.AT)
    assert need.happened_from == datetime(2026, 3, 3, 22, tzinfo=SHANGHAI)
    assert need.happened_until == need.happened_from + timedelta(hours=1)
    assert (need.people_count, need.people_words) == (3, "三户人家")
    assert need.contact_phones == ["13800138000"]
    assert "13800138000" not in need.words
    assert "138****8000" in need.words


async def test_only_the_corrected_phone_is_stored(talk: Talk) -> None:
    await talk.play(DIALOGUES["the phone corrected"])
    [need] = await talk.needs()
    assert need.contact_phones == ["13912345678"]
    assert "8000" not in need.words


async def test_a_phone_for_the_social_worker_is_kept_out_of_the_words(talk: Talk) -> None:
    await talk.play("""
        > 最近压力好大，天天想哭
        - care_offer
        > 请社工联系我
        - care_ask_way
        > 打电话吧
        - care_ask_phone
        > 81234567
        - care_saved
        """)
    [need] = await talk.needs()
    assert need.contact_phones == ["81234567"]
    assert "81234567" not in need.words
