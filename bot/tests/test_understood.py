"""Short words that were understood before: the same meaning for whoever says them, and nothing of who said them."""

import asyncio
import pickle
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from components import understood
from components.channel import LinliInput, parse
from components.tracker_store import TurnTrackerStore
from components.understood import LONGEST, Understood

PARSED = {
    "text": "好的",
    "message_id": "7",
    "metadata": {"language": "zh"},
    "intent": {"name": "affirm", "confidence": 0.9},
    "entities": [],
    "need": {"kind": "other"},
}


def test_words_mean_the_same_the_next_time() -> None:
    memory = Understood()
    assert memory.recall("好的") is None
    memory.keep("好的", PARSED)
    again = memory.recall("好的")
    assert again == {"text": "好的", "intent": PARSED["intent"], "entities": [], "need": {"kind": "other"}}
    assert memory.recall("好吧") is None


def test_what_is_given_may_be_changed() -> None:
    memory = Understood()
    memory.keep("好的", PARSED)
    memory.recall("好的")["intent"]["name"] = "deny"  # type: ignore[index]
    assert memory.recall("好的")["intent"]["name"] == "affirm"  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["长" * 24, "How is my report about the lift in building 3 going, may I ask?"]
)
def test_a_sentence_of_either_language_is_short(text: str) -> None:
    memory = Understood()
    memory.keep(text, {**PARSED, "text": text})
    assert memory.recall(text) is not None


@pytest.mark.parametrize("text", ["长" * 25, "a" * (LONGEST + 1), "/greet"])
def test_long_words_and_buttons_are_read_each_time(text: str) -> None:
    memory = Understood()
    memory.keep(text, {**PARSED, "text": text})
    assert memory.recall(text) is None


def test_neither_words_nor_who_said_them_are_kept() -> None:
    memory = Understood()
    memory.keep("我是王小明", {**PARSED, "text": "我是王小明"})
    kept = pickle.dumps(memory._kept)
    assert "王小明".encode() not in kept
    assert b"language" not in kept


def test_the_oldest_goes_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understood, "MOST", 2)
    memory = Understood()
    for words in ("一", "二"):
        memory.keep(words, PARSED)
    memory.recall("一")
    memory.keep("三", PARSED)
    assert [memory.recall(words) is not None for words in ("一", "二", "三")] == [True, False, True]


def test_the_door_gives_rasa_what_it_knows() -> None:
    door, told = LinliInput(), []

    async def run(message: UserMessage) -> None:
        told.append(message.parse_data)
        store = TurnTrackerStore(Domain.empty())
        tracker = await store.retrieve(message.sender_id)
        parsed: dict[str, Any] = message.parse_data or {**PARSED, "text": message.text}
        tracker.update(UserUttered(message.text, parsed["intent"], [], parsed))
        await message.output_channel.send_custom_json(message.sender_id, {"message": "greeting"})
        await store.save(tracker)

    async def talk() -> None:
        for sender in ("a", "b"):
            body = {"sender": sender, "message_id": "1", "text": "好的"}
            await door._answer(parse(body), run)

    asyncio.run(talk())
    assert told[0] is None
    assert told[1] == {**{name: PARSED[name] for name in ("intent", "entities", "need")}, "text": "好的"}
