"""Who people bring along, as data: what they are to the resident, in both languages, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from community.facts.numbers import NAMED, number_of
from community.facts.text import plain_text


@dataclass(frozen=True)
class Relation:
    """What a companion is to the resident; `words` is a pattern over small letters."""

    code: str
    zh: str
    en: str
    words: str
    is_child: bool = False

    @property
    def name(self) -> dict[str, str]:
        """The word in both languages."""
        return {"zh": self.zh, "en": self.en}


_NUMBERS = {"俩": 2, "两": 2, "仨": 3} | {
    name: number for number, name in enumerate(NAMED) if 1 < number < 11
}
_MY = rf"(?:\bmy (?:\w+ )?|\bour |\ba |\b(?:[0-9]{{1,2}}|{'|'.join(NAMED[10:1:-1])}) )"
_COUNT = re.compile(
    r"(?<![第0-9])(?:([0-9]{1,2}|[二两三四五六七八九十])[个位名]|([俩仨])个?)[^\s，。,.、0-9和跟带]{0,2}$"
)
_COUNT_EN = re.compile(rf"\b([0-9]{{1,2}}|{'|'.join(NAMED[10:1:-1])})\s")
_ALL = (
    Relation("daughter", "女儿", "your daughter", rf"女儿|闺女|妹仔|{_MY}daughters?\b", is_child=True),
    Relation("son", "儿子", "your son", rf"儿子|仔仔|{_MY}sons?\b", is_child=True),
    Relation(
        "grandchild",
        "孙辈",
        "your grandchild",
        rf"孙子|孙女|外孙|{_MY}grand(?:son|daughter|child|kid)",
        is_child=True,
    ),
    Relation(
        "child",
        "孩子",
        "your child",
        rf"孩子|小孩|小朋友|娃|{_MY}(?:child(?:ren)?|(?:kid|toddler|boy|girl)s?)\b|\bmy [0-9]{{1,2}}[ -]year[ -]old\b",
        is_child=True,
    ),
    Relation("mother", "妈妈", "your mother", rf"我?妈妈?(?!们)|母亲|老妈|阿妈|{_MY}(?:mum|mom|mother|mam)"),
    Relation("father", "爸爸", "your father", rf"我?爸爸?|父亲|老爸|阿爸|{_MY}(?:dad|father)"),
    Relation(
        "spouse",
        "爱人",
        "your partner",
        rf"老伴|老公|老婆|爱人|丈夫|妻子|媳妇|{_MY}(?:husband|wife|partner|spouse)",
    ),
    Relation(
        "grandparent",
        "老人",
        "your grandparent",
        rf"奶奶|爷爷|外婆|外公|姥姥|姥爷|{_MY}grand(?:ma|pa|mother|father|parent)",
    ),
    Relation("sibling", "兄弟姐妹", "your sibling", rf"姐姐|妹妹|哥哥|弟弟|{_MY}(?:sister|brother|sibling)"),
    Relation(
        "friend",
        "朋友",
        "a friend",
        rf"朋友|邻居|同学|同事|室友|闺蜜|{_MY}(?:\w+)?(?:friend|neighbou?r|colleague|classmate|flatmate)",
    ),
    Relation("guest", "同伴", "someone with you", r"(?!)"),
)

RELATIONS: Mapping[str, Relation] = MappingProxyType({relation.code: relation for relation in _ALL})


def get_relation(code: str) -> Relation:
    """The relation of this code; one that is no longer there is somebody who comes along."""
    return RELATIONS.get(code, RELATIONS["guest"])


def find_relations_said(text: str) -> list[Relation]:
    """Who a text names, in the order of the text, as many times as a number says; "my kid" is not also a child."""
    plain, found, taken = plain_text(text), list[tuple[int, Relation]](), list[tuple[int, int]]()
    for relation in _ALL:
        for match in re.finditer(relation.words, plain):
            if all(match.start() >= end or match.end() <= start for start, end in taken):
                taken.append(match.span())
                found += [(match.start(), relation)] * _count(plain, match)
    return [relation for _, relation in sorted(found, key=lambda each: each[0])]


def _count(plain: str, match: re.Match[str]) -> int:
    """The number that stands with the word: "3个孩子", "my two sons"; one where there is none."""
    said = _COUNT.search(plain, 0, match.start()) or _COUNT_EN.search(match[0])
    number = next(filter(None, said.groups()), "1") if said else "1"
    return _NUMBERS.get(number) or int(number_of(number))
