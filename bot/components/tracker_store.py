"""Rasa's tracker store: gives back a bounded tracker, so the thousandth turn of a person costs what the first did.

What comes back are the slots, the active form and "listening": rules need no more, and nothing that was said is
kept. Inside a turn nothing is read or written here: the door does both, once, and fails loudly. (Rasa wraps every
store in a FailSafeTrackerStore, which would answer a broken database with an empty tracker in memory.)
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

from components.tracker_rows import tracker_rows
from components.turn import Bubble, Kept, current_turn


class PersonTrackerStore(TrackerStore):
    """One row a person; named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The person's tracker; a new person gets one that listens."""
        turn = current_turn.get()
        kept = turn.kept if turn else await tracker_rows().read(sender_id)
        return bounded_tracker(sender_id, kept, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Leave the tracker to the turn; outside of one (Rasa's own HTTP API) write it."""
        turn = current_turn.get()
        if turn is not None:
            turn.tracker = tracker
            return
        before = await tracker_rows().read(tracker.sender_id)
        await tracker_rows().write(
            tracker.sender_id, kept_after(tracker, before, before.message_id, before.answers)
        )

    async def keys(self) -> Iterable[str]:
        """People are not listed to anybody."""
        return []


def bounded_tracker(sender: str, kept: Kept, slots: list[Slot]) -> DialogueStateTracker:
    """The tracker that `kept` stands for, listening; slots that the domain no longer has are left out."""
    known = {slot.name for slot in slots}
    events: list[Event] = [SlotSet(name, value) for name, value in kept.slots.items() if name in known]
    if kept.loop:
        events.append(ActiveLoop(kept.loop))
    return DialogueStateTracker.from_events(
        sender, [*events, ActionExecuted(ACTION_LISTEN_NAME)], slots=slots
    )


def kept_after(
    tracker: DialogueStateTracker, before: Kept, message_id: str | None, answers: list[Bubble]
) -> Kept:
    """What is to be kept of a tracker after a turn; `before` says which row it replaces."""
    return Kept(
        slots={name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value},
        loop=tracker.active_loop_name,
        message_id=message_id,
        answers=answers,
        updated_at=before.updated_at,
    )
