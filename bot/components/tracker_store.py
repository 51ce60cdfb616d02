"""Rasa's tracker store: the tracker of a turn is made of the state that came with the message, and is not kept.

What it is made of are the slots, the active form and "listening": rules need no more, so the thousandth turn of a
person costs what the first did. The state after the turn goes back with the answer (`channel.py`), to whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from components.turn import State, current_turn


class TurnTrackerStore(TrackerStore):
    """Holds a tracker as long as its turn lasts; named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The tracker of the turn under way; outside of one (Rasa's own HTTP API) a new one that listens."""
        turn = current_turn.get()
        return bounded_tracker(sender_id, turn.state if turn else State(), self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Leave the tracker to the turn."""
        turn = current_turn.get()
        if turn is not None:
            turn.tracker = tracker

    async def keys(self) -> Iterable[str]:
        """Nobody is known here."""
        return []


def bounded_tracker(sender: str, state: State, slots: list[Slot]) -> DialogueStateTracker:
    """The tracker that `state` stands for, listening; slots that the domain no longer has are left out."""
    known = {slot.name for slot in slots}
    events: list[Event] = [SlotSet(name, value) for name, value in state.slots.items() if name in known]
    if state.loop:
        events.append(ActiveLoop(state.loop))
    return DialogueStateTracker.from_events(
        sender, [*events, ActionExecuted(ACTION_LISTEN_NAME)], slots=slots
    )


def state_of(tracker: DialogueStateTracker) -> State:
    """Where the dialogue stands after a turn."""
    return State(
        slots={name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value},
        loop=tracker.active_loop_name,
    )
