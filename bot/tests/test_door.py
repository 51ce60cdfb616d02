"""Rasa's door without Rasa: what it takes, answers a repeat from the row, keeps nothing of a turn that failed."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from components import channel
from components.channel import BadMessage, LinliInput, NoAnswer, NoModel, parse
from components.tracker_store import PersonTrackerStore, bounded_tracker, kept_after
from components.turn import NOTHING, Kept, current_turn

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  draft: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  failures: {type: any, influence_conversation: false, mappings: [{type: custom}]}
forms:
  report_form: {required_slots: []}
"""
)


@dataclass
class Rows:
    """The table in memory."""

    held: dict[str, Kept] = field(default_factory=dict)
    writes: int = 0

    async def read(self, sender: str) -> Kept:
        return self.held.get(sender, NOTHING)

    async def write(self, sender: str, kept: Kept) -> None:
        self.held[sender] = kept
        self.writes += 1


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    held = Rows()
    monkeypatch.setattr(channel, "tracker_rows", lambda: held)
    return held


async def run(message: UserMessage) -> None:
    """What Rasa does with a message, in short."""
    store = PersonTrackerStore(DOMAIN)
    tracker = await store.retrieve(message.sender_id)
    tracker.update(SlotSet("failures", (tracker.get_slot("failures") or 0) + 1))
    await message.output_channel.send_custom_json(
        message.sender_id, {"message": "greeting", "text": message.text}
    )
    await store.save(tracker)


async def say(text: str, message_id: str = "1", do: Any = run) -> dict[str, Any]:
    return await LinliInput()._answer(parse({"sender": "a", "message_id": message_id, "text": text}), do)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"sender": "a"},
        {"sender": "a", "message_id": "1", "text": " "},
        {"sender": 1, "message_id": "1", "text": "x"},
        {"sender": "a", "message_id": "1", "text": "x", "metadata": []},
    ],
)
def test_what_is_no_message_is_refused(body: Any) -> None:
    with pytest.raises(BadMessage):
        parse(body)


def test_the_message_id_always_travels_in_the_metadata() -> None:
    assert parse({"sender": "a", "message_id": "7", "text": "x"}).metadata == {"message_id": "7"}


async def test_a_repeat_is_answered_and_not_run(rows: Rows) -> None:
    first = await say("你好")
    second = await say("你好")
    assert first["messages"] == second["messages"]
    assert (first["repeated"], second["repeated"], rows.writes) == (False, True, 1)
    assert rows.held["a"].slots == {"failures": 1}


async def test_the_next_message_finds_what_was_kept(rows: Rows) -> None:
    await say("你好")
    await say("你好", "2")
    assert rows.held["a"].slots == {"failures": 2}


async def test_silence_is_an_error_and_keeps_nothing(rows: Rows) -> None:
    async def silent(message: UserMessage) -> None:
        await PersonTrackerStore(DOMAIN).save(DialogueStateTracker(message.sender_id, DOMAIN.slots))

    with pytest.raises(NoAnswer):
        await say("你好", do=silent)
    assert rows.writes == 0


async def test_a_rasa_without_a_model_is_away_and_keeps_nothing(rows: Rows) -> None:
    async def leaves_it_lying(message: UserMessage) -> None:
        pass

    with pytest.raises(NoModel):
        await say("你好", do=leaves_it_lying)
    assert NoModel in channel.AWAY
    assert rows.writes == 0


async def test_a_failed_action_is_an_error_and_keeps_nothing(rows: Rows) -> None:
    async def failing(message: UserMessage) -> None:
        turn = current_turn.get()
        assert turn is not None
        turn.error = ValueError("a bug in an action")
        await run(message)

    with pytest.raises(ValueError, match="a bug"):
        await say("你好", do=failing)
    assert rows.writes == 0


async def test_one_turn_of_a_person_at_a_time() -> None:
    door = LinliInput()
    order: list[str] = []

    async def hold(name: str, seconds: float) -> None:
        async with door._lock("a"):
            order.append(name)
            await asyncio.sleep(seconds)
            order.append(name)

    await asyncio.gather(hold("first", 0.02), hold("second", 0))
    assert order == ["first", "first", "second", "second"]


def test_the_tracker_comes_back_with_slots_and_form_and_nothing_else() -> None:
    kept = replace(NOTHING, slots={"draft": {"words": "电梯"}, "gone_slot": 1}, loop="report_form")
    tracker = bounded_tracker("a", kept, DOMAIN.slots)
    assert tracker.get_slot("draft") == {"words": "电梯"}
    assert tracker.active_loop_name == "report_form"
    assert tracker.latest_action_name == "action_listen"
    assert len(tracker.events) == 3


def test_what_is_kept_does_not_grow_with_the_turns() -> None:
    kept, sizes = NOTHING, []
    for number in range(50):
        tracker = bounded_tracker("a", kept, DOMAIN.slots)
        tracker.update_with_events([SlotSet("failures", number), ActiveLoop("report_form")], DOMAIN)
        kept = kept_after(tracker, kept, str(number), [])
        sizes.append(len(bounded_tracker("a", kept, DOMAIN.slots).events))
    assert set(sizes[1:]) == {3}
    assert kept.slots == {"failures": 49}
