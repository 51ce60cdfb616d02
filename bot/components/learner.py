"""What the steps of understanding that learn have in common: learn once, be kept in Rasa's model file, read texts."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self

from components.normal_text import is_payload


class Model(Protocol):
    """What was learned, kept in plain files of a folder."""

    def write(self, folder: Path) -> None:
        """Keep it."""
        ...

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What `write` kept."""
        ...


class Learner(GraphComponent):
    """Rasa's side of a model: trains it, keeps it in Rasa's model file, asks it of each text."""

    keeps: ClassVar[type[Model]]

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: Any = None) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """One that has not learned yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """As `train` left it."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, cls.keeps.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of bot/data/nlu and keep what was learned."""
        self._model = self.learn(training_data)
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each text; the payload of a button is Rasa's own to read."""
        for message in messages:
            if message.get(TEXT) and not is_payload(message.get(TEXT)):
                self.read(message)
        return messages

    @staticmethod
    @abstractmethod
    def learn(training_data: TrainingData) -> Any:
        """The model of these examples."""

    @abstractmethod
    def read(self, message: Message) -> None:
        """Put what the model says of a text into the message."""
