"""Rasa's door without Rasa: what it takes, the state that comes and goes, nothing given back of a turn that failed."""

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from components import channel
from components.channel import BadMessage, LinliInput, NoAnswer, NoModel, parse
from components.tracker_store import TurnTrackerStore, bounded_tracker, state_of
from components.turn import State, current_turn

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


async def run(message: UserMessage) -> None:
    """What Rasa does with a message, in short."""
    store = TurnTrackerStore(DOMAIN)
    tracker = await store.retrieve(message.sender_id)
    tracker.update(SlotSet("failures", (tracker.get_slot("failures") or 0) + 1))
    await message.output_channel.send_custom_json(
        message.sender_id, {"message": "greeting", "text": message.text}
    )
    await store.save(tracker)


async def say(text: str, state: Any = None, do: Any = run) -> dict[str, Any]:
    body = {"sender": "a", "message_id": "1", "text": text, "state": state}
    return await LinliInput()._answer(parse(body), do)


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
        {"sender": "a", "message_id": "1", "text": "x", "state": []},
        {"sender": "a", "message_id": "1", "text": "x", "state": {"loop": "report_form"}},
    ],
)
def test_what_is_no_message_is_refused(body: Any) -> None:
    with pytest.raises(BadMessage):
        parse(body)


def test_the_message_id_always_travels_in_the_metadata() -> None:
    assert parse({"sender": "a", "message_id": "7", "text": "x"}).metadata == {"message_id": "7"}


async def test_a_message_that_comes_again_with_its_state_is_answered_the_same() -> None:
    assert await say("你好") == await say("你好")


async def test_the_state_after_a_turn_goes_back_with_the_answer() -> None:
    first = await say("你好")
    assert first["state"] == {"slots": {"failures": 1}, "loop": None}
    assert (await say("你好", first["state"]))["state"] == {"slots": {"failures": 2}, "loop": None}


async def test_silence_is_an_error() -> None:
    async def silent(message: UserMessage) -> None:
        await TurnTrackerStore(DOMAIN).save(DialogueStateTracker(message.sender_id, DOMAIN.slots))

    with pytest.raises(NoAnswer):
        await say("你好", do=silent)


async def test_a_rasa_without_a_model_is_away() -> None:
    async def leaves_it_lying(message: UserMessage) -> None:
        pass

    with pytest.raises(NoModel):
        await say("你好", do=leaves_it_lying)
    assert NoModel in channel.AWAY


async def test_a_failed_action_is_an_error() -> None:
    async def failing(message: UserMessage) -> None:
        turn = current_turn.get()
        assert turn is not None
        turn.error = ValueError("a bug in an action")
        await run(message)

    with pytest.raises(ValueError, match="a bug"):
        await say("你好", do=failing)


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
    state = State({"draft": {"words": "电梯"}, "gone_slot": 1}, "report_form")
    tracker = bounded_tracker("a", state, DOMAIN.slots)
    assert tracker.get_slot("draft") == {"words": "电梯"}
    assert tracker.active_loop_name == "report_form"
    assert tracker.latest_action_name == "action_listen"
    assert len(tracker.events) == 3


def test_the_state_does_not_grow_with_the_turns() -> None:
    state, sizes = State(), []
    for number in range(50):
        tracker = bounded_tracker("a", state, DOMAIN.slots)
        tracker.update_with_events([SlotSet("failures", number), ActiveLoop("report_form")], DOMAIN)
        state = state_of(tracker)
        sizes.append(len(bounded_tracker("a", state, DOMAIN.slots).events))
    assert set(sizes[1:]) == {3}
    assert state.slots == {"failures": 49}
