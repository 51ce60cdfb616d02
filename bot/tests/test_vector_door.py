"""The door that measures texts for the app: what it takes, and that it measures as a message is measured."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from components.normal_text import normal
from components.sentence_vectors import vectors
from components.vector_door import LONGEST, MOST_TEXTS, BadTexts, pack_all, parse_texts


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"texts": "老年卡"},
        {"texts": [1]},
        {"texts": [" "]},
        {"texts": ["x"] * (MOST_TEXTS + 1)},
        {"texts": ["x" * (LONGEST + 1)]},
    ],
)
def test_what_is_no_list_of_texts_is_refused(body: Any) -> None:
    with pytest.raises(BadTexts):
        parse_texts(body)


async def test_each_text_gets_the_vector_that_a_message_gets() -> None:
    texts = ["老年卡怎么办？？", "How do I get a SENIOR card", *(f"问题{number}" for number in range(20))]
    packed = await pack_all(parse_texts({"texts": texts}))
    rows = np.stack([np.frombuffer(b64decode(one), dtype=np.float16) for one in packed]).astype(np.float32)
    assert rows.shape == (len(texts), 512)
    assert np.abs(rows - vectors([normal(text) for text in texts])).max() < 1e-3
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-2)
