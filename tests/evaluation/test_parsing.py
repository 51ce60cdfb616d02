"""The answer of Rasa, with all it may hold and with nothing in it."""

from __future__ import annotations

from evaluation.parsing import read_parse


def test_an_answer_with_need_and_vector() -> None:
    answer = {
        "intent": {"name": "report_need", "confidence": 0.9},
        "intent_ranking": [
            {"name": "report_need", "confidence": 0.9},
            {"name": "out_of_scope", "confidence": 0.1},
        ],
        "need": {"kind": "noise", "confidence": 0.8, "urgency": "urgent"},
        "vector": "AAAA",
    }
    parse = read_parse(answer, 0.01)
    assert (parse.intent, parse.kind, parse.urgency, parse.has_vector) == (
        "report_need",
        "noise",
        "urgent",
        True,
    )
    assert (parse.ours, parse.refused) == (0.9, False)


def test_an_answer_without_them() -> None:
    parse = read_parse({"intent": {"name": None, "confidence": 0.0}, "entities": []}, 0.01)
    assert (parse.intent, parse.kind, parse.urgency, parse.has_vector) == ("nlu_fallback", None, None, False)
    assert parse.refused
