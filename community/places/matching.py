"""Finds on a community's place tree what people say: "五栋，啊不对，六栋一单元", "lift in block 3", "3-2-501".

Comes after the bot has understood that a place is told; what is unknown or missing comes back with near choices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from community.facts.models import PlaceFact
from community.facts.place_details import find_details
from community.facts.place_mentions import Mention, find_mentions, is_article, read_bare
from community.facts.place_phrases import Said, find_phrases, put_together, set_aside
from community.facts.text import plain_text
from community.places.models import Level
from community.places.tree import PlaceNode, PlaceTree, nearest

__all__ = ["PlaceMatch", "PlaceNode", "PlaceTree", "match_place"]

MOST_CHARACTERS = 2_000
MOST_NEAR = 3
MOST_BUTTONS = 4


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a text says about where.

    `place` is the deepest known place. `words` is the phrase that named it, with details such as a room. `unknown` is
    a number that was said and does not exist, on `unknown_level`. `near` holds choices to offer: the nearest
    buildings, or units of the building. `needs_unit` is True where a unit is asked for and only the building is known.
    `beyond` is what the tree does not hold: floor, room, landmark; `is_enough` says that it leads there by itself.
    """

    place: PlaceNode | None = None
    words: str | None = None
    unknown: str | None = None
    unknown_level: Level | None = None
    near: tuple[PlaceNode, ...] = ()
    needs_unit: bool = False
    beyond: str | None = None
    is_enough: bool = False


def match_place(
    text: str, tree: PlaceTree, *, within: UUID | None = None, ask_unit: bool = False, answer: bool = False
) -> PlaceMatch:
    """The place that a text names, the last one where it corrects itself.

    `within` is the building (or a unit of it) that was told before, so that "Unit 2" is enough; `ask_unit` says that
    a building alone is not enough; `answer` that the text answers a question for the place, so that "3" is enough.
    """
    text = text[:MOST_CHARACTERS]
    plain = plain_text(text)
    known = _building_of(tree, within)
    mentions = _mentions(text, plain, tree, known, answer)
    details = find_details(plain, mentions)
    said = put_together(plain, set_aside(plain, mentions, () if answer else details))
    phrases = find_phrases(text, plain, said.mentions, details)
    if not said.mentions:
        return _match_by_name(text, plain, tree, phrases)
    return _with_words(_look_up(plain, said, tree, known, ask_unit), said, phrases)


def _with_words(match: PlaceMatch, said: Said, phrases: Sequence[PlaceFact]) -> PlaceMatch:
    """The match with the words that told it, and what of them stands on no tree."""
    own = [phrase for phrase in phrases if any(_holds(phrase, mention) for mention in said.mentions)]
    words = " ".join(phrase.words.strip() for phrase in own)
    return replace(
        match, words=words, beyond=" ".join(phrase.beyond for phrase in own if phrase.beyond) or None
    )


def _holds(phrase: PlaceFact, mention: Mention) -> bool:
    return phrase.span[0] <= mention.start and mention.end <= phrase.span[1]


def _building_of(tree: PlaceTree, place: UUID | None) -> PlaceNode | None:
    node = tree.find(place)
    if node and node.level is Level.UNIT:
        node = tree.find(node.parent_id)
    return node if node and node.level is Level.BUILDING else None


def _mentions(
    text: str, plain: str, tree: PlaceTree, known: PlaceNode | None, answer: bool
) -> Sequence[Mention]:
    found = [mention for mention in find_mentions(plain) if _is_possible(text, mention, tree)]
    if not found and (answer or known):
        found = read_bare(plain, Level.UNIT if known else Level.BUILDING)
    return found


def _is_possible(text: str, mention: Mention, tree: PlaceTree) -> bool:
    """A letter counts only where there is such a place; "they block a car" has an article."""
    if not re.fullmatch("[a-z]", mention.number):
        return True
    return bool(tree.numbered(mention.level, mention.number)) and not is_article(text, mention)


def _look_up(plain: str, said: Said, tree: PlaceTree, known: PlaceNode | None, ask_unit: bool) -> PlaceMatch:
    if said.building is not None and (known is None or known.number.lower() != said.building):
        buildings = _buildings(plain, said, tree)
        if len(buildings) != 1:
            return _unclear(said.building, tree, buildings)
        return _look_up_unit(said.unit, tree, buildings[0], ask_unit)
    if known is not None:
        return _look_up_unit(said.unit, tree, known, ask_unit)
    grids = tree.numbered(Level.GRID, said.grid or "")
    return PlaceMatch(grids[0] if len(grids) == 1 else None)


def _buildings(plain: str, said: Said, tree: PlaceTree) -> list[PlaceNode]:
    """The buildings of this number; of several, those in the grid that was said, or whose whole name was."""
    buildings = tree.numbered(Level.BUILDING, said.building or "")
    if len(buildings) < 2:
        return buildings
    grids = {grid.id for grid in tree.numbered(Level.GRID, said.grid or "")}
    named = [node for node in buildings if node.parent_id in grids or plain_text(node.zh) in plain]
    return named or buildings


def _unclear(number: str, tree: PlaceTree, buildings: Sequence[PlaceNode]) -> PlaceMatch:
    """No building of this number, or several: nothing is chosen, the near ones are offered."""
    if buildings:
        return PlaceMatch(near=tuple(buildings[:MOST_NEAR]))
    near = nearest(tree.at_level(Level.BUILDING), number, MOST_NEAR)
    return PlaceMatch(unknown=number.upper(), unknown_level=Level.BUILDING, near=near)


def _look_up_unit(number: str | None, tree: PlaceTree, building: PlaceNode, ask_unit: bool) -> PlaceMatch:
    units = tree.below(building)
    if not units or (number is None and not ask_unit):
        return PlaceMatch(building)
    if number is None:
        only_one = len(units) == 1
        return PlaceMatch(
            units[0] if only_one else building, near=tuple(units[:MOST_BUTTONS]), needs_unit=not only_one
        )
    for unit in units:
        if unit.number.lower() == number:
            return PlaceMatch(unit)
    if len(number) >= 3:  # "Building 3 Unit 501" is a flat
        return _look_up_unit(None, tree, building, ask_unit)
    near = nearest(units, number, MOST_BUTTONS)
    return PlaceMatch(
        building, unknown=number.upper(), unknown_level=Level.UNIT, near=near, needs_unit=ask_unit
    )


def _match_by_name(text: str, plain: str, tree: PlaceTree, phrases: Sequence[PlaceFact]) -> PlaceMatch:
    """A place that has a name of its own (会所, Club House), else only the words that tell where."""
    for name, node in tree.names:
        start = plain.find(name)
        if start >= 0:
            return PlaceMatch(node, words=text[start : start + len(name)])
    told = next((phrase for phrase in phrases if phrase.is_enough), phrases[0] if phrases else None)
    if told is None:
        return PlaceMatch()
    return PlaceMatch(words=told.words, beyond=told.words, is_enough=told.is_enough)
