"""What the platform's error codes mean: which error of the closed list, and in plain words for the operator.

[source] developers.weixin.qq.com, 公众号: 全局返回码. Errors come in a 200 answer; 0, or no errcode, is success.
"""

from __future__ import annotations

from channels.errors import SendError

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
"""The token is refused: fetched anew once, asked again once."""
NO_MENUS = frozenset({40200, 48001, 40008})
"""What an account answers that may not send a msgmenu."""
MEDIA_GONE = frozenset({40007})

_ERRORS = {
    -1: SendError.BUSY,
    40001: SendError.MISCONFIGURED,
    40003: SendError.NOBODY_THERE,
    40013: SendError.MISCONFIGURED,
    40014: SendError.MISCONFIGURED,
    40125: SendError.MISCONFIGURED,
    40164: SendError.MISCONFIGURED,
    42001: SendError.MISCONFIGURED,
    43004: SendError.NOBODY_THERE,
    43101: SendError.NEEDS_CONSENT,
    45002: SendError.TOO_LONG,
    45009: SendError.QUOTA_SPENT,
    45011: SendError.RATE_LIMITED,
    45015: SendError.WINDOW_OVER,
    45047: SendError.BUDGET_SPENT,
    48001: SendError.KIND_CLOSED,
    48004: SendError.KIND_CLOSED,
    50001: SendError.KIND_CLOSED,
    50002: SendError.REFUSED,
}
_WORDS = {
    -1: "WeChat is busy; it will be tried again.",
    40001: "WeChat refuses the token: LINLI_WECHAT_SECRET may be an old one.",
    40013: "WeChat does not know LINLI_WECHAT_APP_ID.",
    40125: "LINLI_WECHAT_SECRET is not the AppSecret of this account.",
    40164: "This server's address is not on the list: add it in WeChat's console under 基本配置, IP白名单.",
    45009: "The account has used up its calls of today; it goes on tomorrow, or clear the quota in WeChat's console.",
    48001: "This kind of account may not do that: it needs authentication 认证, or LINLI_WECHAT_ACCOUNT is wrong.",
    48004: "WeChat has closed this interface for the account: look into 接口权限 in its console.",
    50001: "The account may not do that: look into 接口权限 in WeChat's console.",
}
_WORDS_ZH = {
    -1: "微信正忙，稍后会再试。",
    40001: "微信不认这个令牌：LINLI_WECHAT_SECRET 可能是旧的。",
    40013: "微信不认得 LINLI_WECHAT_APP_ID。",
    40125: "LINLI_WECHAT_SECRET 不是这个账号的 AppSecret。",
    40164: "这台服务器的地址不在名单上：请在公众平台“基本配置”的 IP 白名单里加上。",
    45009: "账号今天的调用次数用完了，明天恢复；也可以在公众平台清零。",
    48001: "这类账号没有这个权限：需要认证，或者 LINLI_WECHAT_ACCOUNT 写错了。",
    48004: "微信封了账号的这个接口：请看公众平台的“接口权限”。",
    50001: "账号没有这个权限：请看公众平台的“接口权限”。",
}


def error_of(code: int) -> SendError:
    """The error of the closed list; a code that nobody knows refuses the message."""
    return _ERRORS.get(code, SendError.REFUSED)


def explain(code: int) -> str:
    """What an operator can do about it, in a sentence."""
    return _WORDS.get(code, f"WeChat answered with the error {code}.")


def explain_zh(code: int) -> str:
    """The same in Chinese."""
    return _WORDS_ZH.get(code, f"微信返回错误 {code}。")
