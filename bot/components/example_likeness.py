"""Second step of understanding: how near a text is in meaning to each example, before anybody asks what that means.

The three steps after it know their examples by their place in the row that is made here.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import rows_of, spoken_examples
from components.learner import Learner
from components.likeness import Likeness
from components.message_parts import KNOWN, NEARNESS, PLACE, VECTOR


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ExampleLikeness(Learner):
    """Puts the nearness of all examples beside a text's vector, and its place and its own row beside each example."""

    keeps = Likeness

    @staticmethod
    def learn(training_data: TrainingData) -> Likeness:
        """The main directions of all examples, and the examples along them."""
        return Likeness.learn(rows_of(spoken_examples(training_data), VECTOR))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set place and row of each example; rows as bytes, as the vectors are."""
        return placed(training_data, self._model)

    def read(self, message: Message) -> None:
        """Set the nearness of all examples."""
        message.set(NEARNESS, self._model.nearness(message.get(VECTOR)))


def placed(training_data: TrainingData, likeness: Likeness) -> TrainingData:
    """The examples, each with its place among those that were learned, and its row."""
    for place, (example, row) in enumerate(zip(spoken_examples(training_data), likeness.known, strict=True)):
        example.set(PLACE, place)
        example.set(KNOWN, row.tobytes())
    return training_data
