"""Our importer reads what Rasa's does, and examples keep their fingerprint for as long as they are the same."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples_importer import Example, ExamplesImporter

BOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def rasas() -> TrainingData:
    """The files as Rasa's own importer reads them, which holds each against the schema."""
    return RasaFileImporter(training_data_paths=[str(BOT / "data")]).get_nlu_data()


def test_the_same_is_read(rasas: TrainingData) -> None:
    ours = ExamplesImporter(training_data_paths=[str(BOT / "data")]).get_nlu_data()
    assert len(ours.training_examples) > 20_000
    assert ours.fingerprint() == rasas.fingerprint()


def test_the_training_asks_it() -> None:
    importer = TrainingDataImporter.load_from_config(
        str(BOT / "config.yml"), str(BOT / "domain.yml"), [str(BOT / "data/nlu/crisis.yml")]
    )
    assert all(isinstance(example, Example) for example in importer.get_nlu_data().intent_examples)


def test_a_copy_is_its_own_and_a_change_is_seen() -> None:
    example = Example.of(Message.build("电梯坏了", "report_need"))
    before = example.fingerprint()
    twin = copy.deepcopy(example)
    twin.set(INTENT, "report_need")
    assert twin.fingerprint() == before
    twin.set(TEXT, "电梯停了")
    assert (example.get(TEXT), example.fingerprint()) == ("电梯坏了", before)
    assert twin.fingerprint() != before
    assert twin.fingerprint() == Message.build("电梯停了", "report_need").fingerprint()
