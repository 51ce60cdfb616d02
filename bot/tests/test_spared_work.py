"""What is spared changes nothing: the same copies, the same answer of a domain, the same rules as Rasa's own."""

import copy
import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

from components import spared_work

RASAS_KEYS, RASAS_IS_EMPTY = RulePolicy._get_possible_keys, Domain.is_empty
RASAS_EVENT = Event.resolve_by_type
DOMAIN = Path(__file__).parents[1] / "domain.yml"
LISTEN, FORM, UNSET = "action_listen", "report_form", "should_not_be_set"


@pytest.fixture(scope="module", autouse=True)
def patched() -> None:
    spared_work.patch_rasa()


def _state(action: str | None, intent: str | None, loop: str | None) -> dict[str, Any]:
    state: dict[str, Any] = {}
    if action:
        state["prev_action"] = {"action_name": action}
    if intent:
        state["user"] = {"intent": intent}
    if loop:
        state["active_loop"] = {"name": loop}
    return state


STATES = [_state(*told) for told in product((None, LISTEN, FORM), (None, "greet", UNSET), (None, FORM))]
HISTORIES = [[last] for last in STATES] + [list(pair) for pair in product(STATES, STATES)]


def test_the_same_rules_fit() -> None:
    policy = object.__new__(RulePolicy)
    rules = {json.dumps(states): "rule" for states in HISTORIES}
    others = {json.dumps([state]): "rule" for state in STATES[::2]}
    for lookup, states in product((rules, others), [[], *HISTORIES]):
        assert policy._get_possible_keys(lookup, states) == RASAS_KEYS(policy, lookup, states)


def test_a_copied_slot_is_the_same_and_its_own() -> None:
    for slot in Domain.load(DOMAIN).slots:
        twin = copy.copy(slot)
        assert (type(twin), vars(twin)) == (type(slot), vars(slot))
        twin.value = twin.value or "other"
        assert twin.value != slot.value or slot.value is not None


@pytest.mark.parametrize("domain", [Domain.empty(), Domain.load(DOMAIN)])
def test_a_domain_is_as_empty_as_before(domain: Domain) -> None:
    assert domain.is_empty() is RASAS_IS_EMPTY(domain)


@pytest.mark.parametrize("name", ["slot", "active_loop", "user", "reset_slots"])
def test_an_event_is_found_by_its_name(name: str) -> None:
    assert Event.resolve_by_type(name) is RASAS_EVENT(name)


def test_an_event_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("surprise")
