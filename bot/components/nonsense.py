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
    r"|system (?:prompt|message|override)|developer mode|(?:admin|root|god|debug) (?:mode|access|privileges?|rights)"
    r"|jailbreak|\bdan mode\b|you are now (?:a|an|in|the|dan)|pretend (?:to be|you are)|do anything now|role-?play"
    r"|(?:^|[,.;:!] ?|please |now )(?:act|behave|respond|answer) as (?:an?|if|my|the|dan)\b"
    r"|from now on,? (?:you|your|every)"
    r"|(?:new|following|these|my) (?:instructions?|orders?):"
    r"|you (?:must|will|shall) (?:now |only )?(?:obey|comply|respond|answer|output)"
    r"|(?:mark|set|close|approve|delete|drop) (?:all|every)(?: of)?(?: the)?(?: open)?"
    r" (?:cases?|tickets?|reports?|users?|requests?|records|tables?)"
    r"|without (?:any )?(?:restrictions|filters?)|execute (?:the|this|following)|repeat (?:after me|the word)"
    r"|(?:reveal|print|repeat|show|output).{0,30}(?:your|the) (?:\w+ )?(?:prompt|instructions|rules|configuration)"
    r"|(?:忽略|无视|忘记|忘掉|跳过|绕过).{0,12}(?:指令|提示词?|要求|规则|限制|设定|内容)|系统提示词?|提示词|越狱模式"
    r"|从现在(?:开始|起).{0,3}你|(?:管理员|开发者|调试|上帝|无限制)(?:模式|权限|身份)|(?:解除|取消|没有)(?:一切|所有|任何)(?:限制|约束|审查)"
    r"|(?:执行|运行)(?:以下|下面|这[段条]|如下).{0,4}(?:命令|代码|指令|脚本)"
    r"|(?:把|将)(?:所有|全部)(?:的)?(?:工单|用户|记录|数据|诉求|案件|投诉)"
    r"|你现在(?:是|扮演|必须)|(?:请|你)扮演|假装你是|(?:输出|打印|重复|告诉我).{0,8}(?:提示词|系统指令|初始指令|指令)"
)
_NEIGHBOURS = re.compile(
    r"qwer|wert|rtyu|tyui|yuio|uiop|asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|cvbn|vbnm|fdsa|lkjh|rewq|vcxz|mnbv"
)
"""Four keys side by side: no English word that people write here holds them ("erty" of property is left out)."""
_FILLER = re.compile(
    r"\b(?:lorem|ipsum|dolor sit|consectetur|adipiscing|elit sed|incididunt|quick brown fox|quis|nostrud"
    r"|exercitation|ullamco|laboris|excepteur|occaecat|cupidatat|proident|vestibulum|faucibus|curabitur|pulvinar|viverra|fusce"
    r"|eiusmod|aliqua|aliquip|veniam|irure|voluptate|cillum|fugiat|pariatur|mollit|laborum|pellentesque|habitant|tristique|senectus|maecenas"
    r"|aenean|vivamus|phasellus|suspendisse|praesent|nulla|euismod|sagittis|ultrices"
    r"|malesuada|consequat|perspiciatis|unde omnis)\b"
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
