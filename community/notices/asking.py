"""What somebody wants to know of notices: words that were typed or said, cut into what has to be found.

"明天几点停水来着" asks for the topic water, "停水 3号楼" for a topic at a building, "any news?" for the newest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from community.facts.place_mentions import find_mentions
from community.notices.terms import plain, topic_terms, words_among
from community.notices.topics import find_topics, without_topics
from community.search.places import terms_of_mentions
from community.search.terms import terms_of

MOST_UNITS = 12
_FILLER_ZH = re.compile(
    r"请问|麻烦|帮我|给我|看看|看一下|看下|查一下|查查|查看|念给我听听?|念一下|再念一遍|再发我看看|再发我|再发一遍|再看一[下次]|翻出来|"
    r"有没有|有冇|有无|有什么|有甚么|有啥子?|有咩|是不是|会不会|要不要|停不停|能不能|什么时候|啥时候|么时候|几时|几点|几号|哪天|哪一天|"
    r"哪几栋|哪些?栋|哪些|哪个|哪里|在哪|什么意思|什么|怎么说|怎么写|怎样|如何|多久|好久|来着|说的是|说的|写的|里面|里说|上说|上写|"
    r"今天|明天|后天|昨天|前天|今晚|明晚|今日|听日|明儿|今儿|上午|下午|早上|晚上|中午|凌晨|现在|刚才|刚刚|最近|这几天|这周|本周|下周|这个月|"
    r"上次|上个?(?:礼拜|星期|周)|以前的?|之前的?|最新的?|新的?|还有|别的|重要的?|急的|所有|全部|"
    r"通知|公告|公示|告示|通告|消息|新闻|动态|贴的|发的|发过|关于|有关|的事情?|事情|情况|"
    r"我们|我家|咱们?|我|您|你们?|家里|家|那栋|这栋|楼里|社区|小区|居委会|物业|"
    r"收到|听说|真的|知道|时候|时间|开始|结束|影响|到底|一下|一遍|到|没有?得?|吗|嘛|呢|吧|啊|呀|哦|哈|么|了|的|得|地|在|是|有|要|会|不|和|跟|与|个|那|这|就|也|还|都|给|对"
)
_FILLER_EN = frozenset(
    re.findall(
        r"[a-z']+",
        "a about affected after all already am an and announce announced announcement announcements any anything are "
        "at be been before bring building buildings by can committee community could current date day days did do does "
        "during find for from get had happening has have hear heard how i if important in is it its know last latest "
        "let long look me missed month my need new news next notice notices of off on one or our out over please post "
        "posted read said say says see send sent show sir so some soon start starts still tell than that the their "
        "them there they this time to today tomorrow tonight true until up update us was we week were what when where "
        "which who why will with would yesterday you your back again cut cuts what's i'm morning afternoon evening",
    )
)
_PIECE = re.compile(r"[㐀-鿿]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that has to be found: all of `terms`, or the whole of `topics`; `word` is one that may be misspelt."""

    terms: tuple[str, ...]
    topics: tuple[str, ...] = ()
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; nothing at all is the newest."""

    units: tuple[Unit, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was named."""
        return bool(self.units)


def read_typed(text: str) -> Asked:
    """The words of a search field, each of which has to be found."""
    said = plain(text)
    return Asked(_units(_without_places(said), _place_terms(said))[:MOST_UNITS])


def read_question(text: str) -> Asked:
    """A question: what is asked about, without the words around it and without the places, which say for whom."""
    said = _without_places(plain(text))
    topics = [Unit((), (term,)) for term in topic_terms(sorted(find_topics(said)))]
    rest = _units(_without_filler(without_topics(said)), [])
    return Asked((*topics, *(unit for unit in rest if _means_something(unit)))[:MOST_UNITS])


def _units(said: str, places: list[str]) -> tuple[Unit, ...]:
    return (*(Unit((term,)) for term in places), *map(_unit, _PIECE.findall(said)))


def _unit(piece: str) -> Unit:
    terms = tuple(terms_of(piece))
    topics = tuple(topic_terms(sorted(find_topics(piece))))
    return Unit(terms, topics, next(iter(words_among(terms)), None))


def _means_something(unit: Unit) -> bool:
    return any(len(term) > 1 for term in unit.terms)


def _without_filler(said: str) -> str:
    kept = _FILLER_ZH.sub(" ", said)
    return " ".join(word for word in re.split(r"[\s,.;:!?，。！？、；：]+", kept) if word not in _FILLER_EN)


def _place_terms(said: str) -> list[str]:
    return terms_of_mentions(find_mentions(said))


def _without_places(said: str) -> str:
    for mention in find_mentions(said):
        said = said[: mention.start] + " " * (mention.end - mention.start) + said[mention.end :]
    return said
