"""What a notice means for one person: when it is, said as a moment, and whether their building is meant.

Both are said only where the notice tells them plainly; its own words always stand beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from community.facts.coming import Coming, find_coming
from community.facts.place_mentions import find_mentions
from community.notices.audiences import audience_of
from community.notices.models import Notice
from community.notices.terms import plain
from community.notices.topics import find_topics
from community.places.models import Level, Place
from community.places.queries import find_path, places_below

SUPPLIES = frozenset({"water", "power", "gas", "heating", "lift", "spraying", "tank"})
"""What is off or on by building: a building that such a notice names is one that it is for, and no meeting point."""
_DAY = timedelta(days=1)
_MOST_BUILDINGS = 60
_WEEKDAY_BESIDE = re.compile(r"[（(](?:周|星期|礼拜)[一二三四五六日天][）)]\s*")
_CLOCK = re.compile(r"[点时:：]|\b[0-9]{1,2}\s?[ap]\.?m\b")
_DAY_NAMED = re.compile(r"[今明后][天晚早日]|[0-9]\s?[日号]|周|星期|礼拜")
_OVER_NIGHT = re.compile(r"次日|第二天|至明|到明|翌日")
_RANGE_ZH = re.compile(
    r"([0-9]{1,3})\s?(?:号楼?|[栋幢座#])?\s?(?:到|至|-|~)\s?([0-9]{1,3})\s?(?:号楼|[栋幢座]|#)"
)
_RANGE_EN = re.compile(r"\b(?:buildings|blocks|towers)\s([0-9]{1,3})\s?(?:to|-|through)\s?([0-9]{1,3})\b")
_LIST_ZH = re.compile(r"(?<![0-9:.])((?:[0-9]{1,3}号?\s?[、,，和及]\s?)+)(?=[0-9]{1,3}\s?(?:号楼|[栋幢座]))")
_BUT = re.compile(r"除|以外|之外|其他|其它|不受影响|\b(?:except|other than|not affected|all but)\b")


def find_when(notice: Notice, zone: str) -> Coming | None:
    """The one span of time that the notice names, as meant when it went out; None where it names none or several."""
    words = _WEEKDAY_BESIDE.sub(" ", notice.text_zh)
    if _OVER_NIGHT.search(words):
        return None
    named = [each for each in find_coming(words, notice.valid_from, zone) if _CLOCK.search(each.words)]
    if len(named) != 1 or not _DAY_NAMED.search(named[0].words):
        return None
    return named[0] if named[0].end - named[0].start < _DAY else None


async def is_meant(session: AsyncSession, notice: Notice, place: Place | None) -> bool | None:
    """Whether a building or unit is meant, by whom the notice goes to or by what its words name; None where unsure.

    It is unsure as well where a part of the building is meant: a unit that the person did not name.
    """
    if place is None:
        return None
    path, audience = await find_path(session, place.id), audience_of(notice)
    ids = {each.id for each in path}
    if ids & set(audience.without_places):
        return False
    below = set(await session.scalars(places_below([place.id]))) - {place.id}
    if below & set(audience.without_places):
        return None
    if audience.places:
        return bool(ids & set(audience.places)) or (None if below & set(audience.places) else False)
    named = named_buildings(f"{notice.title_zh}。{notice.text_zh}")
    numbers = {each.number.lower() for each in path if each.level is Level.BUILDING}
    return bool(numbers & named) if named and numbers else None


def named_buildings(text: str) -> frozenset[str]:
    """The numbers of the buildings that a notice of water, power and the like names: 3 到 7 栋 are five."""
    said = plain(text)
    if not find_topics(said) & SUPPLIES or _BUT.search(said):
        return frozenset()
    found = {mention.number.lower() for mention in find_mentions(said) if mention.level is Level.BUILDING}
    for match in (*_RANGE_ZH.finditer(said), *_RANGE_EN.finditer(said)):
        found |= set(_between(int(match[1]), int(match[2])))
    for match in _LIST_ZH.finditer(said):
        found |= set(re.findall(r"[0-9]+", match[1]))
    return frozenset(found)


def _between(first: int, last: int) -> Iterable[str]:
    return map(str, range(first, min(last, first + _MOST_BUILDINGS) + 1))
