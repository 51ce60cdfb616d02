"""What nobody would say to a neighbour: blobs, code, orders to a machine, keys hit at random."""

from __future__ import annotations

import re

_BLOB = re.compile(r"[a-z0-9+/=_-]{40,}|(?:[0-9a-f]{2}[ :,]){12,}|(?:[01]{8} ?){3,}")
_CODE = re.compile(
    r"\b(?:select\b.{1,60}\bfrom|insert\s+into|drop\s+(?:table|database)|union\s+(?:all\s+)?select|delete\s+from|update\s+\w+\s+set)\b"
    r"|['\"]\s*or\s*['\"]?\d?['\"]?\s*=|--\s*$|;\s*--|<\s*/?\s*(?:script|img|svg|iframe|html|body)\b|\$\{|\{\{|\{%|\.\./\.\./|/etc/passwd"
    r"|\b(?:import|def|function|class|public|var|const|console|print|echo|sudo|curl|wget|rm -rf)\b.{0,40}[(){};$/]"
)
_ORDERS = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|prompts?|rules|guidelines|above|previous)"
    r"|system prompt|developer mode|jailbreak|\bdan mode\b|you are now (?:a|an|in|the|dan)|pretend (?:to be|you are)"
    r"|(?:reveal|print|repeat|show|output).{0,30}(?:your|the) (?:\w+ )?(?:prompt|instructions|rules|configuration)"
    r"|(?:忽略|无视|忘记|忘掉|跳过|绕过).{0,12}(?:指令|提示词?|要求|规则|限制|设定|内容)|系统提示词?|提示词|越狱模式|开发者模式"
    r"|你现在(?:是|扮演|必须)|(?:请|你)扮演|假装你是|(?:输出|打印|重复|告诉我).{0,8}(?:提示词|系统指令|初始指令|指令)"
)
_NEIGHBOURS = re.compile(
    r"qwer|wert|rtyu|tyui|yuio|uiop|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|vbnm|fdsa|lkjh|rewq|vcxz|mnbv"
)
"""Four keys side by side: no English word that people write here holds them ("erty" of property is left out)."""
_FILLER = re.compile(
    r"\b(?:lorem|ipsum|dolor sit|consectetur|adipiscing|elit sed|tempor incididunt|quick brown fox)\b"
)
_VOWELS = re.compile(r"[aeiouy]")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


def is_nonsense(text: str) -> bool:
    """Whether a normal text is no sentence of a person."""
    if not _SAYS_SOMETHING.search(text):
        return True
    signs = (_BLOB, _CODE, _ORDERS, _FILLER)
    return any(sign.search(text) for sign in signs) or _is_mashed(text)


def _is_mashed(text: str) -> bool:
    """Keys of one row, or Latin letters that nobody could speak."""
    words = re.findall(r"[a-z;,.]+", text)
    if not text.isascii() or len(words) > 6:
        return False
    letters = [word for word in words if word.isalpha() and len(word) >= 5]
    return bool(letters) and all(_NEIGHBOURS.search(word) or _is_unspeakable(word) for word in letters)


def _is_unspeakable(word: str) -> bool:
    """No vowel at all, or so many other letters in a row as no word has; "thanks" and "shifts" have one vowel only."""
    return _VOWELS.search(word) is None or re.search(r"[^aeiouy]{6}", word) is not None
