"""One sentence at a time means what the wheel says it means, whatever is known of its tokens."""

import numpy as np
import pytest

from components import sentence_encoder
from components.sentence_encoder import SentenceEncoder

TEXTS = (
    "",
    "灯",
    "3号楼2单元的电梯坏了两天了，有老人下不了楼",
    "The bin room behind building 5 stinks again",
    "quilômetros 🜁 ꙮ",
    "电梯" * 150,
)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.mark.parametrize("text", TEXTS)
def test_one_sentence_means_what_the_wheel_says(encoder: SentenceEncoder, text: str) -> None:
    new, again = encoder.vector(text), encoder.vector(text)
    assert np.abs(new - encoder.vectors([text])[0]).max() < 1e-5
    assert np.array_equal(new, again)
    assert new.dtype == np.float32


def test_tokens_make_room_for_new_ones(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_encoder, "MOST_TOKENS", 3)
    for text in TEXTS:
        assert np.abs(encoder.vector(text) - encoder.vectors([text])[0]).max() < 1e-5
        assert len(encoder._known) <= 3


def test_those_used_longest_ago_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_encoder, "MOST_TOKENS", 3)
    encoder = SentenceEncoder()
    encoder.expect([11, 12, 13])
    encoder.expect([11])
    encoder.expect([14])
    assert list(encoder._known) == [13, 11, 14]


def test_usual_tokens_are_those_that_texts_have_most_often(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_encoder, "USUAL_TOKENS", 2)
    often, seldom = encoder._wheel._tokenizer.encode("灯"), encoder._wheel._tokenizer.encode("the")
    usual = encoder.usual_tokens(["灯"] * 3 + ["the"])
    assert set(often) & set(usual)
    assert not set(seldom) - set(often) <= set(usual)
