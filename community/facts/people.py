"""Finds how many people or households a report speaks of: 三户人家, 我们十几个人, two kids, a family of five."""

# ruff: noqa: E501 - word lists are read across

from __future__ import annotations

import re

from community.facts.models import PeopleFact
from community.facts.numbers import NAMED, least_of, number_of

_ZH_NUMBER = "(?:[0-9]{1,4}|[一二两三四五六七八九十百千]{1,5})"
_SOME = "(?:好几十|好几百|几十|几百|十几|上百|上千|好几|几|好些|数|若干|许多)"
_ZH_PERSON = (
    "人|老人家?|小孩子?|孩子|孩|娃娃?|住户|业主|居民|邻居|老头|老太太?|大爷|大妈|大叔|阿姨|老师傅|学生|租客|租户|家庭|男的|女的|男人|"
    "女人|男孩|女孩|小伙子?|年轻人|残疾人|病人|乘客|小朋友|婴儿|宝宝|大人|职工|老伴|妇女|姑娘|同学|街坊"
)
_ZH = re.compile(
    rf"一家(?:老小|子)?(?P<mouths>{_ZH_NUMBER})口人?"
    r"|(?P<two>我们俩|我俩|他们俩|她们俩|老两口|小两口|两口子|夫妻俩|母女俩|母子俩|父子俩|父女俩|娘俩|爷俩|姐妹俩|兄弟俩|俩人|俩孩子|俩老人)"
    r"|(?P<three>我们仨|一家三口|仨孩子|仨人)"
    rf"|(?<![第0-9一二三四五六七八九十每])(?P<n>{_SOME}|{_ZH_NUMBER}[几多来]?)\s?"
    rf"(?:(?:多|来)?(?:个|位|名|对|口)(?:[^\s，。,.！!？?；;个第没在]{{0,4}}?)(?:{_ZH_PERSON})|人(?![次份民数均行类生家字])"
    rf"|户(?:人家|居民|住户|家庭|业主|人)?(?![口型主外])|家(?:人家|人|住户|业主|邻居))"
    rf"|(?:我们|咱们?|他们)\s?(?P<we>{_ZH_NUMBER}|十几|几)个(?!月|小时|星期|礼拜|钟)"
)
_ALONE = re.compile(r"住|在家|过(?!来|去)|生活|出门|睡|带(?!着)")
_EN_NUMBER = rf"(?:[0-9]{{1,4}}|{'|'.join(NAMED[:0:-1])}|thirty|forty|fifty|hundreds? of|dozens of|a dozen|several|a few|a couple of|both)"
_EN_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "a dozen": 12,
    "dozens of": 24,
    "a couple of": 2,
    "both": 2,
}
_EN_PERSON = (
    r"people|persons?|kids?|child(?:ren)?|residents?|famil(?:y|ies)|households?|neighbou?rs?|adults?|elders|elderly(?!\s(?:people|persons|residents|neighbou?rs|m[ae]n|wom[ae]n))|seniors?|"
    r"m[ea]n|wom[ea]n|babies|toddlers?|students?|tenants?|pensioners?|grannies|girls?|boys?|owners?|of\sus|of\sthem"
)
_EN = re.compile(
    rf"\b(?:family of (?P<family>{_EN_NUMBER})|us (?P<us>two|three|four|five)"
    rf"|(?P<n>{_EN_NUMBER})\+?(?:\sor\s(?:so|more|{_EN_NUMBER}))?\s(?:(?!of\b|the\b|and\b)[a-z-]+\s){{0,2}}?(?:{_EN_PERSON}))\b"
)


def find_people(plain: str) -> tuple[PeopleFact, ...]:
    """The numbers of people in a plain text; somebody who lives alone is no number."""
    found = [
        PeopleFact(match.span(), match[0], _count(match))
        for match in _ZH.finditer(plain)
        if not (match[0] in ("一个人", "1个人") and _ALONE.match(plain, match.end()))
    ]
    found += [PeopleFact(match.span(), match[0], _english_count(match)) for match in _EN.finditer(plain)]
    return tuple(sorted(found, key=lambda fact: fact.span))


def _count(match: re.Match[str]) -> int | None:
    if match["two"] or match["three"]:
        return 2 if match["two"] else 3
    said = next(filter(None, match.group("mouths", "we", "n")))
    if said.startswith(("十几", "上百", "上千")):
        return {"十": 10, "百": 100, "千": 1000}[said.strip("几上")]
    number = least_of(said.rstrip("几多来"))
    return int(number) if number.isdigit() else None


def _english_count(match: re.Match[str]) -> int | None:
    said = next(filter(None, match.group("family", "us", "n")))
    number = number_of(said)
    return int(number) if number.isdigit() else _EN_TENS.get(said)
