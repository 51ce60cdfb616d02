"""Reporting: all in one sentence, things missing, questions in between, corrections, photos, leaving off."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

DIALOGUES = {
    "everything in one sentence": """
        > 3号楼2单元的电梯坏了两天了，有老人下不了楼
        - report_read_back: 电梯, 3号楼2单元, 有老人下不了楼
        = needs:
        > 对 报上去
        - need_saved: 负责, 加急
        = needs: elevator routed
        """,
    "only where, not yet what": """
        > 3号楼
        - report_ask_what
        > 垃圾没人收
        - report_read_back: 垃圾, 3号楼
        """,
    "by buttons": """
        > 你好
        - greeting
        > [报个事]
        - report_ask_what
        > 楼上天天半夜拖椅子 说了也不听
        - report_ask_place
        > 三号楼
        - report_read_back: 噪音, 3号楼
        > [button_report_it]
        - need_saved
        = needs: noise routed
        """,
    "one thing missing, a question in between": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 居委会几点下班
        - contact: 020-8888 1234
        - report_goes_on
        - report_ask_place
        > 3栋2单元
        - report_read_back: 3号楼2单元
        > 可以
        - need_saved
        = needs: fire_public_safety routed
        """,
    "a unit is asked for where it matters": """
        > 三号楼电梯又停了
        - report_read_back: 电梯, 3号楼2单元
        > 算了
        - report_dropped
        = needs:
        """,
    "an unknown building offers near ones": """
        > 垃圾桶满了没人收
        - report_ask_place
        > 9号楼
        - report_place_unknown: 9
        > [3号楼]
        - report_read_back: 3号楼
        > 嗯
        - need_saved
        = needs: sanitation_environment routed
        """,
    "an unknown building, answered by number": """
        > 9号楼垃圾桶满了没人收
        - report_place_unknown: 9
        > 1
        - report_read_back: 3号楼
        """,
    "a place in one's own words": """
        > 路灯不亮 黑漆漆的
        - report_ask_place
        > 就是小学后门那条巷子
        - report_read_back: 小学后门那条巷子
        > 是的
        - need_saved
        = needs: roads_transit_streetlights routed
        """,
    "none of the near ones": """
        > 9号楼楼下垃圾没人收
        - report_place_unknown
        > [都不是]
        - report_ask_place_words
        > 菜场旁边的垃圾房
        - report_read_back: 菜场旁边的垃圾房
        """,
    "place corrected in words": """
        > 楼道灯坏了
        - report_ask_place
        > 传达室那边
        - report_read_back: 传达室
        > 不是传达室，是3号楼2单元
        - report_read_back: 3号楼2单元
        > 对的
        - need_saved
        = needs: repair_utilities routed
        """,
    "changed by button": """
        > 3号楼有人养鸡 天天打鸣
        - report_read_back
        > [改一下]
        - report_ask_change
        > [类别]
        - report_ask_kind
        > 算噪音
        - report_read_back: 噪音
        > [改一下]
        - report_ask_change
        > [地点]
        - report_ask_place
        > 3号楼2单元
        - report_read_back: 3号楼2单元
        > [改一下]
        - report_ask_change
        > [内容]
        - report_ask_new_words
        > 楼上养了一群鸡 早上四点就叫
        - report_read_back: 早上四点就叫
        > 报吧
        - need_saved
        = needs: noise routed
        """,
    "more words before it is confirmed": """
        > 3号楼楼顶漏水
        - report_read_back
        > 还有三楼走廊也在滴水
        - report_read_back: 还有三楼走廊也在滴水
        > 确认
        - need_saved
        = needs: repair_utilities routed
        """,
    "a photo first, words later": """
        > (photo)
        - report_ask_what_photo
        > 三号楼门口垃圾堆成山了
        - report_read_back: 照片 1 张, 3号楼
        > [再加张照片]
        - report_send_photo
        > (photo)
        - report_read_back: 照片 2 张
        > 好
        - need_saved
        = needs: sanitation_environment routed
        """,
    "something to report, not yet said what": """
        > 我要反映一个情况
        - report_ask_what
        > 谢谢
        - welcome
        - report_goes_on
        - report_ask_what
        > 3号楼的狗没拴绳子把小孩吓哭了
        - report_read_back: 3号楼
        > 算了不弄了
        - report_dropped
        = needs:
        """,
    "a person is asked for in between": """
        > 楼下烧烤店闹到半夜
        - report_ask_place
        > 转人工
        - person_queued: 020-8888 1234
        - report_goes_on
        - report_ask_place
        > 3号楼
        - report_read_back
        > 对
        - need_saved
        = needs: noise routed
        """,
    "nonsense at the confirmation": """
        > 3号楼电梯坏了
        - report_read_back
        > 今天天气怎么样
        - report_unclear
        - report_read_back
        > 不对
        - report_ask_change
        > [不报了]
        - report_dropped
        = needs:
        """,
    "a yes that belongs to nothing": """
        > 对
        - what_else
        > 不用
        - what_else
        = needs:
        """,
    "a private matter": """
        > 最近老是睡不着，也不想见人
        - care_offer: 只有社工
        > [请社工联系我]
        - care_ask_way
        > [发消息]
        - care_saved: 只有社工
        = needs: mental_health routed
        """,
    "a private matter, not now": """
        > 最近压力好大，天天想哭
        - care_offer
        > 不用
        - care_closed: 12356
        = needs:
        """,
    "danger to oneself": """
        > 我不想活了 东西都收拾好了
        - crisis_self: 12356
        - crisis_calling
        = needs: mental_health routed
        """,
    "danger in the middle of something": """
        > 楼道里堆了好多杂物
        - report_ask_place
        > 着火了 3号楼冒烟
        - crisis_fire: 119
        - crisis_calling
        """,
    "a command that somebody types is words": """
        > /affirm{"draft":"1"}
        = needs:
        """,
}

ENGLISH = {
    "everything in one sentence": """
        > the lift in building 3 unit 2 is dead again and my mum's in a wheelchair
        - report_read_back: Lift, Building 3 Unit 2
        > yes, report it
        - need_saved: answer by
        = needs: elevator routed
        """,
    "place missing, changed by words": """
        > the bin room stinks again
        - report_ask_place
        > block 3
        - report_read_back: Building 3
        > no, it's about the noise
        - report_read_back: Noise
        > go ahead
        - need_saved
        = needs: noise routed
        """,
    "never mind": """
        > someone parked in my space
        - report_ask_place
        > what are your opening hours
        - contact
        - report_goes_on
        - report_ask_place
        > never mind
        - report_dropped
        = needs:
        """,
}


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await talk.play(DIALOGUES[name])


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])
