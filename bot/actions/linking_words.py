"""Reads out of words: six digits of a link code, the wish to link or to let go of a channel, where notices should go.

Only whole sentences count: 把微信也连上 is such a wish, 医保怎么绑定微信 is a question about something else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LAST_USED = "last_used"
_CHANNELS = {
    "wechat": r"微信|公众号|we ?chat|weixin",
    "telegram": r"telegram|电报|电报群|tg|小飞机",
    "web": r"网页(?:版|上)?|网上|浏览器|(?:the |this )?(?:web(?: ?site| ?page| chat)?|browser|page)",
    "": r"(?:另|别的|其他)(?:外)?(?:一个|一边)?(?:的)?(?:渠道|账号|帐号|手机|号)?|"
    r"(?:my |an?)?(?:other|another|second) (?:channel|account|phone|app)",
}
_CHANNEL = rf"(?:我的?|那个|my |the )?(?P<channel>{'|'.join(_CHANNELS.values())})(?: account|账号|帐号|号)?"
_ALSO = "(?:也|都|一起|给我|帮我|跟?你们?|跟?这里|跟这个|一下)*"
_LINK = "(?:连接|连|绑定|绑|关联|接|接通|打通)(?:一下|上来|上|起来|到一起|在一起)?"
_UNLINK = "(?:断开|断掉|断|解绑|解除绑定|取消绑定|取消关联|不要连|不连|退出)(?:一下|连接|掉)?"
_POLITE = "(?:我想|我要|请|麻烦|帮我|能不能|可以|可不可以|怎么|如何|想|要|给我)*"
_PLEASE = r"(?:please |can (?:you|i) |could (?:you|i) |i(?:'d| would)? (?:like|want) to |how (?:do|can) i |let'?s )?"
_END = r"(?:了|吧|吗|呢|啊|好吗|行吗|可以吗| please| too| as well)*"
_WISH_TO_LINK = (
    rf"{_POLITE}(?:把|将|让)?{_CHANNEL}{_ALSO}{_LINK}{_END}",
    rf"{_POLITE}{_LINK}{_ALSO}{_CHANNEL}{_END}",
    rf"{_PLEASE}(?:link|connect|add|join|pair|attach) {_CHANNEL}{_END}",
)
_WISH_TO_UNLINK = (
    rf"{_POLITE}(?:把|将|让|跟)?{_CHANNEL}{_ALSO}{_UNLINK}{_END}",
    rf"{_POLITE}{_UNLINK}{_ALSO}{_CHANNEL}{_END}",
    rf"{_PLEASE}(?:unlink|disconnect|un-?pair|detach|remove) {_CHANNEL}{_END}",
)
_LAST = r"(?:最近|最后|刚)(?:用的?)?(?:那个|那边|的地方)?|(?:where(?:ver)? )?i (?:last )?(?:wrote|write|used)(?: last)?"
_WHERE = rf"(?:{_CHANNEL}|(?P<last>{_LAST}))(?:上|里|那边|这边)?"
_NEWS = "(?:以后|今后|所有|有)?(?:的)?(?:通知|消息|提醒)(?:都|就|请|以后)*"
_WISH_WHERE = (
    rf"{_POLITE}(?:把)?{_NEWS}(?:发|送|推|改|换|转)(?:送|到|去|给|在)*(?:我的?)?{_WHERE}{_END}",
    rf"{_POLITE}(?:以后|今后)?(?:在|用|到){_WHERE}(?:通知|告诉|提醒|联系)我?{_END}",
    (
        rf"{_PLEASE}(?:send|put) (?:me )?(?:the |my |all )?(?:notices|notifications|messages|news|reminders) "
        rf"(?:to|on|in|via|by) {_WHERE}{_END}"
    ),
    rf"{_PLEASE}(?:notify|tell|remind|contact|reach) me (?:on|in|via|by) {_WHERE}{_END}",
)
_ASKS_WHERE = (
    rf"{_POLITE}(?:选|换|改|设置?)(?:一下)?(?:通知|消息)(?:发|送)?(?:到|去)?(?:哪|哪里|哪儿|哪边|渠道|的地方){_END}",
    rf"{_NEWS}(?:发|送)(?:到|去|在)?(?:哪|哪里|哪儿|哪边){_END}",
    rf"{_PLEASE}(?:choose|change|set) where (?:my |the )?(?:notices|notifications|messages) (?:go|are sent)(?: to)?",
    r"where do (?:my |the )?(?:notices|notifications|messages) go",
)
_CODE = re.compile(
    r"(?P<named>(?:请)?(?:绑定|连接|关联|绑|连|link|connect|code|pair)(?:码|code)?(?:is|是)?[::]?)?"
    r"(?P<digits>\d{3}[ -]?\d{3})",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[。.!！?？~～,，、;；\"'“”]+")


@dataclass(frozen=True, slots=True)
class Code:
    """Six digits; `named` where the words say that they are to link something."""

    digits: str
    named: bool


def read_code(words: str) -> Code | None:
    """The code that is all of the message: 123456, 123 456, 绑定 123456, code: 123456."""
    match = _CODE.fullmatch("".join(_plain(words).split()))
    return Code(re.sub(r"\D", "", match["digits"]), bool(match["named"])) if match else None


def read_link(words: str) -> str | None:
    """The channel that is to be linked, empty where none is named; None where nothing is to be linked."""
    return _read(_WISH_TO_LINK, words)


def read_unlink(words: str) -> str | None:
    """The channel that is to be let go, empty where none is named; None where none is."""
    return _read(_WISH_TO_UNLINK, words)


def read_where(words: str) -> str | None:
    """Where notices should go: a channel, LAST_USED, empty where the person asks; None where it is not about that."""
    if _match(_ASKS_WHERE, words):
        return ""
    match = _match(_WISH_WHERE, words)
    if match is None:
        return None
    return LAST_USED if match["last"] else _channel_of(match["channel"])


def _read(wishes: tuple[str, ...], words: str) -> str | None:
    match = _match(wishes, words)
    return _channel_of(match["channel"]) if match else None


def _match(wishes: tuple[str, ...], words: str) -> re.Match[str] | None:
    said = " ".join(_MARKS.sub("", _plain(words)).split())
    found = (re.fullmatch(wish, said, re.IGNORECASE) for wish in wishes)
    return next((match for match in found if match), None)


def _channel_of(words: str) -> str:
    return next(name for name, names in _CHANNELS.items() if re.fullmatch(names, words, re.IGNORECASE))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).strip()
