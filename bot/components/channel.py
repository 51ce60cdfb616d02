"""The door of Rasa: the app posts a person's message here and gets names of messages and their values back.

Before it: channels/bot_client.py in the app. After it: Rasa's processor (understand, decide, one call to the action
door). The same message coming again is answered from the tracker row, not run again. Whatever fails is an error status,
never an empty 200, and leaves the person's row as it was: 503 when something is away, 500 when this message fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from components import graph_runner, remote_action
from components.remote_action import ActionDoorAway
from components.sealing import TrackersClosed
from components.tracker_rows import OvertakenTurn, TrackersUnreachable, tracker_rows
from components.tracker_store import kept_after
from components.turn import Bubble, Kept, Turn, current_turn
from components.vector_door import add_vector_route

SECONDS_A_TURN = 15.0
log = logging.getLogger(__name__)

Run = Callable[[UserMessage], Awaitable[Any]]


class BadMessage(Exception):
    """The request is not a message that this door takes."""


class NoAnswer(Exception):
    """Rasa came to an end without a bubble."""


class NoModel(Exception):
    """Rasa runs without a model, so it left the message lying."""


AWAY = (TrackersUnreachable, TrackersClosed, OvertakenTurn, ActionDoorAway, NoModel)
"""What is not the message's fault: the app keeps it and asks again."""


@dataclass(frozen=True)
class Incoming:
    """One message as the app posts it."""

    sender: str
    message_id: str
    text: str
    metadata: dict[str, Any]


class LinliInput(InputChannel):
    """`POST /webhooks/linli/webhook`; named in credentials.yml."""

    def __init__(self) -> None:
        self._locks: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()
        remote_action.patch_rasa()
        graph_runner.patch_rasa()

    @classmethod
    def name(cls) -> str:
        return "linli"

    def blueprint(self, on_new_message: Run) -> Blueprint:
        """The routes of this door."""
        door = Blueprint("linli_door", "linli_door")

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        add_vector_route(door)
        return door

    async def _receive(self, request: Request, run: Run) -> HTTPResponse:
        try:
            incoming = parse(request.json)
        except BadMessage as error:
            return json({"error": str(error)}, status=400)
        try:
            async with self._lock(incoming.sender):
                return json(await asyncio.wait_for(self._answer(incoming, run), SECONDS_A_TURN))
        except AWAY as error:
            log.warning("turn of message %s put off: %s", incoming.message_id, error)
            return json({"error": type(error).__name__}, status=503)
        except Exception as error:
            log.exception("turn of message %s failed", incoming.message_id)
            return json({"error": type(error).__name__}, status=500)

    def _lock(self, sender: str) -> asyncio.Lock:
        """One turn of a person at a time: Rasa's own lock looks only once a second whether it is free."""
        return self._locks.setdefault(sender, asyncio.Lock())

    async def _answer(self, incoming: Incoming, run: Run) -> dict[str, Any]:
        kept = await tracker_rows().read(incoming.sender)
        if kept.message_id == incoming.message_id:
            return {"messages": kept.answers, "repeated": True}
        turn = Turn(incoming.sender, kept)
        bubbles = await _run(incoming, turn, run)
        await tracker_rows().write(incoming.sender, _kept(turn, incoming, bubbles))
        return {"messages": bubbles, "repeated": False}


async def _run(incoming: Incoming, turn: Turn, run: Run) -> list[Bubble]:
    collected = CollectingOutputChannel()
    token = current_turn.set(turn)
    try:
        await run(
            UserMessage(
                incoming.text, collected, incoming.sender, input_channel="linli", metadata=incoming.metadata
            )
        )
    finally:
        current_turn.reset(token)
    if turn.error is not None:
        raise turn.error
    if turn.tracker is None:
        raise NoModel
    return _bubbles(collected)


def _bubbles(collected: CollectingOutputChannel) -> list[Bubble]:
    bubbles = [message["custom"] for message in collected.messages if message.get("custom")]
    if not bubbles:
        raise NoAnswer
    return bubbles


def _kept(turn: Turn, incoming: Incoming, bubbles: list[Bubble]) -> Kept:
    assert turn.tracker is not None
    return kept_after(turn.tracker, turn.kept, incoming.message_id, bubbles)


def parse(body: Any | None) -> Incoming:
    """The message in a request's JSON; raise BadMessage."""
    if not isinstance(body, dict):
        raise BadMessage("a JSON object is expected")
    for field in ("sender", "message_id", "text"):
        if not isinstance(body.get(field), str) or not body[field].strip():
            raise BadMessage(f"{field} is missing")
    metadata = body.get("metadata", {})
    if not isinstance(metadata, dict):
        raise BadMessage("metadata is not an object")
    return Incoming(
        body["sender"], body["message_id"], body["text"], {**metadata, "message_id": body["message_id"]}
    )
