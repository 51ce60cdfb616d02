"""What the documents name exists: paths, pages they link to, `make` targets and `linli` commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer.main

from linli.settings import Settings
from operations.cli import app
from operations.places import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "bot" / "README.md"])
IN_CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"^[\w.-]+(/[\w.*-]+)*/?$")
MAKE = re.compile(r"\bmake ([a-z-]+)")
COMMAND = re.compile(r"\blinli ((?:[a-z]+ ?)+)")
SETTING = re.compile(r"LINLI_[A-Z_]+")
NAMED = re.compile(r"\b[\w/]+\.py\b")
OF_PROCESSES = {"LINLI_PUBLIC_FD", "LINLI_ACTIONS_FD", "LINLI_ACTIONS_URL"}
OUR_FOLDERS = (
    "bot/actions",
    "bot/components",
    "bot/data",
    "channels",
    "community",
    "operations",
    "scheduler",
    "web",
)
OF_CODE = (*OUR_FOLDERS, "linli", "bench", "evaluation")
MADE_ON_THE_WAY = (
    ".env",
    ".tools",
    ".venv",
    "bot/.venv",
    "bot/models",
    "node_modules",
    "var",
    "web/static/vendor",
)


def existing() -> list[Path]:
    """The documents that are there; README and CONTRIBUTING have to be."""
    assert (ROOT / "README.md").exists()
    return [path for path in DOCUMENTS if path.exists()]


@pytest.mark.parametrize("document", existing(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_exists(document: Path) -> None:
    words = [
        word for word in IN_CODE.findall(document.read_text(encoding="utf-8")) if looks_like_a_path(word)
    ]
    assert [word for word in words if not is_there(document, word)] == []


@pytest.mark.parametrize("document", existing(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", existing(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(document: Path) -> None:
    code = code_of(document.read_text(encoding="utf-8"))
    assert {target for target in MAKE.findall(code) if target not in targets()} == set()
    assert [words for words in COMMAND.findall(code) if not is_command(words.split())] == []


def test_the_page_of_channels_names_every_setting_of_theirs_in_both_languages() -> None:
    chinese, english = (ROOT / "docs/channels.md").read_text(encoding="utf-8").split("## English")
    wanted = {
        f"LINLI_{name.upper()}"
        for name in (*Settings.model_fields, "demo_platforms")
        if name.startswith(("wechat_", "telegram_", "demo_"))
    }
    for half in (chinese, english):
        assert wanted - set(SETTING.findall(half)) == set()


def test_the_page_for_operators_names_every_command() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [
        words for words in commands(typer.main.get_command(app), "linli") if f"`{words}`" not in page
    ] == []


@pytest.mark.parametrize("document", existing(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(document: Path) -> None:
    known = {f"LINLI_{name.upper()}" for name in Settings.model_fields} | OF_PROCESSES
    named = SETTING.findall(document.read_text(encoding="utf-8"))
    assert {name for name in named if not name.endswith("_")} - known == set()


def test_every_file_that_our_code_names_exists() -> None:
    ours = [path for folder in OF_CODE for path in (ROOT / folder).rglob("*.py")]
    tests = [path for folder in ("tests", "bot/tests") for path in (ROOT / folder).rglob("*.py")]
    there = [f"/{path.relative_to(ROOT)}" for path in (*ours, *tests)]
    named = {(path, name) for path in ours for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 100
    assert [pair for pair in named if not any(path.endswith(f"/{pair[1]}") for path in there)] == []


def looks_like_a_path(word: str) -> bool:
    """True for words in code font that name a file or folder of ours: a slash or a known ending, no address."""
    if not PATH.match(word) or word.startswith("/"):
        return False
    return "/" in word or Path(word).suffix in (".md", ".py", ".toml", ".yml", ".lock")


def is_there(document: Path, word: str) -> bool:
    """True when it exists from the root, beside the document or, a name alone, anywhere; or running Linli makes it."""
    if word.rstrip("/").startswith(MADE_ON_THE_WAY):
        return True
    if "/" not in word and any(any((ROOT / folder).rglob(word)) for folder in OUR_FOLDERS):
        return True
    return any(
        place.exists() or any(ROOT.glob(word.strip("/"))) for place in (ROOT / word, document.parent / word)
    )


def code_of(text: str) -> str:
    """Everything in code font."""
    return "\n".join([*FENCED.findall(text), *IN_CODE.findall(FENCED.sub("", text))])


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def is_command(words: list[str]) -> bool:
    """True when the words lead to a command of `linli`; what follows it are its arguments."""
    command: object = typer.main.get_command(app)
    for word in words:
        below = getattr(command, "commands", None)
        if below is None:
            return True
        if word not in below:
            return False
        command = below[word]
    return not hasattr(command, "commands")


def commands(command: object, words: str) -> Iterator[str]:
    """Every command below this one, with the words that lead to it."""
    below: Mapping[str, object] | None = getattr(command, "commands", None)
    if below is None:
        yield words
        return
    for name, one in below.items():
        yield from commands(one, f"{words} {name}")
