"""What people say about being told, read by rules: the sentences of the bot's data, and corrections; no Rasa needed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from bot.actions.wish_clocks import read_one_time
from bot.actions.wish_words import Wish, read_wish
from operations.places import BOT

WEDNESDAY = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SAID = {
    "退订": "stop",
    "TD": "stop",
    "别再给我发消息了": "stop",
    "再发我投诉了": "stop",
    "取消訂閱": "stop",
    "我唔想收通知喇": "stop",
    "我只想收紧急的": "stop",
    "unsubscribe me from all": "stop",
    "only urgent ones please": "stop",
    "恢复推送": "resume",
    "回来了 通知可以恢复发了": "resume",
    "turn the notifications back on": "resume",
    "晚上9点到早上8点别发": "quiet 1260-480",
    "晚上十点以后不要发": "quiet 1320-480",
    "早上八点前别发消息": "quiet 1290-480",
    "免打扰时间改成晚上九点到早上七点": "quiet 1260-420",
    "no messages after 10 pm": "quiet 1320-480",
    "quiet hours from 9 to 7": "quiet 1260-420",
    "between 10pm and 7am no messages": "quiet 1320-420",
    "I work nights, don't message before 2 pm": "quiet 1290-840",
    "晚上别给我发消息": "usual",
    "please don't message me at night": "usual",
    "这周别发了": "until 03-09",
    "先停几天 别发通知了": "until 03-07",
    "出差一个月 这段时间别发": "until 04-03",
    "到周五别发": "until 03-07",
    "pause messages for a week": "until 03-11",
    "I'm on holiday till june, no messages please": "until 06-01",
    "暂停推送": "until 03-11",
    "12月31日之前别发通知": "until 12-31",
    "12月别给我发通知": "until 01-01",
    "12月3日出差，先别发": "until 12-04",
    "3月底前别打扰我": "until 04-01",
    "6号前别发": "until 03-06",
    "3日前别发": "until 04-03",
    "住院半个月 别发消息": "until 03-19",
    "don't send me notices before december 31": "until 12-31",
    "只要停水停电的 别的不要": "only utilities",
    "活动的不用发我": "not activity",
    "我要订阅停水通知": "wants utilities",
    "don't send me activity announcements": "not activity",
    "let me know whenever there is volunteering": "wants activity",
    "活动和健康的不要，水电的要": "wants utilities not activity health",
    "一天一条就行": "1 a day",
    "每天最多两条": "2 a day",
    "a daily digest is enough": "1 a day",
    "消息太多了 少发点": "1 a day",
    "我关注了什么": "asks",
    "what do I follow": "asks",
    "广告的不要发": "asks",
    "给我妈也发一份": "others",
    "改成每周发一次": "weekly",
    "回访别发了": "own",
    "把消息改成短信发我": "elsewhere",
    "可以只发我们楼的通知吗": "building",
    "今天天气真好": "",
}


@pytest.mark.parametrize("said", SAID)
def test_a_wish_is_read(said: str) -> None:
    assert tell(read_wish(said, WEDNESDAY, "Asia/Shanghai")) == SAID[said]


def test_most_of_what_the_bot_learns_as_a_wish_is_read() -> None:
    blocks = YAML(typ="safe").load(BOT / "data/nlu/notices.yml")["nlu"]
    [examples] = [block["examples"] for block in blocks if block.get("intent") == "manage_subscription"]
    said = [line.removeprefix("- ") for line in examples.splitlines()]
    unread = [line for line in said if not read_wish(line, WEDNESDAY, "Asia/Shanghai")]
    assert len(unread) < len(said) / 20, unread


@pytest.mark.parametrize(
    ("said", "minutes", "is_end"),
    [("不是，是九点半", 21 * 60 + 30, False), ("早上七点", 7 * 60, True), ("no, at 10 pm", 22 * 60, False)],
)
def test_one_time_corrects_the_end_that_it_names(said: str, minutes: int, is_end: bool) -> None:
    assert read_one_time(said) == (minutes, is_end)


def tell(wish: Wish) -> str:
    """The wish in few words."""
    if wish.quiet:
        return "usual" if wish.quiet.usual else f"quiet {wish.quiet.begins}-{wish.quiet.ends}"
    parts = [
        "stop" if wish.stop else "",
        "resume" if wish.resume else "",
        "asks" if wish.asks else "",
        f"until {wish.paused_until:%m-%d}" if wish.paused_until else "",
        f"{wish.most_a_day} a day" if wish.most_a_day else "",
        wish.not_here or "",
        *_categories("only", wish.only),
        *_categories("wants", wish.follow),
        *_categories("not", wish.unfollow),
    ]
    return " ".join(filter(None, parts))


def _categories(name: str, codes: object) -> list[str]:
    return [name, *sorted(codes)] if codes else []  # type: ignore[call-overload]
