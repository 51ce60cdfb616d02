"""What is a wish about channels, and what only sounds like one."""

from __future__ import annotations

import pytest

from bot.actions.linking_words import LAST_USED, read_code, read_link, read_unlink, read_where


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("把微信也连上", "wechat"),
        ("link my Telegram", "telegram"),
        ("我想绑定微信", "wechat"),
        ("怎么连微信？", "wechat"),
        ("can I link my WeChat account?", "wechat"),
        ("把网页也连上", "web"),
        ("连接另一个渠道", ""),
        ("link another account", ""),
        ("医保怎么绑定微信", None),
        ("微信群在哪", None),
        ("微信支付连不上", None),
        ("断开微信", None),
        ("电梯坏了", None),
    ],
)
def test_a_wish_to_link(said: str, channel: str | None) -> None:
    assert read_link(said) == channel


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("断开微信", "wechat"),
        ("解绑telegram", "telegram"),
        ("把微信断开吧", "wechat"),
        ("取消绑定微信", "wechat"),
        ("unlink Telegram please", "telegram"),
        ("disconnect the other phone", ""),
        ("电断了", None),
        ("把微信也连上", None),
    ],
)
def test_a_wish_to_let_go(said: str, channel: str | None) -> None:
    assert read_unlink(said) == channel


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("通知发到微信", "wechat"),
        ("以后通知都发到Telegram上", "telegram"),
        ("notify me on WeChat, please", "wechat"),
        ("send notices to telegram", "telegram"),
        ("通知发到最近用的那个", LAST_USED),
        ("通知发到哪？", ""),
        ("choose where my notices go", ""),
        ("别给我发通知", None),
        ("有什么通知", None),
    ],
)
def test_where_notices_go(said: str, channel: str | None) -> None:
    assert read_where(said) == channel


@pytest.mark.parametrize(
    ("said", "digits", "named"),
    [
        ("123456", "123456", False),
        (" 123 456 ", "123456", False),
        ("１２３４５６", "123456", False),
        ("绑定 123456", "123456", True),
        ("绑定码：123-456", "123456", True),
        ("Code: 123456", "123456", True),
    ],
)
def test_a_code(said: str, digits: str, named: bool) -> None:
    code = read_code(said)
    assert code is not None
    assert (code.digits, code.named) == (digits, named)


@pytest.mark.parametrize("said", ["1234", "签到 1234", "1234567", "我住510000", "3号楼123456", ""])
def test_no_code(said: str) -> None:
    assert read_code(said) is None
