"""What the bot's files promise each other: domain, rules, sentences, actions, and the words for all that is said."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta
from ruamel.yaml import YAML

from bot.actions import asides
from bot.actions.buttons import OFFERS
from bot.actions.registry import ACTIONS
from bot.actions.turn import ASIDE, CARE_FORM, FORGOTTEN
from channels.render import MESSAGES
from channels.render.words import _environment
from community.needs.kinds import KINDS, Kind
from operations.places import BOT

LANGUAGES = ("zh", "en")
FROM_THE_APP_ALONE = {"send_photo", "send_sticker", "choose", "help_with_notice"}
LONGEST_LABEL = 8  # Chinese characters; two Latin ones are as wide
PUT_IN_BY_RENDERING = {"language", "zone", "at"}


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


@cache
def read(name: str) -> dict[str, Any]:
    return load(BOT / name)


@cache
def sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((BOT / "data/nlu").rglob("*.yml")):
        for block in load(path)["nlu"]:
            if "intent" in block:
                found[block["intent"]] += _lines(block)
    return found


@cache
def words(kind: str) -> list[str]:
    """The words and hints of a kind."""
    blocks = load(BOT / f"data/nlu/report/{kind}.yml")["nlu"]
    lists = [block for block in blocks if block.get("lookup") in (kind, f"{kind}_hints")]
    return [word.strip() for block in lists for line in _lines(block) for word in line.split(",")]


def _lines(block: dict[str, Any]) -> list[str]:
    return [line.removeprefix("- ") for line in block["examples"].splitlines()]


@cache
def rules() -> list[dict[str, Any]]:
    paths = sorted((BOT / "data/rules").glob("*.yml"))
    return [rule for path in paths for rule in load(path)["rules"]]


def said_by_actions() -> Iterator[tuple[str, str, set[str]]]:
    """Each (file, message, values) of a call of say, ask or Button in bot/actions that names its message."""
    for path in sorted((BOT / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _named_in(path, node)


def _named_in(path: Path, call: ast.Call) -> Iterator[tuple[str, str, set[str]]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    position = {"say": 0, "ask": 1, "Button": 0, "choice": 0, "PlaceQuestion": 0, "ask_community": 2}.get(
        name
    )
    if position is None or len(call.args) <= position:
        return
    values = {word.arg or "**" for word in call.keywords}
    for message in _constants(call.args[position]):
        yield path.name, message, values


def _constants(node: ast.expr) -> Iterator[str]:
    """A name as it stands, or either of two behind an `if`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))


def variables_of(message: str, language: str) -> set[str]:
    """What a template asks for, with what it includes; a set inside it is its own."""
    parsed = _environment().parse((MESSAGES / message / f"{language}.txt").read_text(encoding="utf-8"))
    wanted = meta.find_undeclared_variables(parsed)
    for included in meta.find_referenced_templates(parsed):
        wanted |= variables_of(str(included).partition("/")[0], language) - {"state"}
    return wanted - PUT_IN_BY_RENDERING


ASKED_BY_NAME = {"report_place_unknown", "report_ask_unit"}  # a PlaceQuestion carries its values itself
MESSAGES_SAID = sorted({message for _, message, _ in said_by_actions()} | set(OFFERS.values()))


def test_actions_name_messages() -> None:
    assert len(MESSAGES_SAID) > 70


@pytest.mark.parametrize("message", MESSAGES_SAID)
def test_every_message_is_there_in_both_languages(message: str) -> None:
    for language in LANGUAGES:
        assert (MESSAGES / message / f"{language}.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("message", MESSAGES_SAID)
def test_both_languages_ask_for_the_same_values(message: str) -> None:
    assert variables_of(message, "zh") == variables_of(message, "en")


def test_what_a_template_asks_for_is_given() -> None:
    """Where values are handed on as a whole (**), the dialogues draw them."""
    missing = [
        (file, message, variables_of(message, "zh") - values)
        for file, message, values in said_by_actions()
        if "**" not in values and not message.startswith("button_") and message not in ASKED_BY_NAME
    ]
    assert [row for row in missing if row[2]] == []


@pytest.mark.parametrize("label", [message for message in MESSAGES_SAID if message.startswith("button_")])
def test_labels_are_short(label: str) -> None:
    text = (MESSAGES / label / "zh.txt").read_text(encoding="utf-8").strip()
    assert _width(re.sub(r"\{\{.*?\}\}", "", text)) <= LONGEST_LABEL


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_label_of_a_need_is_short(kind: Kind) -> None:
    assert _width(f"{kind.zh} N7K4P") <= LONGEST_LABEL


def _width(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)


def test_every_action_of_the_domain_is_registered() -> None:
    assert sorted(read("domain.yml")["actions"]) == sorted(ACTIONS)


def test_every_form_has_its_step() -> None:
    forms = set(read("domain.yml")["forms"])
    assert {f"validate_{form}" for form in forms} == {
        name for name in ACTIONS if name.startswith("validate_")
    }
    assert set(asides.FORMS.values()) | {CARE_FORM} == forms  # distress is found out in a report


def test_every_intent_has_one_rule() -> None:
    ruled = [rule["steps"][0]["intent"] for rule in rules()]
    assert sorted(ruled) == sorted(read("domain.yml")["intents"])


def test_every_action_is_in_a_rule() -> None:
    used = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    named = {f"validate_{name}" if name.endswith("_form") else name for name in used}
    assert named | {f"validate_{CARE_FORM}"} == set(ACTIONS)


def test_asides_and_offers_are_intents() -> None:
    intents = set(read("domain.yml")["intents"])
    assert set(ASIDE) == set(asides.ANSWERS)
    assert set(ASIDE) | set(OFFERS) | set(asides.FORMS) <= intents


def test_what_a_form_forgets_is_a_slot() -> None:
    own = {"failures", "wording", "asked_at", "later", "wanted", "unclear", "aside", "listed"}
    assert {*FORGOTTEN, *own} == set(read("domain.yml")["slots"])


def test_sentences_are_of_known_intents() -> None:
    assert set(sentences()) == set(read("domain.yml")["intents"]) - FROM_THE_APP_ALONE


@pytest.mark.parametrize("intent", sorted(set(read("domain.yml")["intents"]) - FROM_THE_APP_ALONE))
def test_every_intent_has_sentences_in_both_languages(intent: str) -> None:
    chinese = [text for text in sentences()[intent] if re.search("[㐀-鿿]", text)]
    assert len(chinese) >= 10
    assert len(sentences()[intent]) - len(chinese) >= 7


def test_no_sentence_is_taught_twice() -> None:
    seen: dict[str, str] = {}
    doubled = []
    for intent, texts in sentences().items():
        for text in texts:
            if text in seen:
                doubled.append((text, seen[text], intent))
            seen[text] = intent
    assert doubled == []


def test_every_kind_of_need_has_its_sentences() -> None:
    assert {path.stem for path in (BOT / "data/nlu/report").glob("*.yml")} == set(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "other"])
def test_every_kind_of_need_has_its_words_once(kind: str) -> None:
    assert any(word.isascii() for word in words(kind))
    assert not all(word.isascii() for word in words(kind))
    assert [word for word in words(kind) if words(kind).count(word) > 1] == []
