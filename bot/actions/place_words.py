"""Tells a place in a person's own words ("菜场旁边的垃圾房") from a question, another matter, or nonsense.

Asked only of words that answer "where is it?" and name nothing on the place tree.
"""

from __future__ import annotations

import re

LONGEST = 60
_PLACE = re.compile(
    r"门|楼|栋|幢|座|单元|路|街|巷|弄|道|口|旁|边|侧|角|前|后|里|内|外|上|下|中间|之间|站|场|园|苑|房|室|厅|库|棚|亭|院|店|"
    r"坡|桥|河|池|坛|树|墙|小区|社区|学校|小学|超市|附近|对面|隔壁|那边|这边|那头|那里|这里|家"
    r"|\b(?:in|at|on|by|near|next to|beside|behind|opposite|outside|inside|under|above|between|across|around|along|"
    r"upstairs|downstairs|gate|lobby|hall|stairs?|stairwell|garage|car park|room|entrance|road|street|lane|floor|"
    r"corridor|park|shop|school|corner|block|building|roof|yard|garden|here|there|home|my place|the)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"[坏臭脏吵漏堵满破裂断烂响欠骂偷咬]|没[有人电水气修关]|不[亮通能行开走见来给让]|停[了电水气]|堆[了满着]|怎么|什么|为什么|多少|"
    r"谁|吗|呢|几点|几个|请|帮|想|要|讲|说|告诉|[?？]"
    r"|\b(?:what|who|why|when|how|is|are|was|were|do|does|did|can|could|will|would|please|tell|give|want|need|"
    r"broken?|dead|leak\w*|smell\w*|stink\w*|nois[ey]|loud|dirty|block(?:ed|ing)|stuck|flood\w*|isn't|won't|doesn't)\b",
    re.IGNORECASE,
)


def sounds_like_a_place(words: str) -> bool:
    """Whether the words just say where: something that places have in their names, and nothing that happens there."""
    return len(words) <= LONGEST and _PLACE.search(words) is not None and _TELLS.search(words) is None
