"""Last step of understanding: what kind of need a sentence tells of, and how soon it must be looked at.

Puts `"need": {"kind", "confidence", "urgency"}` beside the intent, for every text. It means something where the intent
is about a need. Learns from the examples in bot/data/nlu/report/<kind>.yml, where a kind also has its words, and its
urgency when that is not normal.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import places_of, rows_of, spoken_examples, told_of, word_lists
from components.kind_model import PRIVATE, KindModel
from components.kind_words import KindWords
from components.learner import Learner
from components.message_parts import NEARNESS, NORMAL_TEXT
from components.urgency import CRISIS, NORMAL, URGENT, is_pressing

NEED = "need"
DANGER = "crisis"
LEAST_PRIVATE = 0.35  # what nobody can place is not therefore a matter of the mind

Told = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(Learner):
    """Asks the kind model, and the rules of urgency."""

    keeps = KindModel

    @staticmethod
    def learn(training_data: TrainingData) -> KindModel:
        """The model of the examples that name their kind, and of the lists of words."""
        told = [told_of(example) for example in training_data.intent_examples]
        examples = [row for row in spoken_examples(training_data) if told_of(row).get("kind")]
        return KindModel.learn(
            [example.get(NORMAL_TEXT) for example in examples],
            rows_of(examples),
            places_of(examples),
            [told_of(example)["kind"] for example in examples],
            KindWords(word_lists(training_data)),
            {row["kind"]: row["urgency"] for row in told if "urgency" in row},
        )

    def read(self, message: Message) -> None:
        """Set the need of a text."""
        message.set(NEED, self._need(message), add_to_output=True)

    def _need(self, message: Message) -> Told:
        text = message.get(NORMAL_TEXT)
        ranking = self._model.rank(text, message.get(NEARNESS))
        if self._model.is_private(text):
            kind, confidence = PRIVATE, dict(ranking)[PRIVATE]
        else:
            kind, confidence = next(row for row in ranking if row[0] != PRIVATE or row[1] >= LEAST_PRIVATE)
        return {"kind": kind, "confidence": confidence, "urgency": self._urgency(message, text, kind)}

    def _urgency(self, message: Message, text: str, kind: str) -> str:
        if (message.get(INTENT) or {}).get("name") == DANGER:
            return CRISIS
        return URGENT if is_pressing(text) else self._model.urgencies.get(kind, NORMAL)
