"""Rasa's importer of files, without what it does again and again to each of 20,000 examples.

Rasa's own reads each file twice, the second time to hold it against its schema, which tests/test_examples_importer.py
does here; it copies all examples five times, deeply, and takes the fingerprint of each after every copy. That was a
quarter of the training.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self


class Example(Message):  # type: ignore[misc]  # Rasa has no types to see from here
    """An example that copies share their words with, and whose fingerprint lasts until something in it changes."""

    @classmethod
    def of(cls, message: Message) -> Self:
        """The same words, and the fingerprint where it was taken already."""
        example = cls(message.data)
        example._cached_fingerprint = message._cached_fingerprint  # noqa: SLF001 - Rasa has no other way to keep it
        return example

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Rasa sets each intent once more after every copy: that is no change."""
        if add_to_output or not isinstance(info, str) or self.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Texts and metadata are never changed in their place, so they are nobody's own."""
        return self.of(self)


class _Reader(RasaYAMLReader):  # type: ignore[misc]  # Rasa has no types to see from here
    def validate(self, string: str) -> None:
        """The tests hold the files against the schema."""


class ExamplesImporter(RasaFileImporter):  # type: ignore[misc]  # Rasa has no types to see from here
    """Named under `importers` of config.yml."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The same examples, words and lists as Rasa's own importer reads."""
        files = [_Reader().read(path) for path in self._nlu_files]
        for file in files:
            file.training_examples = [Example.of(message) for message in file.training_examples]
        return TrainingData().merge(*files)
