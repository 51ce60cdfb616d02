"""What people ask about a shift before they say yes: where, from when to when, what to bring, how many, who runs it."""

from __future__ import annotations

import re

from bot.actions.turn import Turn
from community.activities.queries import ShiftLine
from community.activities.telling import shift_values

_ASKS = re.compile(
    r"哪[儿里]|在哪|什么地方|地址|集合|几点|什么时候|啥时候|多久|多长|结束|带(?:什么|啥|点什么|东西)|要带|准备(?:什么|啥)|穿(?:什么|啥)|"
    r"[做干](?:什么|啥|些什么|嘛)|累不累|名额|位子|[几多]少?个?人|满了(?:吗|没)|找谁|谁(?:带|负责|组织)|(?:要|收)(?:不要|多少)?钱|"
    r"\bwhere\b|\bwhen\b|what time|how (?:long|many)|\b(?:end|finish|over)s?\b.*\?|(?:does|do) it (?:end|start|finish)|"
    r"\bbring\b|\bwear\b|what (?:do|will|would) (?:i|we)|what is it|who (?:runs|leads|is in charge)|is it f(?:ree|ull)",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"居委|物业|社区(?!活动)|街道|派出所|医院|电话|号码|committee|office|property|police|hospital|phone|number",
    re.IGNORECASE,
)


def asks_about_shift(text: str) -> bool:
    """Whether a question is about the shift that is talked of, and not about an office or a number."""
    return bool(_ASKS.search(text)) and not _OF_OTHERS.search(text)


def tell_about_shift(turn: Turn, line: ShiftLine) -> None:
    """All that is known of it in one bubble."""
    values = shift_values(line.activity, line.shift)
    turn.say("shift_about", words=line.activity.words, free=line.free, **values)
