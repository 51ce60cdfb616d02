"""Reads "is it solved" and one to five out of words: 还没修好, 打五分, very happy, 3 points."""

from __future__ import annotations

import re

from bot.actions.turn import Turn

_NOT_SOLVED = re.compile(
    r"没(?:有)?(?:人|修|解决|弄|搞|来|好|处理|动)|还没|还是|未|又坏|不行|不能用|修不好|"
    r"\bnot\b|n't|still|broke again|broken|nobody|no one",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"好了|解决了|修好|搞定|弄好|可以了|能用了|满意|好评|五星|fixed|solved|works?\b|working|done|great|happy|good|thank",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![0-9.])([1-5一二三四五两])\s*(?:分|星|颗星|points?|stars?|/5|out of|$)|^\s*([1-5])\s*$",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"\b(one|two|three|four|five)\b", re.IGNORECASE)
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_NAMES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_WORDS = (
    (1, r"非常(?:差|不满)|太差|很差|差评|terrible|awful|very bad"),
    (2, r"不满意|不太满意|不怎么样|not (?:happy|satisfied|good|great)|unhappy|bad|boring|disappoint"),
    (3, r"一般|还行|凑合|马马虎虎|so-so|okay|\bok\b|average|all right"),
    (5, r"excellent|very (?:good|happy|satisfied)|great|lovely|wonderful|amazing|loved|fantastic|brilliant"),
    (5, r"非常(?:好|满意)|很满意|特别(?:好|满意|开心|高兴)|太好了|很开心|很高兴|好评"),
    (4, r"满意|挺好|不错|蛮好|good|satisfied|happy|nice|enjoyed|fun\b"),
)


def read_solved(turn: Turn) -> bool | None:
    """What the person says about whether it is solved; None where nothing is said."""
    told = turn.entities.get("solved")
    if told is not None:
        return told == "yes"
    if turn.text and _NOT_SOLVED.search(turn.text):
        return False
    if turn.text and _SOLVED.search(turn.text):
        return True
    return {"affirm": True, "deny": False}.get(turn.intent)


def read_score(text: str) -> int | None:
    """One to five, said as a number or in words; None where neither is."""
    if match := _NUMBER.search(text):
        said = match.group(1) or match.group(2)
        return _CHINESE.get(said) or int(said)
    if match := _ENGLISH.search(text):
        return _NAMES[match.group(1).lower()]
    return next((score for score, words in _WORDS if re.search(words, text, re.IGNORECASE)), None)
