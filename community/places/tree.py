"""The place tree of one community in memory, with the indexes that matching needs; made from the rows of `places`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from community.facts.text import plain_text
from community.places.models import Level


@dataclass(frozen=True, slots=True)
class PlaceNode:
    """A grid, building or unit; `number` is how people say it, `zh` and `en` its full name."""

    id: UUID
    parent_id: UUID | None
    level: Level
    number: str
    zh: str
    en: str

    @property
    def name(self) -> dict[str, str]:
        """The full name in both languages."""
        return {"zh": self.zh, "en": self.en}


class PlaceTree:
    """The places of a community, by id, by number, by parent, and by names that hold no number."""

    def __init__(self, nodes: Iterable[PlaceNode]) -> None:
        self._by_id = {node.id: node for node in nodes}
        self._by_number: dict[tuple[Level, str], list[PlaceNode]] = defaultdict(list)
        self._by_parent: dict[UUID, list[PlaceNode]] = defaultdict(list)
        for node in sorted(self._by_id.values(), key=lambda node: _order(node.number)):
            self._by_number[node.level, node.number.lower()].append(node)
            if node.parent_id:
                self._by_parent[node.parent_id].append(node)
        self.names = sorted(self._names_without_number(), key=lambda named: -len(named[0]))

    def find(self, place_id: UUID | None) -> PlaceNode | None:
        """The place of this id, if it is on the tree."""
        return self._by_id.get(place_id) if place_id else None

    def path(self, place_id: UUID | None) -> list[PlaceNode]:
        """A place and what it lies in, upwards; nothing where it is not on the tree."""
        found, place = [], self.find(place_id)
        while place is not None:
            found.append(place)
            place = self.find(place.parent_id)
        return found

    def numbered(self, level: Level, number: str) -> list[PlaceNode]:
        """All places of a level with this number; buildings of two grids may share one."""
        return self._by_number.get((level, number), [])

    def below(self, place: PlaceNode) -> list[PlaceNode]:
        """What lies right below a place, in the order of the numbers."""
        return self._by_parent.get(place.id, [])

    def at_level(self, level: Level) -> list[PlaceNode]:
        """All places of a level."""
        return [node for node in self._by_id.values() if node.level is level]

    def _names_without_number(self) -> Iterable[tuple[str, PlaceNode]]:
        for node in self._by_id.values():
            for name in (plain_text(node.zh), plain_text(node.en)):
                if len(name) > 1 and not (node.number.isascii() and node.number.lower() in name):
                    yield name, node


def nearest(nodes: Sequence[PlaceNode], number: str, most: int) -> tuple[PlaceNode, ...]:
    """The places whose numbers are closest to this one, in the order of their numbers."""
    closest = sorted(nodes, key=lambda node: (abs(_value(node.number) - _value(number)), _order(node.number)))
    return tuple(sorted(closest[:most], key=lambda node: _order(node.number)))


def _order(number: str) -> tuple[int, str]:
    """Sorts 2 before 10, and numbers before letters."""
    return (_value(number) if number[:1].isdigit() else 10_000, number.lower())


def _value(number: str) -> int:
    """The number in it; a letter counts by its place in the alphabet."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return int(digits) if digits else ord(number[:1].lower() or "a") - ord("a") + 1
