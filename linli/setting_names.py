"""Names that look like settings and are none: a misspelt one would be passed over, and nobody would know why."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

PREFIX = "LINLI_"
OF_PROCESSES = {"ACTIONS_FD", "ACTIONS_URL", "PLATFORM_CALLBACK", "PLATFORM_FD", "PUBLIC_FD"}
"""What one process of Linli hands to another beside the settings."""
_IN_FILE = re.compile(rf"^\s*(?:export\s+)?({PREFIX}\w+)\s*=", re.MULTILINE | re.IGNORECASE)


def find_unknown_names(known: Collection[str], file: Path) -> list[str]:
    """A sentence for each `LINLI_...` of the environment or the file, in capitals or not, that is no setting."""
    names = {name.upper() for name in known}
    strange = set(_named(file)) - names - OF_PROCESSES
    return [_explain(name, names) for name in sorted(strange)]


def _named(file: Path) -> Iterator[str]:
    in_file = _IN_FILE.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    for name in (*os.environ, *in_file):
        if name.upper().startswith(PREFIX):
            yield name.upper().removeprefix(PREFIX)


def _explain(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, names, n=1)
    advice = f"did you mean {PREFIX}{near[0]}?" if near else "all of them are in linli/settings.py"
    return f"{PREFIX}{name}: there is no such setting; {advice}"
