"""Terms of places, so that 3号楼, 三栋, Building 3 and 3-2 find what is at one building."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from community.facts.place_mentions import Mention, find_mentions
from community.facts.text import plain_text
from community.places.models import Level, Place
from community.places.tree import PlaceNode


def terms_of_mentions(mentions: Iterable[Mention]) -> list[str]:
    """The terms of buildings, units and grids in the order of a text; a unit is of the building before it."""
    found: list[str] = []
    building = ""
    for mention in mentions:
        if mention.level is Level.BUILDING:
            building = mention.number
        found += _terms(mention.level, mention.number, building)
        if mention.room:
            found.append(mention.room)
    return list(dict.fromkeys(found))


def terms_of_text(text: str) -> list[str]:
    """The terms of the places that a text names."""
    return terms_of_mentions(find_mentions(plain_text(text)))


def terms_of_path(path: Sequence[Place | PlaceNode]) -> list[str]:
    """The terms of a place on the tree: itself and what it lies in."""
    building = next((place.number.lower() for place in path if place.level is Level.BUILDING), "")
    return [term for place in path for term in _terms(place.level, place.number.lower(), building)]


def _terms(level: Level, number: str, building: str) -> list[str]:
    if level is Level.GRID:
        return [f"grid:{number}"]
    if level is Level.BUILDING:
        return [f"building:{number}"]
    within = [f"unit:{building}:{number}"] if building else []
    return [f"unit:{number}", *within]
