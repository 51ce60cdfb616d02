"""Two matters in one message: "楼道灯坏了，还有隔壁天天吵" is split before it is understood, and each part with it.

`MatterSplitter` stands first in the pipeline and puts the parts behind the message, so that every step between
understands them as well. `MatterJoiner` stands last: where the parts are needs of different kinds it puts them beside
the message, `"matters": [{"words", "need"}]`, and takes them out again.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.need_classifier import DANGER, NEED
from components.normal_text import is_payload

MATTERS = "matters"
PART_OF = "part_of"
LONGEST = 200  # a letter is one matter
MOST_PARTS = 3
LEAST_CONFIDENCE = 0.5
REPORTS = ("report_need", "add_to_need")
OTHER = "other"

_MARKS = r"[，,。.；;、！!\s]"
_AND = re.compile(
    rf"{_MARKS}*(?:对了[，,]?|顺便(?:再)?(?:说|问|反映)(?:一下|一句)?[，,]?)?"
    rf"(?:还有(?:就是|一个|一件|一件事|个事|件事)?|另外(?:还有)?(?:一件事)?|再(?:就是|有|一个|一件))(?:是)?{_MARKS}*"
    rf"|{_MARKS}+(?:对了|顺便(?:再)?(?:说|反映)(?:一下|一句)?){_MARKS}*"
    rf"|{_MARKS}+(?:and )?(?:also|plus|another thing(?: is)?|one more thing|on top of that){_MARKS}+"
    r"|\s+and also\s+|\s*;\s*|；",
    re.IGNORECASE,
)
_HAN = re.compile("[㐀-鿿]")
_IS_WHAT_FOLLOWS = re.compile(
    r"^(?:我|我家|家里|楼上|楼里)?(?:还)?(?:有)?(?:个|位|几个|很多|好多)?(?:老人|老太太|老爷爷|孩子|小孩|小朋友|孕妇|病人|残疾人|轮椅)"
    r"|(?:下不|上不|出不|进不|走不|过不)(?:了|来|去)|摔(?:倒|了|跤)|很危险|太危险|好危险|没人管|说了也不听|打了?电话"
    r"|^(?:my|our|an?|the|some)? ?(?:mum|mom|mother|father|dad|kids?|child|children|elderly|wheelchair)"
    r"|^(?:nobody|no one|it'?s dangerous|somebody)\b",
    re.IGNORECASE,
)
"""What somebody tells of the same matter: whom it hits, and how bad it is."""


def parts_of(text: str) -> list[str]:
    """The matters that connecting words part, as they were said; one where there are no two."""
    if is_payload(text) or len(text) > LONGEST:
        return [text]
    parts = [part.strip() for part in _AND.split(text) if part and part.strip()]
    whole = all(_says_something(part) for part in parts) and len(parts) <= MOST_PARTS
    follows = any(_IS_WHAT_FOLLOWS.search(part) for part in parts[1:])
    return parts if len(parts) > 1 and whole and not follows else [text]


def _says_something(part: str) -> bool:
    return len(_HAN.findall(part)) >= 4 or len(part.split()) >= 3


class _Part(GraphComponent):
    """What both steps share: they need nothing of Rasa and learn nothing."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Part:
        """The step."""
        return cls()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MatterSplitter(_Part):
    """Puts the parts of a message behind it."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages, each followed by its parts where there are some."""
        return [row for message in messages for row in (message, *_parts(message))]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Examples are learned as they are."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MatterJoiner(_Part):
    """Takes the parts out again, and says what they are where they are matters of their own."""

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages without their parts."""
        whole = [message for message in messages if message.get(PART_OF) is None]
        for message in whole:
            parts = [part for part in messages if part.get(PART_OF) is message]
            if _are_matters(message, parts):
                matters = [{"words": part.get(TEXT), "need": part.get(NEED)} for part in parts]
                message.set(MATTERS, matters, add_to_output=True)
        return whole


def _parts(message: Message) -> list[Message]:
    parts = parts_of(message.get(TEXT) or "")
    if len(parts) < 2:
        return []
    return [Message(data={TEXT: part, PART_OF: message}) for part in parts]


def _are_matters(message: Message, parts: list[Message]) -> bool:
    """Whether each part is a need of a kind of its own; danger is one matter, whatever else is said."""
    wish = message.get(INTENT) or {}
    if not parts or wish.get("name") not in REPORTS:
        return False
    needs = [part.get(NEED) for part in parts]
    sure = all(need["confidence"] >= LEAST_CONFIDENCE and need["kind"] != OTHER for need in needs)
    return (
        sure
        and all(one["kind"] != other["kind"] for one, other in combinations(needs, 2))
        and not any(need["urgency"] == DANGER for need in needs)
    )
