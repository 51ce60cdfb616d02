"""Puts the mentions of a text together to the one place it means: the last one, with its unit and grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from community.facts.models import PlaceFact, Span
from community.facts.place_details import Detail
from community.facts.place_mentions import Mention
from community.facts.place_words import EN_SIDE_BEFORE, ZH_AFTER
from community.places.models import Level

Part = Mention | Detail

_DENIED = re.compile(r"(?:不是|不在|并非|\bnot(?: in| at)?\s?|isn't\s?)\s?$")
_LIVED_IN = re.compile(
    r"(?:[我俺咱](?:们|家)?(?:就|是)?住在?|本人就?住在?|我家在|我们?是|我在|家住|本人住"
    r"|\bi(?:'m| am)?(?: live| living)? (?:in|at|from)\s?)\s?$"
)
_OF_THOSE_WHO_TELL = re.compile(r"(?:的|这边的)?(?:住户|业主|居民)(?=[,，。\s]|反映|想|要|在)")
_JOINED = re.compile(
    r"[\s,，、的-]{0,3}(?:the\s)?(?:那里|那边|这边)?的?|(?:,?\s(?:of|in|at|on|by|behind|outside|near|next\sto|inside|under|opposite)\s(?:the\s)?)|'s\s"
)
_OF = re.compile(r"(?:,|\s(?:of|in|at|on|,))?\s?(?:the\s)?$")
_CLAUSE = re.compile(r"[,，]")
_HOME = re.compile(
    r"(?:我|家|住|住在|是)\s?$|\b(?:live|am|i'm|we're|my|our)(?:\s(?:in|at|flat|home|is))*\s?$"
)
_BELONGS = re.compile(r"[\s,，的]{0,2}(?:of|in|at)?\s?(?:the\s)?")


@dataclass(slots=True)
class Said:
    """A place in the words of a text: numbers by level, and the mentions that say them."""

    mentions: list[Mention] = field(default_factory=list)
    grid: str | None = None
    building: str | None = None
    unit: str | None = None


def set_aside(plain: str, mentions: Sequence[Mention], details: Sequence[Detail] = ()) -> Sequence[Mention]:
    """The mentions without "not Building 3" and "I live in Building 3", where another place is left."""
    lone = any(each.is_enough and _stands_alone(plain, each, mentions) for each in details)
    kept: list[Mention] = []
    aside_until = -9
    for mention in mentions:
        if _is_aside(plain, mention) or (
            mention.level is Level.UNIT and mention.start - aside_until in (0, 1)
        ):
            aside_until = mention.end
        else:
            kept.append(mention)
    return kept if lone or any(mention.level is Level.BUILDING for mention in kept) else mentions


def _is_aside(plain: str, mention: Mention) -> bool:
    """Whether a mention is denied, or is the building where the person lives."""
    before = max(0, mention.start - 20), mention.start
    return bool(
        _DENIED.search(plain, *before)
        or (mention.level is Level.BUILDING and _LIVED_IN.search(plain, *before))
        or _OF_THOSE_WHO_TELL.match(plain, mention.end)
    )


def _stands_alone(plain: str, detail: Detail, mentions: Sequence[Mention]) -> bool:
    """Whether no building stands right before or after a landmark."""
    return not any(
        (
            mention.end <= detail.start <= mention.end + 2
            and not _CLAUSE.search(plain, mention.end, detail.start)
        )
        or detail.end <= mention.start <= detail.end + 12
        for mention in mentions
    )


def put_together(plain: str, mentions: Sequence[Mention]) -> Said:
    """Reads mentions in their order: a building begins anew, a unit belongs to the building before or right after."""
    said = Said()
    for mention in mentions:
        if mention.level is Level.BUILDING:
            said = _begin(plain, said, mention)
        elif mention.level is Level.UNIT:
            _add_unit(said, mention)
        else:
            said = Said([mention], grid=mention.number)
    return said


def find_phrases(
    text: str, plain: str, mentions: Sequence[Mention], details: Sequence[Detail]
) -> list[PlaceFact]:
    """Mentions and details that stand together make one place; words are those of the text itself."""
    every: list[Part] = [*mentions, *details]
    parts = sorted(every, key=lambda part: (part.start, part.end))
    groups: list[list[Part]] = []
    for part in parts:
        if groups and _is_joined(plain, groups[-1], part):
            groups[-1].append(part)
        else:
            groups.append([part])
    return _merged(plain, [_phrase(text, plain, group) for group in groups])


def _merged(plain: str, phrases: list[PlaceFact]) -> list[PlaceFact]:
    """One building and, elsewhere in the text, one unit or flat are one place; but not the flat where one lives."""
    buildings = [each for each in phrases if each.building]
    inside = [each for each in phrases if not each.building and (each.unit or each.room)]
    if (
        len(buildings) != 1
        or len(inside) != 1
        or _HOME.search(plain, max(0, inside[0].span[0] - 12), inside[0].span[0])
    ):
        return phrases
    building, part = buildings[0], inside[0]
    if (building.unit and part.unit) or (building.room and part.room):
        return phrases
    whole = replace(building, unit=building.unit or part.unit, room=building.room or part.room)
    return [whole if each is building else each for each in phrases if each is not part]


def _is_joined(plain: str, group: Sequence[Part], part: Part) -> bool:
    """Whether a part goes on with the phrase; a second building is another place."""
    end = group[-1].end
    if _is_building(part) and any(_is_building(each) for each in group):
        return False
    if isinstance(part, Detail) and part.is_enough and _CLAUSE.search(plain, end, part.start):
        return False
    return part.start <= end or _JOINED.fullmatch(plain, end, part.start) is not None


def _is_building(part: Part) -> bool:
    return isinstance(part, Mention) and part.level is Level.BUILDING


def _phrase(text: str, plain: str, group: Sequence[Part]) -> PlaceFact:
    numbers = {part.level: part for part in reversed(group) if isinstance(part, Mention)}
    details = [part for part in group if isinstance(part, Detail)]
    values = {part.what: part.value for part in reversed(details)}
    unit = numbers[Level.UNIT].number if Level.UNIT in numbers else None
    room = values.get("room") or next((part.room for part in numbers.values() if part.room), None)
    if unit and unit.isdigit() and len(unit) >= 3:
        unit, room = None, unit
    (start, end), beyond = _span_and_beyond(text, plain, group, details)
    return PlaceFact(
        (start, end),
        text[start:end],
        grid=numbers[Level.GRID].number if Level.GRID in numbers else None,
        building=numbers[Level.BUILDING].number if Level.BUILDING in numbers else None,
        unit=unit,
        floor=values.get("floor"),
        room=room,
        beyond=beyond or room,
        is_enough=any(part.is_enough for part in details),
    )


def _span_and_beyond(
    text: str, plain: str, group: Sequence[Part], details: Sequence[Detail]
) -> tuple[Span, str | None]:
    """The phrase with the side that it is seen from, and those of its words that stand on no tree."""
    start, end = group[0].start, max(part.end for part in group)
    before = EN_SIDE_BEFORE.search(plain, max(0, start - 24), start)
    if before:
        return (before.start(), end), text[before.start() : end]
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if text[start:end].isascii() and details and details[0] is group[0]:
        return (start, end), _before_building(text, plain, start, end, group)
    spans = [(part.start, part.end) for part in details]
    after = (
        None
        if details and details[-1].what == "spot" and details[-1].end == end
        else ZH_AFTER.match(plain, end)
    )
    if after:
        spans.append((end, after.end()))
        end = after.end()
    between = "" if not text[start:end].isascii() else " "
    return (start, end), between.join(text[one:other].strip(" 的") for one, other in spans) or None


def _before_building(text: str, plain: str, start: int, end: int, group: Sequence[Part]) -> str:
    """What stands before the building: the lobby (of Building 7), but all of "the bin room behind Block 5"."""
    first = next((part.start for part in group if isinstance(part, Mention)), end)
    if re.search(r"\b(?:behind|outside|near|next to|beside|opposite|under)\s(?:the\s)?$", plain[start:first]):
        return text[start:end]
    joint = _OF.search(plain, start, first)
    return text[start : joint.start() if joint else first]


def _begin(plain: str, before: Said, mention: Mention) -> Said:
    """A building; a grid or unit that stands right before it ("Unit 2, Block 3") is kept, all else forgotten."""
    if (
        before.building is None
        and before.mentions
        and _BELONGS.fullmatch(plain, before.mentions[-1].end, mention.start)
    ):
        return Said([*before.mentions, mention], before.grid, mention.number, before.unit)
    return Said([mention], building=mention.number)


def _add_unit(said: Said, mention: Mention) -> None:
    if said.unit is not None:
        said.mentions.pop()
    said.unit = mention.number
    said.mentions.append(mention)
