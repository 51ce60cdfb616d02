"""The project's own sets are whole: labels that exist, enough of each, both languages, hashes of what is copied."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from community.needs.kinds import KINDS
from community.needs.models import Urgency
from evaluation.overlap import short_hash
from evaluation.sets import OWN, blind_sets, own_sets

INTENTS = {
    "report_need",
    "crisis",
    "follow_need",
    "add_to_need",
    "withdraw_need",
    "find_activities",
    "join_activity",
    "confirm_shift",
    "cancel_signup",
    "my_signups",
    "check_in",
    "read_notices",
    "ack_notice",
    "manage_subscription",
    "rate_service",
    "ask_contact",
    "ask_procedure",
    "talk_to_human",
    "offer_help",
    "propose_idea",
    "change_language",
    "update_profile",
    "my_data",
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "help_menu",
    "bot_challenge",
    "stop_current",
    "out_of_scope",
}
SETS = own_sets()


def test_every_intent_is_there_in_both_languages() -> None:
    counts = Counter((row.label, row.lang) for row in SETS.chat)
    assert {label for label, _ in counts} == INTENTS
    assert [key for intent in INTENTS for key in ((intent, "zh"), (intent, "en")) if counts[key] < 5] == []


def test_every_kind_has_a_dozen_reports() -> None:
    counts = Counter(row.kind for row in SETS.chat if row.kind)
    assert {kind: count for kind, count in counts.items() if kind not in KINDS or count < 12} == {}
    assert set(counts) == set(KINDS)


def test_reports_alone_have_a_kind_and_an_urgency() -> None:
    assert [row.text for row in SETS.chat if bool(row.kind) != (row.label == "report_need")] == []
    assert {row.urgency for row in SETS.chat} <= {"", *Urgency}


def test_there_are_enough_sentences() -> None:
    assert len(SETS.chat) >= 700
    assert len(SETS.facts) >= 300
    assert min(len(SETS.crisis), len(SETS.out_of_scope), len(SETS.civic), len(SETS.nonsense)) > 100


def test_the_blind_list_has_every_intent_and_kind_in_both_languages() -> None:
    rows = blind_sets().chat
    assert len({row.text for row in rows}) == len(rows)
    for lang in ("zh", "en"):
        assert sum(row.lang == lang for row in rows) >= 250
        assert {row.label for row in rows if row.lang == lang} == INTENTS
        assert {row.kind for row in rows if row.lang == lang and row.label == "report_need"} == {
            kind for kind in KINDS if kind != "admin_policy_consult"
        }


@pytest.mark.parametrize("name", ["chat", "crisis", "out_of_scope", "civic", "nonsense", "facts"])
def test_no_sentence_stands_twice(name: str) -> None:
    twice = Counter(row.text for row in getattr(SETS, name))
    assert [text for text, count in twice.items() if count > 1] == []


@pytest.mark.parametrize("file", ["crisis", "out_of_scope", "civic_en"])
def test_what_is_copied_is_reserved_and_names_its_source(file: str) -> None:
    reserved = set((OWN / "reserved.txt").read_text("utf-8").split())
    with (OWN / f"{file}.csv").open(encoding="utf-8", newline="") as content:
        rows = list(csv.DictReader(content))
    assert [row["id"] for row in rows if short_hash(row["text"]) not in reserved] == []
    assert [row["id"] for row in rows if not row["source"] or row.get("licence", "") == "none stated"] == []
