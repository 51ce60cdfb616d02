"""A person's needs: how far they are, adding to them, taking them back, and the rating after the work."""

from __future__ import annotations

import pytest

from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

LIFT = """
        > 3号楼2单元电梯坏了
        - report_read_back
        > 对
        - need_saved
"""
NOISE = """
        > 3号楼楼上天天半夜拖椅子
        - report_read_back
        > 对
        - need_saved
"""

DIALOGUES = {
    "nothing reported yet": """
        > 我报的事怎么样了
        - needs_none
        > 不用修了 自己好了
        - needs_none
        """,
    "how far it is": LIFT
    + """
        > 我报的事怎么样了
        - need_progress: 电梯, 等负责的人接, 前给您回话
        * accept
        * answer: 门机坏了，下午换
        > 查进度
        - need_progress: 正在办
        - need_last_answer: 门机坏了，下午换
        """,
    "several are listed": LIFT
    + NOISE
    + """
        > 我报的那几件事都怎么样了
        - needs_list: 电梯, 噪音
        > 1
        - need_progress: 噪音
        > 电梯那个呢 修到哪一步了
        - need_progress: 电梯
        """,
    "added to the only one": LIFT
    + """
        > 忘了说 家里有坐轮椅的老人 麻烦快一点
        - need_added
        > 我要补充一点
        - need_ask_addition: 电梯
        > 晚上六点以后家里才有人
        - need_added
        > 催一下
        - need_added
        """,
    "added to one of several": LIFT
    + NOISE
    + """
        > 补充一下 昨天晚上又这样了
        - need_which
        > 居委会电话多少
        - contact
        - need_which
        > 噪音那个
        - need_added
        """,
    "added where there is nothing to add to": """
        > 上次报的漏水现在更严重了
        - report_ask_place
        > 3号楼
        - report_read_back
        """,
    "taken back": LIFT
    + """
        > 电梯自己好了 不用来了
        - need_confirm_withdrawal: 电梯
        > 不
        - need_kept
        = needs: elevator routed
        > 撤回我的诉求
        - need_confirm_withdrawal
        > [button_withdraw]
        - need_withdrawn
        = needs: elevator withdrawn
        """,
    "one of several taken back": LIFT
    + NOISE
    + """
        > 我想取消之前报的事
        - need_which
        > [电梯]
        - need_confirm_withdrawal: 电梯
        > 对
        - need_withdrawn
        = needs: elevator withdrawn, noise routed
        """,
    "taken back in other words": LIFT
    + NOISE
    + """
        > 撤回电梯那个
        - need_confirm_withdrawal: 电梯
        > 对，撤回
        - need_withdrawn
        > 不用处理了
        - need_confirm_withdrawal: 噪音
        > 撤回吧
        - need_withdrawn
        = needs: elevator withdrawn, noise withdrawn
        """,
    "solved and rated": LIFT
    + """
        * accept
        * resolve: 换了门机
        * ask whether solved
        > [button_solved]
        - need_closed
        - rating_ask_score
        > 5
        - rating_ask_remark: 5 分
        > 师傅很客气
        - rating_thanks
        = needs: elevator closed
        """,
    "solved, said in words": LIFT
    + """
        * accept
        * resolve: 换了门机
        * ask whether solved
        > 修好了 打四分
        - need_closed
        - rating_ask_remark: 4 分
        > [没有了]
        - rating_thanks
        = needs: elevator closed
        """,
    "not solved": LIFT
    + """
        * accept
        * resolve: 换了门机
        * ask whether solved
        > 修了又坏
        - need_reopened
        - rating_ask_what_is_wrong
        > 今天早上又卡在六楼
        - rating_thanks
        = needs: elevator reopened
        """,
    "just yes to the survey": LIFT
    + """
        * accept
        * resolve: 换了门机
        * ask whether solved
        > 是的
        - need_closed
        - rating_ask_score
        > 挺好
        - rating_ask_remark
        > 没有
        - rating_thanks
        """,
    "a survey answered in the middle of a report": LIFT
    + """
        * accept
        * resolve: 换了门机
        > 楼道里堆了好多杂物
        - report_ask_place
        * ask whether solved
        > [button_solved]
        - need_closed
        - report_goes_on
        - report_ask_place
        > 3号楼
        - report_read_back
        > 对
        - need_saved
        = needs: elevator closed, fire_public_safety routed
        """,
    "danger in the middle of an addition": LIFT
    + """
        > 我要补充一点
        - need_ask_addition
        > 我不想活了
        - crisis_self: 12356
        - crisis_calling
        = needs: elevator routed, mental_health routed
        """,
    "a new report in the middle of something else": LIFT
    + """
        > 我要补充一点
        - need_ask_addition
        > 算了
        - nothing_added
        > 不用修了
        - need_confirm_withdrawal
        > 楼道灯坏了 黑漆漆的
        - report_ask_place
        > 3号楼
        - report_read_back
        """,
}


@pytest.mark.parametrize("name", DIALOGUES)
async def test_in_chinese(talk: Talk, name: str) -> None:
    await talk.play(DIALOGUES[name])


ENGLISH = {
    "followed and withdrawn": """
        > the lift in building 3 unit 2 is broken
        - report_read_back
        > yes
        - need_saved
        > any news about my report
        - need_progress: Lift
        > it's fixed already, no need to come
        - need_confirm_withdrawal
        > yes
        - need_withdrawn
        = needs: elevator withdrawn
        """,
    "rated": """
        > water is leaking in building 3
        - report_read_back
        > yes please
        - need_saved
        * accept
        * resolve: new pipe
        * ask whether solved
        > it's fixed, thank you, very happy
        - need_closed
        - rating_ask_remark: 5
        > nothing more
        - rating_thanks
        """,
}


@pytest.mark.parametrize("name", ENGLISH)
async def test_in_english(talk: Talk, name: str) -> None:
    talk.language = "en"
    await talk.play(ENGLISH[name])


async def test_a_named_code_is_what_is_told_of_also_when_it_is_over(talk: Talk) -> None:
    await talk.play(LIFT + "* accept\n* resolve: 换了门机\n" + NOISE)
    lift, noise = [need.code for need in await talk.needs()]
    assert (await talk.say(f"{lift}怎么样了"))[0]["values"]["code"] == lift
    assert (await talk.say(f"{noise}怎么样了"))[0]["values"]["code"] == noise
