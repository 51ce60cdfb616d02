"""Style sheets and pages agree: a class that no page and no script has is left over, or is called otherwise by now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from operations.places import ROOT

STATIC, PAGES = ROOT / "web" / "static", ROOT / "templates" / "pages"
SHEETS = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
CLASS = re.compile(r"\.([a-z][\w-]*)")
NO_NAMES = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"|@import[^;]*;", re.DOTALL)


def sources() -> Iterator[Path]:
    """What may give an element its class."""
    scripts = (path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
    return chain(PAGES.rglob("*.html"), scripts, (ROOT / "web").rglob("*.py"))


WORDS = "\n".join(path.read_text(encoding="utf-8") for path in sources())
GIVEN = set(re.findall(r"[a-z][\w-]*", WORDS))
STEMS = set(re.findall(r"([a-z][\w-]*_)(?=\{\{|\$\{|\{|[\"'] ~)", WORDS))
"""What names are put together of, such as `state_` before the name of a state."""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: str(path.relative_to(STATIC)))
def test_every_class_of_a_sheet_is_given_somewhere(sheet: Path) -> None:
    named = set(CLASS.findall(NO_NAMES.sub("", sheet.read_text(encoding="utf-8"))))
    assert {name for name in named - GIVEN if not name.startswith(tuple(STEMS))} == set()
