"""Activities, shifts, receipts, offers, ideas, own data: what is truly done today, and who is reached otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.clock import now
from community.conversations.models import Handover
from community.notices.models import Notice, NoticeState
from community.residents.models import HomeClaim
from community.residents.usecases import get_resident
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

CHINESE = {
    "no activity is announced": """
        > 周末有什么活动
        - activities_none: 居委会
        - contact: 020-8888 1234
        """,
    "joining is left with the committee": """
        > 我要报名
        - passing_ask_activity
        > 周六探访老人，我和女儿两个人
        - passing_read_back_shift: 我要报名, 周六探访老人
        > [button_pass_on]
        - person_queued: 020-8888 1234
        = needs:
        """,
    "coming, said outside of anything": """
        > 能来
        - passing_ask_shift: 哪个活动
        > 居委会电话多少
        - contact
        - passing_ask_shift
        > 明天早上的巡逻
        - passing_read_back_shift: 巡逻
        > 不用了
        - passing_dropped
        """,
    "not coming": """
        > 周六的巡逻我来不了了，孩子发烧
        - passing_read_back_shift: 孩子发烧
        > 好的
        - person_queued
        """,
    "own shifts and hours": """
        > 我的志愿时长有多少
        - own_hours_none
        - own_shifts_none: 没有报名的活动
        """,
    "arriving": """
        > 我到了，签到
        - check_in_nothing: 现场
        """,
    "a receipt where no notice is out": """
        > 收到
        - what_else
        """,
    "fewer messages": """
        > 晚上别给我发消息
        - wishes_quiet_now: 21:30 到 8:00
        """,
    "an offer is kept as a matter": """
        > 我有一台旧轮椅想捐出来
        - passing_read_back: 旧轮椅
        > 对
        - passing_kept: 居委会
        = needs: other routed
        """,
    "an idea, asked for": """
        > 我有个建议
        - passing_ask_idea
        > 大厅里放个书架，大家换书看
        - passing_read_back: 书架
        > [button_not_now]
        - passing_dropped
        = needs:
        """,
    "another wish in the middle of an offer": """
        > 我会理发 可以给老人免费剪
        - passing_read_back: 免费剪
        > 3号楼2单元电梯坏了
        - report_read_back: 电梯
        > 对
        - need_saved
        = needs: elevator routed
        """,
    "an old button passes nothing on": """
        > 我想给社区捐点书
        - passing_read_back
        > 算了
        - passing_dropped
        > 我有台旧电脑想捐
        - passing_read_back: 旧电脑
        > 好
        - passing_kept
        = needs: other routed
        """,
    "what is kept about me": """
        > 你们存了我什么信息
        - my_data: 榕树社区, 电话没有, 报过 0 件事
        - my_data_ask_person: 我的
        """,
}


@pytest.mark.parametrize("name", CHINESE)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await talk.play(CHINESE[name])


ENGLISH = {
    "activities": """
        > what's on this weekend
        - activities_none: plan of activities
        - contact: Banyan
        """,
    "joining": """
        > sign me up for the visit to old people on saturday
        - passing_read_back_shift: on saturday
        > yes
        - person_queued
        """,
    "coming": """
        > I'll be there
        - passing_ask_shift
        > the patrol tomorrow at nine
        - passing_read_back_shift: patrol
        > no
        - passing_dropped
        """,
    "not coming": """
        > I can't come to the patrol tomorrow, my kid has a fever
        - passing_read_back_shift: fever
        > yes please
        - person_queued
        """,
    "hours": """
        > how many volunteer hours do I have
        - own_hours_none
        - own_shifts_none
        """,
    "arriving": """
        > I'm here, checking in for my shift
        - check_in_nothing
        """,
    "a receipt": """
        > got it, I've read the notice
        - what_else
        """,
    "fewer messages": """
        > please stop sending me messages at night
        - wishes_quiet_now: 21:30 to 8:00
        """,
    "an offer": """
        > I have an old wheelchair to give away
        - passing_read_back: wheelchair
        > yes
        - passing_kept: committee
        = needs: other routed
        """,
    "an idea": """
        > I have a suggestion for the community
        - passing_ask_idea
        > a swap shelf in the lobby
        - passing_read_back: swap shelf
        > yes
        - passing_kept
        = needs: other routed
        """,
    "what is kept": """
        > what data do you store about me
        - my_data: no phone
        - my_data_ask_person
        """,
}


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])


async def test_what_is_passed_on_waits_with_the_committee(talk: Talk) -> None:
    await talk.play("""
        > 明天的活动我来不了了，发烧
        - passing_read_back_shift
        > 对
        - person_queued
        """)
    async with talk.sessions() as session:
        handover = await session.scalar(select(Handover).where(Handover.resident_id == talk.resident_id))
    assert handover is not None
    assert handover.words == "明天的活动我来不了了，发烧"


async def test_home_name_and_phone_are_kept_after_a_yes(talk: Talk) -> None:
    await talk.play("""
        > 我搬家了，现在住3号楼2单元
        - profile_read_back: 3号楼2单元
        > 叫我王阿姨就行，电话换成138 0013 8000
        - profile_read_back: 3号楼2单元, 王阿姨, 138 0013 8000
        > [button_keep_profile]
        - profile_kept
        > 你们存了我什么信息
        - my_data: 3号楼2单元, 称呼有, 电话有
        - my_data_ask_person
        """)
    async with talk.sessions() as session:
        resident = await get_resident(session, talk.resident_id)
    assert resident.home_id == talk.cast.here.unit.id
    assert resident.home_claim is HomeClaim.CLAIMED
    assert (resident.name, resident.phone) == ("王阿姨", "138 0013 8000")


async def test_what_is_new_is_asked_and_a_no_changes_nothing(talk: Talk) -> None:
    talk.language = "en"
    await talk.play("""
        > I want to update my profile
        - profile_ask_what
        > building 99
        - profile_place_unknown: 99
        > my name is Anna
        - profile_read_back: Anna
        > no
        - profile_unchanged
        """)
    async with talk.sessions() as session:
        assert (await get_resident(session, talk.resident_id)).name is None


async def test_announced_activities_are_read_out(talk: Talk) -> None:
    async with talk.sessions.begin() as session:
        session.add(
            Notice(
                community_id=talk.cast.here.community.id,
                category="volunteers",
                state=NoticeState.SENT,
                title_zh="招募探访志愿者",
                text_zh="周六上午探访独居老人，还差6位。",
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=3),
            )
        )
    await talk.play("""
        > 周末有什么活动
        - notice: 招募探访志愿者
        - activities_join
        > [button_menu_join]
        - passing_ask_activity
        > 周六的探访
        - passing_read_back_shift: 周六的探访
        > 先不用
        - passing_dropped
        > 收到通知了
        - what_else
        """)


async def test_a_question_in_the_middle_of_a_report_is_answered(talk: Talk) -> None:
    await talk.play("""
        > 楼道里堆了好多杂物
        - report_ask_place
        > 周末有什么活动
        - activities_none
        - contact
        - report_goes_on
        - report_ask_place
        > 3号楼
        - report_read_back
        """)


async def test_the_community_is_asked_before_words_are_passed_on(talk: Talk) -> None:
    await talk.forget_community()
    await talk.play("""
        > 我有一箱旧书想捐给图书室
        - report_ask_community
        > [榕树社区]
        - passing_read_back: 旧书
        > 对
        - passing_kept: 居委会
        = needs: other routed
        """)
