"""Danger told in the chat: the number, the case at once, who comes, and staying there; and distress without danger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from community.alerts.crisis import set_crisis
from community.alerts.models import Alert
from community.alerts.usecases import take_alert
from community.conversations.models import Handover
from community.hotlines.founding import found_hotlines
from community.hotlines.models import Danger
from community.needs.models import EntryKind, NeedEntry, NeedFile, Urgency, Visibility
from community.parties.models import DutyShift, Party, PartyType
from community.wishes.models import ContactWish
from tests.dialogue.conftest import WEDNESDAY_AT_TEN
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot
TEAM, COMMITTEE = PartyType.SOCIAL_WORK_TEAM, PartyType.COMMITTEE


async def settle(talk: Talk, on_duty: Sequence[PartyType] = (TEAM, COMMITTEE)) -> None:
    """The community has its hotlines; these parties have somebody on duty."""
    async with talk.sessions.begin() as session:
        await found_hotlines(session, talk.cast.here.community.id)
        for party in on_duty:
            staff = talk.cast.here.staff[party]
            session.add(
                DutyShift(
                    party_id=staff.party_id,
                    staff_id=staff.staff_id,
                    starts_at=WEDNESDAY_AT_TEN - timedelta(hours=1),
                    ends_at=WEDNESDAY_AT_TEN + timedelta(hours=4),
                )
            )


async def count_alerts(talk: Talk) -> int:
    async with talk.sessions() as session:
        return await session.scalar(select(func.count()).select_from(Alert)) or 0


async def handed_over(talk: Talk) -> list[str]:
    """The words left for a person."""
    async with talk.sessions() as session:
        return list((await session.scalars(select(Handover.words))).all())


DIALOGUES = {
    "stored before anything is asked": """
        > 我不想活了 东西都收拾好了
        - crisis_self: 12356, 120
        - crisis_on_duty: banyan.social_work_team, 身边现在有人
        = needs: mental_health routed
        """,
    "somebody is with them": """
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > 我妈在家
        - crisis_not_alone: 12356
        > 心里堵得慌
        - crisis_listening
        = needs: mental_health routed
        """,
    "nobody is with them": """
        > 我想死 现在就想
        - crisis_self
        - crisis_on_duty
        > [没有人]
        - crisis_alone
        > 心里堵得慌
        - crisis_listening
        """,
    "a second message of danger is the same case": """
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > 药都买好了 就等晚上
        - crisis_self
        - crisis_added: banyan.social_work_team
        > 我不想活了
        - crisis_listening
        > 真的不想活了
        - crisis_listening
        = needs: mental_health routed
        """,
    "in the middle of a report, which goes on afterwards": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > 没事了 刚才是说气话
        - crisis_fine
        - crisis_resume
        > [接着报]
        - report_ask_place
        > 3号楼
        - report_read_back: 3号楼, 杂物
        > 对
        - need_saved
        = needs: mental_health routed, fire_public_safety routed
        """,
    "what was put aside is left": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > [有人在]
        - crisis_not_alone
        > [我没事了]
        - crisis_fine
        - crisis_resume
        > 不用了
        - report_dropped
        = needs: mental_health routed
        """,
    "danger again when asked whether to go on": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 着火了快来人
        - crisis_fire: 119
        - crisis_on_duty
        > 火灭了
        - crisis_fine
        - crisis_resume
        > 我不想活了
        - crisis_self: 12356
        - crisis_on_duty
        > 没事了 刚才是说气话
        - crisis_fine
        - crisis_resume
        > [接着报]
        - report_ask_place
        """,
    "a question when asked whether to go on": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > 没事了 刚才是说气话
        - crisis_fine
        - crisis_resume
        > 你好
        - greeting
        - crisis_resume
        > [接着报]
        - report_ask_place
        """,
    "in the middle of an addition": """
        > 3号楼2单元电梯坏了
        - report_read_back
        > 对
        - need_saved
        > 我要补充一点
        - need_ask_addition
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        = needs: elevator routed, mental_health routed
        """,
    "fire goes to the committee": """
        > 着火了 3号楼五楼冒烟
        - crisis_fire: 119
        - crisis_on_duty: banyan.committee, 安全
        > 我们出来了
        - crisis_safe
        > 火灭了
        - crisis_fine
        = needs: fire_public_safety routed
        """,
    "violence": """
        > 他又打我了 我躲在厕所里 救命
        - crisis_violence: 110
        - crisis_on_duty: banyan.social_work_team
        > 不安全 他还在外面
        - crisis_unsafe: 110
        = needs: neighbour_dispute routed
        """,
    "who beats comes back": """
        > 他又打我了 我躲在厕所里 救命
        - crisis_violence: 110
        - crisis_on_duty
        > 他又回来了，拿着刀在砸门
        - crisis_violence: 110
        - crisis_added
        = needs: neighbour_dispute routed
        """,
    "somebody is missing": """
        > 我妈走丢了 有老年痴呆 天黑了还没回来
        - crisis_missing: 110
        - crisis_on_duty
        > 找到了 虚惊一场
        - crisis_fine
        """,
    "for somebody else": """
        > 我女儿在窗台上说要跳下去
        - crisis_another: 12356
        - crisis_on_duty
        = needs: mental_health routed
        """,
    "only a test": """
        > 着火了快来人
        - crisis_fire
        - crisis_on_duty
        > 不好意思 刚才是测试
        - crisis_fine
        > 你好
        - greeting
        """,
    "another wish meanwhile is put off": """
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        > 3号楼2单元的电梯坏了 一直不动
        - crisis_first
        > [我没事了]
        - crisis_fine
        - crisis_resume: 电梯
        > [接着报]
        - report_read_back: 3号楼2单元
        """,
}


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await settle(talk)
    await talk.play(DIALOGUES[name])


ENGLISH = {
    "stored at once": """
        > I want to kill myself
        - crisis_self: 12356
        - crisis_on_duty: on duty
        > I'm alone
        - crisis_alone
        > I'm fine now, sorry
        - crisis_fine
        = needs: mental_health routed
        """,
    "fire": """
        > there's a fire in our building
        - crisis_fire: 119
        - crisis_on_duty
        > we got out
        - crisis_safe
        """,
    "gentle": """
        > I feel anxious all the time and can't sleep
        - care_offer: 12356
        > [Yes, please]
        - care_ask_way
        > [Message]
        - care_saved: write to you
        = needs: mental_health routed
        """,
}


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await settle(talk)
    await talk.play(ENGLISH[name])


GENTLE = {
    "a social worker is to write": """
        > 最近老是睡不着，也不想见人
        - care_offer: 只有社工, 12356
        > [请社工联系我]
        - care_ask_way
        > [发消息]
        - care_saved: 只有社工, 发消息
        = needs: mental_health routed
        """,
    "to call, with a number": """
        > 最近压力好大，天天想哭
        - care_offer
        > 请社工联系我
        - care_ask_way
        > 打电话吧
        - care_ask_phone
        > 13800001111
        - care_saved: 打电话
        = needs: mental_health routed
        """,
    "being heard first": """
        > 最近老是睡不着，也不想见人
        - care_offer
        > [先跟我说说]
        - care_talk
        > 心里堵得慌
        - care_listening
        > [请社工联系我]
        - care_ask_way
        > [见面]
        - care_saved: 见面
        = needs: mental_health routed
        """,
    "unnamed": """
        > 最近压力好大，天天想哭
        - care_offer
        > [只想匿名问问]
        - care_ask_question
        > 这种情况要不要去看医生
        - care_saved_unnamed: 不带您的名字
        = needs: mental_health routed
        """,
    "not now": """
        > 最近压力好大，天天想哭
        - care_offer
        > 算了
        - care_closed: 12356
        = needs:
        """,
    "danger after all": """
        > 最近压力好大，天天想哭
        - care_offer
        > 我不想活了
        - crisis_self
        - crisis_on_duty
        = needs: mental_health routed
        """,
}


@pytest.mark.parametrize("name", GENTLE)
async def test_distress_without_danger_is_not_alerted(talk: Talk, name: str) -> None:
    await settle(talk)
    await talk.play(GENTLE[name])
    assert await count_alerts(talk) == (1 if name == "danger after all" else 0)
    if name == "unnamed":
        async with talk.sessions() as session:
            assert (await session.scalars(select(ContactWish.way))).all() == ["anonymous"]


PERSON_IN_CARE = {
    "while being heard": """
        > 最近老是睡不着，也不想见人
        - care_offer
        > [先跟我说说]
        - care_talk
        > 转人工
        - care_ask_way
        > [发消息]
        - care_saved: 只有社工
        = needs: mental_health routed
        """,
    "when asked for the way": """
        > 最近压力好大，天天想哭
        - care_offer
        > 请社工联系我
        - care_ask_way
        > 别跟我扯 叫个人来
        - care_ask_way
        """,
    "when asked for a phone": """
        > 最近压力好大，天天想哭
        - care_offer
        > 请社工联系我
        - care_ask_way
        > 打电话吧
        - care_ask_phone
        > 转人工
        - care_ask_way
        """,
    "when asking unnamed": """
        > 最近压力好大，天天想哭
        - care_offer
        > [只想匿名问问]
        - care_ask_question
        > 转人工
        - care_ask_way
        """,
}


@pytest.mark.parametrize("name", PERSON_IN_CARE)
async def test_who_asks_for_a_person_in_distress_gets_the_social_worker(talk: Talk, name: str) -> None:
    await settle(talk)
    await talk.play(PERSON_IN_CARE[name])
    assert await handed_over(talk) == []


async def test_who_asks_for_a_person_in_a_confidential_report_leaves_no_words(talk: Talk) -> None:
    await settle(talk)
    said = await talk.say("家里揭不开锅了 想申请低保")
    assert said[-1]["message"] == "report_read_back_private", said
    said = await talk.say("我想找个真人说")
    assert said[-1]["message"] == "report_read_back_private", said
    assert await handed_over(talk) == [""]


NORMAL = {
    "累死了 电梯又坏了 3号楼2单元": "report_read_back",
    "楼上天天半夜拖椅子 吵死了": "report_ask_place",
    "这电梯要吓死人 一抖一抖的": None,
    "this noise is killing me": None,
    "我要投诉 物业气死我了": None,
    "楼下的狗把我吓死了": None,
}


@pytest.mark.parametrize("text", NORMAL)
async def test_ways_of_speaking_are_no_crisis(talk: Talk, text: str) -> None:
    await settle(talk)
    said = await talk.say(text)
    assert not said[0]["message"].startswith(("crisis_", "care_")), said
    assert await count_alerts(talk) == 0
    assert await talk.needs() == []


async def test_nobody_on_duty_is_said_honestly(talk: Talk) -> None:
    await settle(talk, ())
    tomorrow = WEDNESDAY_AT_TEN + timedelta(hours=22, minutes=30)
    team = talk.cast.here.staff[TEAM]
    async with talk.sessions.begin() as session:
        session.add(
            DutyShift(
                party_id=team.party_id,
                staff_id=team.staff_id,
                starts_at=tomorrow,
                ends_at=tomorrow + timedelta(hours=3),
            )
        )
    await talk.play(
        """
        > 我不想活了
        - crisis_self: 12356
        - crisis_off_duty: 没有社工值班, 明天 8:30, 12356
        = needs: mental_health routed
        """
    )


async def test_what_is_stored_is_confidential_and_holds_the_words(talk: Talk) -> None:
    await settle(talk)
    await talk.play("> 我不想活了\n> 我妈在\n> 心里难受得很")
    need = (await talk.needs())[0]
    assert (need.visibility, need.urgency) == (Visibility.CONFIDENTIAL, Urgency.CRISIS)
    assert need.lead_party_id == talk.cast.here.parties[TEAM].id
    async with talk.sessions() as session:
        wanted = select(NeedEntry.words).where(NeedEntry.kind == EntryKind.ADDITION).order_by(NeedEntry.id)
        assert (await session.scalars(wanted)).all() == ["我妈在", "心里难受得很"]
    assert await count_alerts(talk) == 1


async def test_who_took_it_is_named(talk: Talk) -> None:
    await settle(talk)
    await talk.play("> 我不想活了\n- crisis_self\n- crisis_on_duty")
    async with talk.sessions.begin() as session:
        alert = (await session.scalars(select(Alert))).one()
        await take_alert(session, talk.cast.here.colleagues[TEAM], alert.id)
    await talk.play("> 心里好苦\n- crisis_listening: banyan.social_work_team.2")


async def test_hours_later_an_ordinary_message_is_ordinary(talk: Talk) -> None:
    await settle(talk)
    await talk.play("> 着火了快来人\n- crisis_fire\n- crisis_on_duty")
    async with talk.sessions.begin() as session:
        alert = (await session.scalars(select(Alert))).one()
        await take_alert(session, talk.cast.here.staff[COMMITTEE], alert.id)
    with time_machine.travel(WEDNESDAY_AT_TEN + timedelta(hours=8), tick=True):
        await talk.play("> 3号楼2单元的电梯坏了\n- report_read_back")


AFTERWARDS = {
    "a greeting": """
        > 你好
        - greeting
        - crisis_resume
        > [接着报]
        - report_ask_place
        > 3号楼
        - report_read_back: 3号楼, 杂物
        """,
    "nothing clear": """
        > 嗯嗯啊
        - crisis_how_are_you
        - crisis_resume
        > 不用了
        - report_dropped
        """,
    "a new report, which the old one follows": """
        > 3号楼2单元的电梯坏了
        - report_read_back: 电梯
        > 对
        - need_saved
        - next_matter: 杂物
        - report_ask_place
        """,
}


@pytest.mark.parametrize("name", AFTERWARDS)
async def test_hours_later_what_was_put_aside_is_not_lost(talk: Talk, name: str) -> None:
    await settle(talk)
    await talk.play(
        """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 着火了快来人
        - crisis_fire
        - crisis_on_duty
        """
    )
    async with talk.sessions.begin() as session:
        alert = (await session.scalars(select(Alert))).one()
        await take_alert(session, talk.cast.here.staff[COMMITTEE], alert.id)
    with time_machine.travel(WEDNESDAY_AT_TEN + timedelta(hours=8), tick=True):
        await talk.play(AFTERWARDS[name])


async def test_where_the_community_is_not_known_the_number_comes_first(talk: Talk) -> None:
    await settle(talk)
    await talk.forget_community()
    await talk.play(
        """
        > 我不想活了
        - crisis_self: 12356
        - crisis_ask_community
        = needs:
        > [榕树社区]
        - crisis_on_duty: banyan.social_work_team
        = needs: mental_health routed
        """
    )


async def test_where_nothing_can_be_stored_the_number_stands(talk: Talk) -> None:
    """A community without a social work team: that is no reason to answer with a refusal."""
    await settle(talk)
    team = talk.cast.here.parties[TEAM].id
    async with talk.sessions.begin() as session:
        await session.execute(update(Party).where(Party.id == team).values(type=PartyType.VOLUNTEER_TEAM))
    await talk.play(
        """
        > 我不想活了
        - crisis_self: 12356
        - crisis_not_stored: 12356
        = needs:
        """
    )
    async with talk.sessions.begin() as session:
        await session.execute(update(Party).where(Party.id == team).values(type=TEAM))
    await talk.play("> 心里难受\n- crisis_on_duty\n= needs: mental_health routed")


async def test_a_photo_goes_to_the_case(talk: Talk) -> None:
    await settle(talk)
    await talk.play("> 着火了 3号楼五楼冒烟\n- crisis_fire\n- crisis_on_duty\n> (photo)\n- crisis_noted")
    async with talk.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(NeedFile)) == 1


async def test_a_crisis_that_staff_set_is_not_the_residents_own(talk: Talk) -> None:
    """A later alarm of this person is a case of its own."""
    await settle(talk)
    await talk.play("> 3号楼2单元的电梯坏了\n- report_read_back\n> 对\n- need_saved")
    async with talk.sessions.begin() as session:
        lead = talk.cast.here.staff[PartyType.PROPERTY_COMPANY]
        await set_crisis(session, lead, (await talk.needs())[0].id, Danger.OTHER)
    await talk.play(
        "> 我不想活了\n- crisis_self\n- crisis_on_duty\n= needs: elevator routed, mental_health routed"
    )
