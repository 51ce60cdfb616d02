"""The one patch of Rasa: calls of the action door check their answer quickly, and tell the turn when they fail.

Rasa 3.6.21 checks the JSON schema itself anew at each call (12 to 42 ms of a turn); here the validator is made once.
And Rasa goes on silently after a failed call ("the actions events are lost"); here the turn remembers the error, and
the door answers with it. Applied when the door is made; tests/test_remote_action.py holds it against Rasa's source.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event

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


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    validator().validate(result)
    return True


async def _run(self: RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    try:
        return await _rasas_run(self, *args, **kwargs)
    except ActionExecutionRejection:
        raise
    except Exception as error:
        turn = current_turn.get()
        if turn is not None:
            turn.error = error
        raise


def apply() -> None:
    """Put both in the place of Rasa's own; harmless when done twice."""
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001
    RemoteAction.run = _run
