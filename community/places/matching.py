"""Finds on a community's place tree what people say: "五栋，啊不对，六栋一单元", "lift in block 3", "3-2-501".

Comes after the bot has understood that a place is told; what is unknown or missing comes back with near choices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from community.facts.numbers import plain_text
from community.facts.place_details import find_spot
from community.facts.place_mentions import Mention, find_mentions, read_bare
from community.facts.place_phrases import Said, put_together, set_aside, spans_with_details
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
    """

    place: PlaceNode | None = None
    words: str | None = None
    unknown: str | None = None
    unknown_level: Level | None = None
    near: tuple[PlaceNode, ...] = ()
    needs_unit: bool = False


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
    said = put_together(plain, set_aside(plain, _mentions(text, plain, tree, known, answer)))
    if not said.spans:
        return _match_by_name(text, plain, tree)
    match = _look_up(plain, said, tree, known, ask_unit)
    spans = spans_with_details(plain, said.spans)
    return replace(match, words=" ".join(text[start:end].strip() for start, end in spans))


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
    is_article = re.match(r"a\s+[a-z]", text[mention.end - 1 :])
    return bool(tree.numbered(mention.level, mention.number)) and not is_article


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


def _match_by_name(text: str, plain: str, tree: PlaceTree) -> PlaceMatch:
    """A place that has a name of its own (会所, Club House), else only the words that tell where."""
    for name, node in tree.names:
        start = plain.find(name)
        if start >= 0:
            return PlaceMatch(node, words=text[start : start + len(name)])
    spot = find_spot(plain)
    return PlaceMatch(words=text[slice(*spot)]) if spot else PlaceMatch()
