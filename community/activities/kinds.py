"""The kinds of activities as data, one entry a kind: names, and the words by which people mean it.

`bot/actions/activities` finds a kind in what a person says by these words; a new kind is an entry here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class ActivityKind:
    """One kind of activity. `words` is a pattern over small letters; the Chinese name fits on a button."""

    code: str
    zh: str
    en: str
    words: str

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


_ALL = (
    ActivityKind("patrol", "巡逻", "Patrol", r"巡逻|巡查|巡夜|patrol|neighbou?rhood watch"),
    ActivityKind(
        "visits",
        "探访老人",
        "Visits to the elderly",
        r"探访|看望|陪.{0,4}老人|独居|老人家里|visit|elderly|old people|lonely",
    ),
    ActivityKind(
        "sorting", "垃圾分类", "Rubbish sorting", r"垃圾|分类|督导|rubbish|garbage|recycl|waste|sorting"
    ),
    ActivityKind(
        "clinic", "义诊", "Free clinic", r"义诊|量血压|体检|看病|健康|clinic|blood pressure|check-?up|health"
    ),
    ActivityKind(
        "festival",
        "节日活动",
        "Festival",
        r"节日|晚会|联欢|灯谜|邻居节|中秋|重阳|端午|元宵|春节|festival|party|gala|fair",
    ),
    ActivityKind("reading", "读书", "Reading", r"读书|阅读|书法|讲座|reading|book|lecture|talk\b|library"),
    ActivityKind("planting", "种树种花", "Planting", r"植树|种树|种花|种菜|绿化|plant|garden|tree"),
    ActivityKind(
        "cleaning", "大扫除", "Clean-up", r"扫除|打扫|保洁|清理|清洁|捡垃圾|小广告|clean|tidy|litter"
    ),
    ActivityKind(
        "lessons",
        "教与学",
        "Lessons",
        r"手机课|手机班|课程|上课|培训|辅导|兴趣班|英语角|画画|lesson|class|course|workshop|teach|learn",
    ),
    ActivityKind(
        "sport",
        "健身",
        "Sport",
        r"太极|跳舞|舞蹈|广场舞|健身|球|跑步|爬山|瑜伽|象棋|sport|tai chi|danc|yoga|run\b",
    ),
    ActivityKind("children", "亲子", "Families", r"亲子|孩子|小孩|儿童|少年|夏令营|famil|kids|child"),
    ActivityKind(
        "emergency",
        "应急值守",
        "Emergency post",
        r"应急|防汛|防台风|值守|卡口|登记点|搬运物资|送水|emergency|flood|checkpoint|supplies",
    ),
    ActivityKind("other", "其他活动", "Other", r"(?!)"),
)

ACTIVITY_KINDS: Mapping[str, ActivityKind] = MappingProxyType({kind.code: kind for kind in _ALL})


def get_activity_kind(code: str) -> ActivityKind:
    """The kind of this code; a code that is no longer there counts as other."""
    return ACTIVITY_KINDS.get(code, ACTIVITY_KINDS["other"])


def find_kinds(text: str) -> set[str]:
    """The codes of the kinds that a text names."""
    plain = text.casefold()
    return {kind.code for kind in _ALL if re.search(kind.words, plain)}
