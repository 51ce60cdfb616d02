"""What notices are about, in both languages, so that "is the water off" finds 停水 and 没电 finds "power cut".

A notice and a question each have the topics that their words name (`terms.py`, `asking.py`). A topic is data: to add
one, add a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "water": r"[停断没缺来供限通](?:[不没冇][停断没缺来供限通])?(?:自来)?水"
        r"|有没有水(?!果)|有水[吗么嘛]|水[停断]|水压|水管|爆管|\bwater\b",
        "power": r"[停断没来供限通](?:[不没冇][停断没来供限通])?电"
        r"|有没有电(?!梯)|有电[吗么嘛]|电[停断]|跳闸|\bpower\b|\belectric\w*|\bblackouts?\b",
        "gas": r"[停断没来供通](?:[不没冇][停断没来供通])?(?:煤|天然|燃)?气|气[停断]|燃气|煤气|天然气|\bgas\b",
        "heating": r"供暖|暖气|供热|地暖|\bheat(?:ing|ers?)?\b|\bradiators?\b",
        "lift": r"电梯|\blifts?\b|\belevators?\b",
        "vaccine": r"疫苗|接种|打针|预防针|\bvaccin\w*|\bshots?\b|\bjabs?\b|\bimmuni[sz]\w*",
        "check_up": r"体检|义诊|量血压|测血糖|\bcheck ?-?ups?\b|\bhealth checks?\b|\bscreenings?\b",
        "spraying": r"消杀|灭[蚊鼠蟑]|打药|喷药|白蚁|\bspray\w*|\bpests?\b|\bmosquito\w*|\bfumigat\w*|\btermites?\b",
        "road": r"封路|修路|道路|断头路|改道|\broads?\b|\bdetours?\b",
        "parking": r"停车|车位|挪车|充电桩|\bpark(?:ing|ed)?\b",
        "rubbish": r"垃圾|大件|\brubbish\b|\bgarbage\b|\btrash\b|\bbulky\b|\brecycl\w*",
        "election": r"选举|换届|投票|\belections?\b|\bvot(?:e|es|ing)\b|\bballots?\b",
        "storm": r"台风|暴雨|雷雨|洪水|内涝|高温|寒潮|\btyphoons?\b|\bstorms?\b|\bfloods?\b|\bheat ?waves?\b",
        "fire": r"消防|火灾|火警|演练|\bfire\b|\bdrills?\b",
        "fees": r"物业费|收费|缴费|水费|电费|\bfees?\b|\bcharges?\b",
        "pension": r"养老金|社保|医保|高龄|津贴|补贴|\bpensions?\b|\binsurance\b|\ballowances?\b|\bsubsid\w*",
        "volunteers": r"志愿|义工|\bvolunteer\w*",
        "tank": r"水箱|二次供水|\b(?:water )?tanks?\b",
        "fraud": r"诈骗|反诈|骗子|\bfrauds?\b|\bscams?\b",
        "dogs": r"养犬|遛狗|狗证|\bdogs?\b",
    }
)
TOPIC_WORDS: Final = (
    "electricity", "blackout", "radiator", "elevator", "vaccine", "vaccination", "immunization", "mosquito", "termites",
    "rubbish", "garbage", "recycling", "typhoon", "insurance", "allowance", "volunteer", "volunteers",
)  # fmt: skip
"""English words by which topics are named, long enough to be known when they are misspelt."""
_FORMS: Final = {code: re.compile(pattern) for code, pattern in _WORDS.items()}


def find_topics(plain: str) -> frozenset[str]:
    """The codes of what a plain text (`plain_text()`) speaks of."""
    return frozenset(code for code, form in _FORMS.items() if form.search(plain))


def without_topics(plain: str) -> str:
    """The text with a gap where a topic is named."""
    for form in _FORMS.values():
        plain = form.sub(" ", plain)
    return plain
