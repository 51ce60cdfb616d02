"""Arrows point one way: which of our packages may import which, and where Rasa and its SDK may appear."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from operations.places import ROOT

ENGINE = "bot/components"
OURS = {"bot", "channels", "community", "components", "linli", "operations", "scheduler", "web"}
MAY_IMPORT = {
    "linli": set[str](),
    "community": {"linli"},
    "channels": {"community", "linli"},
    "bot/actions": {"community", "linli"},
    "bot/components": {"components"},
    "scheduler": {"channels", "community", "linli"},
    "web": {"bot", "channels", "community", "linli"},
    "operations": {"channels", "community", "linli", "scheduler"},
    "migrations": {"operations"},
}
NOT_IN_THE_DOMAIN = {"aiohttp", "fastapi", "httpx", "rasa", "rasa_sdk", "starlette", "telegram", "uvicorn"}


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_each_package_imports_only_what_lies_below_it(folder: str) -> None:
    itself = folder.split("/", maxsplit=1)[0]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files_of(folder)
        for name in imports_of(path)
        if root_of(name) in OURS - MAY_IMPORT[folder] - {itself}
    ]
    assert wrong == []


def test_the_engine_imports_nothing_of_the_application() -> None:
    assert [
        path
        for path in files_of(ENGINE)
        if {root_of(name) for name in imports_of(path)} & (OURS - {"components"})
    ] == []


def test_the_domain_knows_no_http_and_no_rasa() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files_of("community")
        for name in imports_of(path)
        if root_of(name) in NOT_IN_THE_DOMAIN
    ]
    assert wrong == []


def test_the_actions_are_called_from_their_door_only() -> None:
    assert importers_of("bot", outside="bot") <= {"web/internal.py"}


def test_rasa_is_imported_by_the_components_only() -> None:
    assert {
        path for path in importers_of("rasa", outside=ENGINE) if not path.startswith("bot/tests/")
    } == set()


def test_the_sdk_is_imported_by_the_actions_and_their_door_only() -> None:
    assert importers_of("rasa_sdk", outside="bot/actions") <= {"web/internal.py"}


def importers_of(package: str, outside: str) -> set[str]:
    """Files of ours that import the package, without those under one folder and without the tests."""
    files = [path for folder in (*MAY_IMPORT, "bot", "bench") for path in files_of(folder)]
    return {
        str(path.relative_to(ROOT))
        for path in files
        if not path.is_relative_to(ROOT / outside) and package in {root_of(name) for name in imports_of(path)}
    }


def files_of(folder: str) -> list[Path]:
    """The Python files of a folder of ours."""
    return [path for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts]


def imports_of(path: Path) -> set[str]:
    """Full names of the modules that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def root_of(name: str) -> str:
    """The package of a dotted name."""
    return name.split(".", maxsplit=1)[0]
