"""Small talk, the menu, notices, contacts, a person, the language, and what is not understood."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.clock import now
from community.notices.models import Notice, NoticeState
from community.parties.models import DutyShift, PartyType
from community.residents.models import Language
from community.residents.usecases import get_resident
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

DIALOGUES = {
    "greeting, thanks, goodbye": """
        > 你好
        - greeting
        > 谢谢
        - welcome
        > 再见
        - goodbye
        """,
    "what can you do": """
        > 你能干什么
        - menu
        > [看进度]
        - needs_none
        > 你是机器人吗
        - what_linli_is: 不是真人
        """,
    "nothing to leave off": """
        > 算了
        - nothing_under_way
        """,
    "a person, asked for twice": """
        > 我要找人
        - person_queued
        > 转人工
        - person_waits: 020-8888 1234
        > 找个真人来
        - person_waits
        """,
    "hours and phone": """
        > 居委会几点下班
        - contact: 榕树社区, 020-8888 1234, 08:30–12:00, 14:00–17:30, 现在有人
        """,
    "no notices": """
        > 有什么通知
        - notices_none: 榕树社区
        """,
    "a person, nobody on the roster": """
        > 转人工
        - person_queued: 020-8888 1234
        """,
    "never the same failure twice": """
        > 今天天气怎么样
        - unclear
        > 给我讲个笑话
        - unclear_menu
        > 一加一等于几
        - unclear_person
        > 放首歌听
        - unclear_menu
        > 你好
        - greeting
        > 世界上最高的山是哪座
        - unclear
        """,
}


async def test_the_community_is_asked_once(talk: Talk) -> None:
    await talk.forget_community()
    await talk.play("""
        > 有什么通知
        - notices_community_unknown
        > [榕树社区]
        - notices_none: 榕树社区
        > 有什么通知
        - notices_none: 榕树社区
        """)


async def test_the_community_is_asked_in_a_report(talk: Talk) -> None:
    await talk.forget_community()
    await talk.play("""
        > 3号楼2单元的电梯坏了两天了，有老人下不了楼
        - report_ask_community
        > 榕树
        - report_read_back: 3号楼2单元
        > 对
        - need_saved
        = needs: elevator routed
        """)


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await talk.play(DIALOGUES[name])


async def test_language_is_kept(talk: Talk) -> None:
    await talk.play("""
        > English please
        - language_is_english
        """)
    async with talk.sessions() as session:
        assert (await get_resident(session, talk.resident_id)).language is Language.EN


async def test_notices_are_read_out(talk: Talk) -> None:
    async with talk.sessions.begin() as session:
        session.add(
            Notice(
                community_id=talk.cast.here.community.id,
                category="water",
                state=NoticeState.SENT,
                title_zh="停水",
                text_zh="明天9:00到12:00，3号楼停水，请提前存水。",
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=1),
            )
        )
    await talk.play("""
        > 明天停水吗
        - notice_when: 明天 9:00 到 12:00
        - notice: 停水, 请提前存水
        """)


async def test_who_is_on_duty_is_told_from_the_roster(talk: Talk) -> None:
    committee = talk.cast.here.staff[PartyType.COMMITTEE]
    async with talk.sessions.begin() as session:
        session.add(
            DutyShift(
                party_id=committee.party_id,
                staff_id=committee.staff_id,
                starts_at=now() + timedelta(hours=2),
                ends_at=now() + timedelta(hours=6),
            )
        )
    await talk.play(f"""
        > 我要找人
        - person_next: {committee.name}, 今天 12:0
        """)


ENGLISH = {
    "small talk": """
        > hello
        - greeting
        > what can you do
        - menu
        > are you a bot
        - what_linli_is
        > thanks
        - welcome
        > bye
        - goodbye
        """,
    "asking": """
        > what time does the committee close
        - contact: Banyan
        > any notices
        - notices_none
        > talk to a human
        - person_queued
        """,
    "not ours": """
        > tell me a joke
        - unclear
        > what's the weather like
        - unclear_menu
        """,
}


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])
