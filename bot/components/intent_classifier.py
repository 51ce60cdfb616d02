"""Third step of understanding: which intent a sentence has, how sure that is, and whether it is our business at all.

Reads how near the examples are and the sentence's runs of characters, answers with a ranking for the rules and for the
fallback's guesses. One regression by likeness over both kinds of features; its confidence is calibrated on held-out
folds, and a sentence that is far from all examples is out of scope however sure the regression is.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import places_of, rows_of, spoken_examples
from components.intent_model import IntentModel
from components.learner import Learner
from components.message_parts import NEARNESS, NORMAL_TEXT

RANKED = 4
CRISIS = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(Learner):
    """Asks the intent model."""

    keeps = IntentModel

    @staticmethod
    def learn(training_data: TrainingData) -> IntentModel:
        """The model of all examples but those of danger, which has a model of its own."""
        examples = [row for row in spoken_examples(training_data) if row.get(INTENT) != CRISIS]
        texts = [example.get(NORMAL_TEXT) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        return IntentModel.learn(texts, rows_of(examples), places_of(examples), labels)

    def read(self, message: Message) -> None:
        """Set intent and ranking."""
        ranking = [
            {"name": name, "confidence": confidence}
            for name, confidence in self._model.rank(message.get(NORMAL_TEXT), message.get(NEARNESS))
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
