"""The words around a named place that say more: a floor, a room, "后面垃圾房", "the lobby of"."""

from __future__ import annotations

import re

from community.facts.numbers import CHINESE

_SPOT = (
    "垃圾房|垃圾桶|垃圾站|大堂|大厅|门厅|门口|大门|后门|前门|侧门|楼道|走廊|过道|楼梯间|楼梯口|楼梯|"
    "电梯间|电梯口|电梯房|地下室|地下车库|车库|车棚|停车场|停车位|充电棚|天台|楼顶|顶楼|屋顶|花园|花坛|"
    "绿化带|草坪|草地|广场|凉亭|架空层|配电房|水泵房|信报箱|快递柜|单元门|围墙|路口|人行道|空地|健身区|"
    "健身器材|游乐场|滑梯|篮球场|幼儿园|泳池|水池|雨棚|窨井盖|井盖|下水道"
)
_SIDE = (
    "前面|后面|旁边|边上|对面|外面|里面|楼下|楼上|附近|中间|东边|西边|南边|北边|东侧|西侧|南侧|北侧|"
    "前(?!天|几|年|阵)|后(?!天|来|果)|旁"
)
_EN_SPOT = (
    r"lift lobby|lobby|hallway|hall|corridor|staircase|stairwell|stairs|basement|rooftop|roof|garage|car park|"
    r"garden|lawn|main door|back door|front door|gate|bin room|rubbish room|bins|playground|mailboxes"
)
_EN_SIDE = "behind|in front of|next to|beside|outside|opposite|near|under|between"

_AFTER = re.compile(
    rf"(?:\s?(?:[0-9]{{1,2}}|{CHINESE})(?:楼|层))?"
    r"(?:\s?[-,，]?\s?(?:(?:room|flat|apartment|apt\.?|no\.?|#)\s?)?[0-9]{3,4}(?![0-9])(?:室|房|号房|户)?)?"
    r"(?:,?\s(?:on\s)?(?:the\s)?(?:[0-9]{1,2}(?:st|nd|rd|th)|ground|top|first|second|third|fourth|fifth)\sfloor)?"
    rf"(?:\s?(?:那里|那边|这里|这边)?的?(?:{_SIDE})?的?(?:{_SPOT}|(?<=面|边|侧|下|上|近|间)))?"
    rf"(?:(?:'s)?\s(?:{_EN_SPOT})\b)?",
    re.ASCII,
)
_BEFORE = re.compile(
    rf"\b(?:the\s)?(?:(?:{_EN_SPOT})\s(?:of|in|at|behind)|{_EN_SIDE})\s(?:the\s)?$", re.ASCII
)
_ALONE = re.compile(
    rf"(?:小区|社区|院子)[^，。,.!！？?\s]{{0,5}}?(?:{_SPOT}|门)|[东西南北正后侧]门(?:口|外)?|(?:{_SIDE})的?(?:{_SPOT})"
    rf"|\b(?:{_EN_SIDE}|at|in|by)\sthe\s(?:[a-z]+\s){{0,2}}?(?:{_EN_SPOT})\b",
    re.ASCII,
)


def widen(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span of a place with the details that stand right before and after it."""
    before, after = _BEFORE.search(plain, max(0, start - 40), start), _AFTER.match(plain, end)
    return before.start() if before else start, after.end() if after else end


def find_spot(plain: str) -> tuple[int, int] | None:
    """Where a text tells a place without a building: 小区东门口, near the playground."""
    found = _ALONE.search(plain)
    return found.span() if found else None
