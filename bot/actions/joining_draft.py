"""A sign-up while it is made: which shift, as what, with whom; kept between the questions of joining.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.actions.activity_words import read_comers, read_part
from bot.actions.turn import Turn
from community.activities.queries import ShiftLine
from community.signups.relations import get_relation
from community.signups.usecases.joining import Comer

JOIN = "join_activity"


@dataclass(frozen=True, slots=True)
class Draft:
    """A sign-up under way; `tapped`: the shift was chosen by a button, `words` wait until the community is known.

    `team` is the id of the team that its leader signs up; `then` are the shifts that follow, where several were named.
    """

    id: str
    shift: str | None = None
    part: str | None = None
    comers: tuple[Comer, ...] = ()
    tapped: bool = False
    words: str = ""
    wish: str = JOIN
    team: str | None = None
    then: tuple[str, ...] = ()

    @classmethod
    def of(cls, turn: Turn) -> Draft:
        kept = turn.slots.get("errand") if turn.asked else None
        if not isinstance(kept, Mapping):
            return cls(str(turn.message_id))
        read = {
            "comers": tuple(Comer(**each) for each in kept["comers"]),
            "then": tuple(kept.get("then", ())),
        }
        return cls(**{**kept, **read})

    @property
    def has_young(self) -> bool:
        """Whether a child comes along of whom nothing is known."""
        return any(each.is_child and not each.old_enough for each in self.comers)

    def grown(self) -> Draft:
        """The children are old enough."""
        return replace(self, comers=tuple(replace(each, old_enough=True) for each in self.comers))

    def next(self, turn: Turn) -> Draft:
        """What follows of several shifts, by a question of its own."""
        first, *then = self.then
        return replace(self, id=str(turn.message_id), shift=first, then=tuple(then), tapped=False)

    def alone(self) -> Draft:
        """Without the children."""
        return replace(self, comers=tuple(each for each in self.comers if not each.is_child))


def with_words(draft: Draft, words: str) -> Draft:
    """The draft with what more words say of part and companions."""
    part = read_part(words)
    return replace(
        draft,
        part=draft.part or (part.value if part else None),
        comers=tuple(read_comers(words)) or draft.comers,
    )


def shift_values_of(line: ShiftLine, draft: Draft) -> dict[str, Any]:
    """What messages about the sign-up name; several of one kind are named once."""
    relations = [each.relation for each in draft.comers if each.relation != "guest"]
    return {
        "title": line.activity.title,
        "starts": line.shift.starts_at.isoformat(),
        "where": line.activity.where,
        "people": 1 + len(draft.comers),
        "relations": [get_relation(code).name for code in dict.fromkeys(relations)],
    }
