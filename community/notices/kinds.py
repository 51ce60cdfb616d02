"""The categories of notices as data, one entry a category: names, the words by which people mean it, how it is sent.

Read by the composer, by the residents' settings and search, and by what delivers; a new category is an entry here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from community.outbox.models import Priority


@dataclass(frozen=True)
class NoticeKind:
    """One category. `words` is a pattern over small letters; the Chinese name fits on a button.

    `followed` says whether it goes to whoever never said anything about it; nobody can leave one that is `for_all`,
    which is sent at night and into a pause as well. `priority` is where it stands in the queue unless the notice says
    that it is urgent.
    """

    code: str
    zh: str
    en: str
    words: str
    priority: Priority = Priority.BULK
    followed: bool = True
    for_all: bool = False

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


EMERGENCY = "emergency"
_ALL = (
    NoticeKind(
        "utilities",
        "水电气梯",
        "Water, power, lifts",
        r"停水|停电|停气|断水|断电|水压|燃气|供暖|暖气|电梯|管道|水管|水电|检修|"
        r"water|power|electric|outage|gas|heating|lift|elevator|pipe|utilit|maintenance",
        Priority.NORMAL,
    ),
    NoticeKind(
        "safety",
        "安全",
        "Safety",
        r"安全|诈骗|防骗|反诈|消防|火灾|防火|防盗|高空|电动车|飞线|燃气安全|"
        r"safety|safe|fraud|scam|fire|theft|burglar|e-?bike",
        Priority.NORMAL,
    ),
    NoticeKind(
        "health",
        "健康",
        "Health",
        r"健康|疫苗|接种|体检|义诊|流感|防疫|医保|看病|health|vaccin|shot|jab|check-?up|clinic|flu\b|medical",
    ),
    NoticeKind(
        "activity",
        "活动",
        "Activities",
        r"活动|讲座|志愿|报名|晚会|课程|比赛|activit|event|volunteer|lecture|class|course",
    ),
    NoticeKind(
        "policy",
        "办事政策",
        "Rules and services",
        r"政策|办事|补贴|津贴|社保|低保|居住证|登记|公示|选举|投票|policy|policies|rule|subsid|allowance|"
        r"permit|registration|election|vote",
    ),
    NoticeKind(
        "charity",
        "互助公益",
        "Mutual aid",
        r"公益|慈善|捐|互助|募集|爱心|帮扶|charit|donat|mutual aid|relief|fundrais",
    ),
    NoticeKind(
        EMERGENCY,
        "紧急",
        "Emergency",
        r"紧急|台风|暴雨|洪水|防汛|地震|撤离|转移|避险|停课|预警|泄漏|"
        r"emergenc|typhoon|flood|storm|earthquake|evacuat|shelter|warning|leak",
        Priority.URGENT,
        for_all=True,
    ),
)

NOTICE_KINDS: Mapping[str, NoticeKind] = MappingProxyType({kind.code: kind for kind in _ALL})


def find_notice_kind(code: str) -> NoticeKind | None:
    """The category of this code; None for a code that is not, or no longer, there."""
    return NOTICE_KINDS.get(code)


def find_notice_kinds(text: str) -> list[NoticeKind]:
    """The categories that a text names, in the order of the list."""
    plain = text.casefold()
    return [kind for kind in _ALL if re.search(kind.words, plain)]
