"""Rooms as they are written on doors: read from what staff type, and the floor on which one lies."""

from __future__ import annotations

import re

from community.errors import Refused

_ROOM = re.compile(r"\d{3,4}[A-Za-z]?|\d{1,2}[-楼层]?[A-Za-z]|\d{1,2}[-楼层]\d{1,2}[A-Za-z]?")


def read_room(said: str) -> str:
    """501, 1203, 12B... as it is written on doors. Raises Refused("room_unclear")."""
    room = said.strip().replace("室", "").replace(" ", "")
    if not _ROOM.fullmatch(room):
        raise Refused("room_unclear")
    return room


def floor_of(room: str | None) -> int | None:
    """The floor on which a room lies; None where it does not say."""
    digits = re.match(r"\d+", room or "")
    if digits is None:
        return None
    number = digits.group()
    return int(number[:-2]) if len(number) > 2 else int(number)
