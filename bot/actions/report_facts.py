"""When, how many people and whom to call in a report: taken from any answer, corrected in words, stored with the need.

Places are in `report_places.py`; `report_changes.py` calls the corrections here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.report_draft import Draft
from community.clock import now
from community.facts.finding import find_facts
from community.facts.models import Facts, PeopleFact, PhoneFact, PlaceFact, Span, TimeFact, TimeKind
from community.needs.told import Told, join_phones, without_phones
from community.places.models import DEFAULT_ZONE
from community.residents.queries import Profile

CORRECTS = re.compile(
    r"不是|不对|错了|应该|其实|而是|更正|改成|换成|改为|是|\bnot\b|n't|\bit'?s\b|\bit was\b|instead|actually|wrong|"
    r"\bi mean\b|make (?:it|that)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:不是|不对|不|是|错了?|说|写|记|搞|应该|其实|而是|更正|改成|换成|改为|改|换|成|的|了|吧|啊|呀|哦|噢|嗯|呢|我们?|你|电话|手机|座机|号码|号|打|联系|"
    r"可以|请|找|方式|时间|地点|地址|位置|人数|一共|总共|开始|发生|坏|就|在|有|这个|那个|对|到|给|拨|给我|"
    r"it|its|it's|that|was|is|are|were|there|not|no|n't|isn't|wasn't|on|at|in|of|since|started|began|happened|actually|instead|wrong|"
    r"the|a|an|my|our|me|number|phone|mobile|call|ring|reach|please|time|place|people|sorry|yes|but|i|mean|make|to|from|should|be|and|or|\W|_)+",
    re.IGNORECASE,
)
_ALSO = re.compile(r"也|还有|同样|另外|\balso\b|\btoo\b|as well|another", re.IGNORECASE)
_SINCE = re.compile(
    r"^(?:自从|从|自|打|since |from |started |starting |on |at )|(?:开始|起|以来|了)$", re.IGNORECASE
)


def read_facts(text: str, profile: Profile) -> Facts:
    """The facts in a person's words, said now and here."""
    return find_facts(text, now(), profile.community.zone if profile.community else DEFAULT_ZONE)


def note_facts(draft: Draft, facts: Facts) -> None:
    """Keep what the report did not say before; a number to be called is always kept."""
    if facts.times and draft.happened is None:
        draft.happened = _happened(facts.times)
    if facts.people and draft.people is None:
        draft.people = _people(facts.people)
    draft.phones = join_phones(draft.phones, _contacts(facts))


def says_only_facts(text: str, facts: Facts) -> bool:
    """Whether the words hold when, how many or a phone, and nothing of where and what."""
    return not facts.places and _is_rest_empty(text, _spans(facts))


def correct_facts(draft: Draft, text: str, facts: Facts) -> bool:
    """Change time, people or phone to what the person says now; False where the words do not correct them."""
    if not CORRECTS.search(text) and not _is_rest_empty(text, _spans(facts)):
        return False
    changed = [_correct_time(draft, facts), _correct_people(draft, facts), _correct_phone(draft, facts)]
    return any(changed)


def is_correction(text: str, facts: Facts) -> bool:
    """Whether words that name a place mean that it is there, and not that it is there too."""
    if _ALSO.search(text):
        return False
    return bool(CORRECTS.search(text)) or _is_rest_empty(text, [place.span for place in facts.places])


def correct_landmark(draft: Draft, text: str, facts: Facts) -> bool:
    """Change what no tree holds: 不是大堂，是后门. A landmark that is enough replaces the building too."""
    spots = [place for place in facts.places if place.beyond and not place.building]
    if not spots or draft.place is None or not is_correction(text, facts):
        return False
    before, after = draft.beyond or str(draft.place["zh"]), spots[-1]
    if after.words == before:
        return False
    if after.is_enough:
        told = find_facts(draft.words, now(), DEFAULT_ZONE).places
        before = next((place.words for place in told if before in place.words), before)
        draft.forget_place()
        draft.put_where_told(after.words)
    else:
        draft.beyond = after.beyond
    draft.words = draft.words.replace(before, after.words, 1)
    return True


