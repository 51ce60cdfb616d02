"""How well the examples of bot/data/nlu tell each other's intents.

`cd bot && .venv/bin/python -m components.cross_validation`; no part of the bot, but it reads examples as the bot does.
Examples that are nearly the same stand on one side together. The figures are lower than those of `make evaluate`, for
these sentences were written to be hard; what is of use is the list below them: who confuses what, in which words. It
may be read, unlike the held-out sets. Three to five minutes on two cores.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.loading import load_data
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import GroupKFold

from components.examples import rows_of, spoken_examples
from components.intent_classifier import CRISIS
from components.intent_model import OUT_OF_SCOPE, IntentModel
from components.likeness import Likeness
from components.message_parts import NORMAL_TEXT, VECTOR
from components.sentence_vectors import with_vectors

NLU = Path(__file__).parent.parent / "data" / "nlu"
FOLDS = 3
NEARLY = 0.88
SHOWN, QUOTED = 40, 8
_HAN = re.compile("[㐀-鿿]")

Row = tuple[str, str, str]
"""Text, label, what it was taken for."""


def main() -> None:
    """Print shares by language, and the confusions with their sentences."""
    rows = list(_judged())
    for lang, here in (("zh", True), ("en", False)):
        spoken = [row for row in rows if bool(_HAN.search(row[0])) is here]
        ours = [row for row in spoken if row[1] != OUT_OF_SCOPE]
        strange = [row for row in spoken if row[1] == OUT_OF_SCOPE]
        _tell(
            f"{lang}: right {_share(row[1] == row[2] for row in spoken):.3f} of {len(spoken)}, "
            f"refused {_share(row[2] == OUT_OF_SCOPE for row in ours):.3f}, "
            f"acted upon {_share(row[2] != OUT_OF_SCOPE for row in strange):.3f}"
        )
    _print_confusions(rows)


def _judged() -> Iterator[Row]:
    """Every example, read by a model that has seen neither it nor what is nearly the same."""
    data = with_vectors(load_data(str(NLU)))
    examples = [row for row in spoken_examples(data) if row.get(INTENT) != CRISIS]
    texts, vectors = [row.get(NORMAL_TEXT) for row in examples], rows_of(examples, VECTOR)
    labels = [row.get(INTENT) for row in examples]
    for learn, test in GroupKFold(FOLDS).split(texts, labels, _groups(vectors)):
        likeness = Likeness.learn(vectors[learn])
        known, places = likeness.known, np.arange(len(learn))
        model = IntentModel.learn([texts[at] for at in learn], known, places, [labels[at] for at in learn])
        for at in test:
            yield texts[at], labels[at], model.rank(texts[at], likeness.nearness(vectors[at]))[0][0]


def _groups(vectors: np.ndarray) -> np.ndarray:
    """The number of its group for each example; who is near somebody of a group belongs to it."""
    near: np.ndarray = connected_components(csr_matrix(vectors @ vectors.T > NEARLY), directed=False)[1]
    return near


def _print_confusions(rows: list[Row]) -> None:
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, label, taken in rows:
        if label != taken:
            said[label, taken].append(text)
    for pair, count in Counter({pair: len(texts) for pair, texts in said.items()}).most_common(SHOWN):
        _tell(f"{count:4}  {pair[0]} -> {pair[1]}: {' | '.join(said[pair][:QUOTED])}")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _share(hits: Iterator[bool]) -> float:
    return float(np.mean(list(hits)))


if __name__ == "__main__":
    main()
