"""Messages without words: an emoji or a sticker alone is a yes, a no, thanks, or just a face.

Before: channels/turns.py has claimed a message. After: Rasa gets one of the payloads here.
"""

from __future__ import annotations

import re
import unicodedata

STICKER = "/send_sticker"
SAD_STICKER = '/send_sticker{"value": "sad"}'
_SIGNS = {
    "/affirm": "👍👌🆗✅☑✔🙆💯👏",
    "/deny": "👎❌✖🙅🚫⛔",
    "/thank": "🙏🌹💐🌸❤♥💖🤝",
    SAD_STICKER: "😭😢😞😔💔😰😨😩😫🥺😥😓☹🙁😣😖",
}
_NAMED = {
    "/affirm": ("强", "ok", "好的", "鼓掌"),
    "/deny": ("弱", "no"),
    "/thank": ("抱拳", "合十", "玫瑰", "爱心", "握手"),
    SAD_STICKER: ("流泪", "大哭", "心碎", "难过", "委屈", "快哭了", "苦涩", "叹气"),
}
"""WeChat writes its own stickers as words: [强], [流泪]."""
_HELP = "🆘"
LONGEST = 200
_IN_BRACKETS = re.compile(r"\[([^\[\]]{1,6})\]")


def read_sign(text: str) -> str | None:
    """The payload that a message without words stands for; None where there are words, or a call for help."""
    if len(text) > LONGEST or _HELP in text:
        return None
    names = [name.casefold() for name in _IN_BRACKETS.findall(text)]
    left = _IN_BRACKETS.sub("", text)
    if any(unicodedata.category(mark)[0] in "LN" for mark in left) or not (names or _has_sign(left)):
        return None
    for payload, signs in _SIGNS.items():
        if any(sign in left for sign in signs) or any(name in _NAMED[payload] for name in names):
            return payload
    return STICKER


def _has_sign(text: str) -> bool:
    return any(unicodedata.category(mark) == "So" for mark in text)