def told_by(draft: Draft) -> Told:
    """The facts as they are stored."""
    happened, people = draft.happened, draft.people or {}
    return Told(
        happened_words=happened["words"] if happened else None,
        happened_kind=TimeKind(happened["kind"]) if happened else None,
        happened_from=_moment(happened["start"]) if happened else None,
        happened_until=_moment(happened["end"]) if happened else None,
        contact_phones=tuple(draft.phones),
        people_count=people.get("count"),
        people_words=people.get("words"),
    )


def values_to_read_back(draft: Draft, shown: int = 60) -> dict[str, Any]:
    """What is read back: the words without phones, and the facts that are not in the part of them that is shown."""
    words = without_phones(draft.words)
    quoted = words[:shown]
    time, people = draft.happened, draft.people
    return {
        "words": words,
        "time": time["words"] if time and time["words"] not in quoted else None,
        "people": people["words"] if people and people["words"] not in quoted else None,
        "phone": " / ".join(spaced(phone) for phone in draft.phones) or None,
    }


def spaced(phone: str) -> str:
    """A mobile number in groups that are read aloud: 138 1234 5678."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if re.fullmatch("1[0-9]{10}", phone) else phone


def _happened(times: Sequence[TimeFact]) -> dict[str, Any]:
    """The time that says most: one that lies in the past rather than how often; all words of them together."""
    main = next((time for time in times if time.kind is not TimeKind.EVERY), times[0])
    return {
        "words": "，".join(dict.fromkeys(time.words for time in times[:2])),
        "kind": main.kind.value,
        "start": main.start.isoformat() if main.start else None,
        "end": main.end.isoformat() if main.end else None,
    }


def _people(people: Sequence[PeopleFact]) -> dict[str, Any]:
    return {"words": people[0].words, "count": people[0].count}


def _contacts(facts: Facts) -> list[str]:
    return [phone.number for phone in facts.phones if phone.is_contact]


def _correct_time(draft: Draft, facts: Facts) -> bool:
    before = draft.happened
    if not facts.times or (before and before["words"] == facts.times[0].words):
        return False
    draft.happened = _happened(facts.times)
    if before:
        _replace(draft, before["words"], draft.happened["words"])
    return True


def _correct_people(draft: Draft, facts: Facts) -> bool:
    before = draft.people
    if not facts.people or (before and before["words"] == facts.people[0].words):
        return False
    draft.people = _people(facts.people)
    if before:
        _replace(draft, before["words"], draft.people["words"])
    return True


def _correct_phone(draft: Draft, facts: Facts) -> bool:
    """A number said now takes the place of those before, also in the words, so that the old one is not called."""
    fresh = [phone.number for phone in facts.phones]
    if not fresh or fresh == draft.phones:
        return False
    for fact in reversed(find_facts(draft.words, now(), DEFAULT_ZONE).phones):
        if fact.number in draft.phones:
            draft.words = draft.words[: fact.span[0]] + fresh[0] + draft.words[fact.span[1] :]
    draft.phones = fresh
    return True


def _replace(draft: Draft, before: str, after: str) -> None:
    """Put the corrected words where the wrong ones stood in the report; "since" and 从…开始 stay as they are."""
    if before in draft.words:
        old, new = _SINCE.sub("", before), _SINCE.sub("", after)
        draft.words = draft.words.replace(old, new, 1)


def _spans(facts: Facts) -> list[Span]:
    told: list[TimeFact | PeopleFact | PhoneFact | PlaceFact] = [*facts.times, *facts.people, *facts.phones]
    return [fact.span for fact in [*told, *facts.places]]


def _is_rest_empty(text: str, spans: Sequence[Span]) -> bool:
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    return bool(spans) and _FILLER.fullmatch(rest or " ") is not None


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
