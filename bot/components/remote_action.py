"""A patch of Rasa: calls of the action door check their answer quickly, and tell the turn how they failed.

Rasa 3.6.21 checks the JSON schema itself anew at each call (12 to 42 ms of a turn); here the validator is made once,
and asked only about what is not known at sight. And Rasa goes on silently after a failed call ("the actions events are
lost"); here the turn remembers the error, and the door answers with it. Also, the address of the action door comes from
LINLI_ACTIONS_URL, which endpoints.yml cannot have a default for. Applied when the door is made;
tests/test_remote_action.py holds it against Rasa's own.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError

from components.action_door import ActionDoor
from components.turn import current_turn

Run = Callable[..., Awaitable[list[Event]]]

_rasas_run: Run = RemoteAction.run


@lru_cache(maxsize=1)
def validator() -> Any:
    """The validator of what an action answers, made once."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(_: RemoteAction, result: Any) -> bool:
    if not _is_known_at_sight(result):
        validator().validate(result)
    return True


def _is_known_at_sight(result: Any) -> bool:
    """What our actions answer: slots and active loops, and responses that are objects."""
    return (
        isinstance(result, dict)
        and isinstance(result.get("events"), list)
        and isinstance(result.get("responses"), list)
        and all(_is_plain(event) for event in result["events"])
        and all(isinstance(response, dict) for response in result["responses"])
    )


def _is_plain(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.get("timestamp") is None
        and event.get("metadata") is None
        and (event.get("event") == "active_loop" or _sets_a_slot(event))
    )


def _sets_a_slot(event: dict[str, Any]) -> bool:
    return event.get("event") == "slot" and isinstance(event.get("name"), str) and "value" in event


async def _run(self: RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    self.action_endpoint = action_door() or self.action_endpoint
    try:
        return await _rasas_run(self, *args, **kwargs)
    except ActionExecutionRejection:
        raise
    except Exception as error:
        turn = current_turn.get()
        if turn is not None:
            turn.error = ActionDoorAway(self.name()) if _is_away(error) else error
        raise


class ActionDoorAway(Exception):
    """The action door, or the database behind it, cannot be reached now; the message is not at fault."""


@lru_cache(maxsize=1)
def action_door() -> ActionDoor | None:
    """The action door that the environment names, if it does."""
    url = os.environ.get("LINLI_ACTIONS_URL")
    return ActionDoor(url) if url else None


def _is_away(error: Exception) -> bool:
    """Rasa wraps what went wrong in an exception of its own, so the reason is the one behind it."""
    reason = error.__cause__ or error.__context__
    if isinstance(reason, ClientResponseError):
        return reason.status in (502, 503, 504)
    return isinstance(reason, aiohttp.ClientConnectionError)


def patch_rasa() -> None:
    """Put both in the place of Rasa's own; harmless when done twice."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001 - what is patched here
    RemoteAction.run = _run
