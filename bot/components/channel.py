"""The door of Rasa: the app posts a person's message here and gets names of messages and their values back.

Before it: channels/bot_client.py in the app. After it: Rasa's processor (understand, decide, one call to the action
door). Where the dialogue stands comes with the message, and where it stands then goes back with the answer: nothing is
kept here. Whatever fails is an error status, never an empty 200: 503 when something is away, 500 when it is the words.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from components import graph_runner, remote_action, spared_work
from components.remote_action import ActionDoorAway
from components.tracker_store import state_of
from components.turn import Bubble, State, Turn, current_turn
from components.understood import Understood
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


AWAY = (ActionDoorAway, NoModel)
"""What is not the message's fault: the app keeps it and asks again."""


@dataclass(frozen=True)
class Incoming:
    """One message as the app posts it."""

    sender: str
    message_id: str
    text: str
    metadata: dict[str, Any]
    state: State


class LinliInput(InputChannel):
    """`POST /webhooks/linli/webhook`; named in credentials.yml."""

    def __init__(self) -> None:
        self._locks: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()
        self._understood = Understood()
        remote_action.patch_rasa()
        graph_runner.patch_rasa()
        spared_work.patch_rasa()

    @classmethod
    def name(cls) -> str:
        return "linli"

    def blueprint(self, on_new_message: Run) -> Blueprint:
        """The routes of this door."""
        door = Blueprint("linli_door", "linli_door")

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        @door.after_server_start
        async def leave_alone_what_is_there(*_: object) -> None:
            """The model is read by now and stays: looking through it for rubbish would halt every turn for 0.2 s."""
            gc.collect()
            gc.freeze()

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
        collected = CollectingOutputChannel()
        known = self._understood.recall(incoming.text)
        tracker = await _run(incoming, collected, run, known)
        if known is None and tracker.latest_message is not None:
            self._understood.keep(incoming.text, tracker.latest_message.parse_data)
        return {"messages": _bubbles(collected), "state": asdict(state_of(tracker))}


async def _run(
    incoming: Incoming, collected: CollectingOutputChannel, run: Run, known: dict[str, Any] | None
) -> DialogueStateTracker:
    turn = Turn(incoming.sender, incoming.state)
    token = current_turn.set(turn)
    try:
        await run(
            UserMessage(
                incoming.text,
                collected,
                incoming.sender,
                parse_data=known,
                input_channel="linli",
                metadata=incoming.metadata,
            )
        )
    finally:
        current_turn.reset(token)
    if turn.error is not None:
        raise turn.error
    if turn.tracker is None:
        raise NoModel
    return turn.tracker


def _bubbles(collected: CollectingOutputChannel) -> list[Bubble]:
    bubbles = [message["custom"] for message in collected.messages if message.get("custom")]
    if not bubbles:
        raise NoAnswer
    return bubbles


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
        body["sender"],
        body["message_id"],
        body["text"],
        {**metadata, "message_id": body["message_id"]},
        _read_state(body.get("state")),
    )


def _read_state(told: Any) -> State:
    """The state as an earlier answer gave it; none for a person who is new."""
    if told is None:
        return State()
    if not isinstance(told, dict) or not isinstance(told.get("slots"), dict):
        raise BadMessage("state is not one that was given here")
    return State(told["slots"], told.get("loop"))
