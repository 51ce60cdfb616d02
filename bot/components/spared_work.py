"""What Rasa does anew in each turn, done once or not at all; what comes out is the same.

The third patch of Rasa, applied with the others when the door is made. tests/test_spared_work.py holds it against
Rasa's own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Rules = Mapping[str, str]
Place = tuple[str | None, str | None]
"""The action before, and the intent; None in a rule that is not about it."""

_rasas_keys = RulePolicy._get_possible_keys  # noqa: SLF001 - what is patched here
_rasas_event_named = Event.resolve_by_type
_EMPTY = Domain.empty().as_dict()


def _copy(self: Slot) -> Slot:
    """A slot is copied some hundred times in a turn; `copy.copy` alone would take the way of a pickle."""
    twin: Slot = object.__new__(type(self))
    twin.__dict__.update(self.__dict__)
    return twin


def _is_empty(self: Domain) -> bool:
    """Rasa asks this of each message, and would build an empty domain each time to compare."""
    return bool(self.as_dict() == _EMPTY)


@cache
def _event_named(name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Rasa asks all its classes, and each whether it is abstract, for every event that an action answers with."""
    return _rasas_event_named(name, default)


def _possible_keys(self: RulePolicy, lookup: Rules, states: list[dict[str, Any]]) -> set[str]:
    """The rules that fit; those that end in another action or intent than the dialogue does are not even looked at."""
    action, intent = _place(states[-1]) if states else (None, None)
    if action is None:
        return _rasas_keys(self, lookup, states)
    places = _by_place(self, lookup)
    near = {
        key: rule
        for place in {(action, intent), (action, None), (None, intent), (None, None)}
        for key, rule in places.get(place, {}).items()
    }
    return _rasas_keys(self, near, states)


def _by_place(policy: RulePolicy, lookup: Rules) -> Mapping[Place, Rules]:
    """The rules by where they end; sorted once for each lookup."""
    known: dict[int, dict[Place, dict[str, str]]] = policy.__dict__.setdefault("rules_by_place", {})
    if id(lookup) not in known:
        places: dict[Place, dict[str, str]] = defaultdict(dict)
        for key, rule in lookup.items():
            places[_place(json.loads(key)[-1])][key] = rule
        known[id(lookup)] = dict(places)
    return known[id(lookup)]


def _place(state: dict[str, Any]) -> Place:
    return _said(state, PREVIOUS_ACTION, ACTION_NAME), _said(state, USER, INTENT)


def _said(state: dict[str, Any], part: str, name: str) -> str | None:
    value = state.get(part, {}).get(name)
    return None if value == SHOULD_NOT_BE_SET else value


def patch_rasa() -> None:
    """Put it in the place of Rasa's own; harmless when done twice."""
    Slot.__copy__ = _copy
    Domain.is_empty = _is_empty
    Event.resolve_by_type = staticmethod(_event_named)
    RulePolicy._get_possible_keys = _possible_keys  # noqa: SLF001 - what is patched here
