"""The place tree of one community in memory, with the indexes that matching needs; made from the rows of `places`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

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


class PlaceTree:
    """The nodes by id, by parent and by number."""

    def __init__(self, nodes: Iterable[PlaceNode]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self._numbered: dict[tuple[Level, str], list[PlaceNode]] = defaultdict(list)
        self._below: dict[UUID | None, list[PlaceNode]] = defaultdict(list)
        for node in self.nodes.values():
            self._numbered[node.level, node.number.lower()].append(node)
            self._below[node.parent_id].append(node)

    def numbered(self, level: Level, number: str) -> list[PlaceNode]:
        """All places of a level with this number; buildings of two grids may share one."""
        return self._numbered.get((level, number), [])

    def units(self, building: PlaceNode) -> list[PlaceNode]:
        """The units of a building, in the order of their numbers."""
        return sorted(self._below.get(building.id, []), key=lambda node: order_of(node.number))

    def nearest(self, number: str, most: int = 3) -> list[PlaceNode]:
        """The buildings whose numbers are closest to this one, in the order of their numbers."""
        buildings = [node for node in self.nodes.values() if node.level is Level.BUILDING]
        closest = sorted(buildings, key=lambda node: (distance(node.number, number), order_of(node.number)))
        return sorted(closest[:most], key=lambda node: order_of(node.number))


def order_of(number: str) -> tuple[int, str]:
    """Sorts 2 before 10, and numbers before letters."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return (int(digits) if digits else 10_000, number.lower())


def distance(one: str, other: str) -> int:
    """How far two numbers are from each other; letters count by their place in the alphabet."""
    return abs(_value(one) - _value(other))


def _value(number: str) -> int:
    digits = "".join(sign for sign in number if sign.isdigit())
    return int(digits) if digits else ord(number[:1].lower() or "a") - ord("a") + 1
