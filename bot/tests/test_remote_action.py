"""The patch of RemoteAction against Rasa's own: the same answers pass and fail, and a turn hears of every failure."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import pytest
from jsonschema import ValidationError
from rasa.core.actions import action as rasas
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from components import remote_action
from components.remote_action import ActionDoorAway, patch_rasa
from components.turn import State, Turn, current_turn

RASAS_CHECK = RemoteAction._validate_action_result
SLOT = {"event": "slot", "name": "draft", "value": {"id": "1"}, "timestamp": None}
ANSWERS: list[tuple[Any, bool]] = [
    ({"events": [], "responses": []}, True),
    ({"events": [SLOT], "responses": [{"custom": {"message": "greeting"}}]}, True),
    ({"events": [{"event": "active_loop", "name": "report_form", "timestamp": None}], "responses": []}, True),
    ({"events": [{"event": "rewind"}], "responses": []}, True),
    ({"events": [{"name": "no event"}], "responses": []}, False),
    ({"events": [{"event": "slot", "name": "draft"}], "responses": []}, False),
    ({"events": [{"event": "slot", "name": 1, "value": 2}], "responses": []}, False),
    ({"events": [SLOT | {"timestamp": "now"}], "responses": []}, False),
    ({"events": [SLOT, "no event"], "responses": []}, False),
    ({"events": {}, "responses": []}, False),
    ({"events": [], "responses": ["no object"]}, False),
    ([], False),
]


@pytest.fixture(autouse=True)
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RASAS_CHECK)
    monkeypatch.setattr(RemoteAction, "run", RemoteAction.run)
    patch_rasa()


class Endpoint(EndpointConfig):
    """An action door that answers or fails as told."""

    def __init__(self, outcome: Any) -> None:
        super().__init__("http://127.0.0.1:1/webhook")
        self.outcome = outcome

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@contextmanager
def a_turn() -> Iterator[Turn]:
    turn = Turn("somebody", State())
    token = current_turn.set(turn)
    yield turn
    current_turn.reset(token)


async def run(outcome: Any) -> Any:
    tracker = DialogueStateTracker("somebody", [])
    domain = Domain.empty()
    action = RemoteAction("action_greet", Endpoint(outcome))
    return await action.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, domain)


@pytest.mark.parametrize(("answer", "right"), ANSWERS)
def test_the_same_answers_pass_as_in_rasa(answer: Any, right: bool) -> None:
    for check in (RASAS_CHECK, RemoteAction._validate_action_result):
        if right:
            assert check(RemoteAction("a", None), answer)
        else:
            with pytest.raises(ValidationError):
                check(RemoteAction("a", None), answer)


def test_checking_costs_a_tenth_at_most() -> None:
    answer = ANSWERS[1][0]
    assert _seconds(RemoteAction._validate_action_result, answer) < _seconds(RASAS_CHECK, answer) / 10


def _seconds(check: Any, answer: Any) -> float:
    action = RemoteAction("a", None)
    check(action, answer)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        check(action, answer)
        times.append(time.perf_counter() - start)
    return min(times)


async def test_a_good_answer_leaves_no_error() -> None:
    with a_turn() as turn:
        events = await run({"events": [SLOT], "responses": []})
    assert [event.as_dict()["name"] for event in events] == ["draft"]
    assert turn.error is None


@pytest.mark.parametrize(
    ("outcome", "away"),
    [
        (ClientResponseError(500, "bug", "{}"), False),
        (ClientResponseError(404, "unknown", "{}"), False),
        (ClientResponseError(503, "database away", "{}"), True),
        (aiohttp.ClientConnectionError("refused"), True),
        ({"events": [{"no": "event"}], "responses": []}, False),
    ],
)
async def test_the_turn_hears_of_a_failure(outcome: Any, away: bool) -> None:
    with a_turn() as turn, pytest.raises(Exception):  # noqa: B017, PT011 (Rasa's, whatever it is)
        await run(outcome)
    assert turn.error is not None
    assert isinstance(turn.error, ActionDoorAway) is away


async def test_a_rejection_is_no_failure() -> None:
    refused = ClientResponseError(400, "rejected", '{"action_name": "action_greet", "error": "no"}')
    with a_turn() as turn, pytest.raises(rasas.ActionExecutionRejection):
        await run(refused)
    assert turn.error is None


def test_the_environment_names_the_action_door(monkeypatch: pytest.MonkeyPatch) -> None:
    remote_action.action_door.cache_clear()
    monkeypatch.setenv("LINLI_ACTIONS_URL", "http://127.0.0.1:9/webhook")
    door = remote_action.action_door()
    remote_action.action_door.cache_clear()
    assert door is not None
    assert door.url == "http://127.0.0.1:9/webhook"
