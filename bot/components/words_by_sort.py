"""Words sort by sort, as text files hold them: lines of regular expressions under a [name], `#` before a remark.

A line that begins with a Latin letter matches whole words only.
"""

from __future__ import annotations

import re
from pathlib import Path

_SECTION = re.compile(r"\[([a-z ]+)\]")
_LATIN = re.compile(r"\(?(?:\?:)?[a-z0-9]")


def read_sorts(path: Path) -> dict[str, re.Pattern[str]]:
    """One pattern for each section of the file."""
    parts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if section := _SECTION.fullmatch(line):
            parts[section[1]] = []
        elif line and not line.startswith("#"):
            list(parts.values())[-1].append(rf"\b(?:{line})\b" if _LATIN.match(line) else line)
    return {name: re.compile("|".join(lines)) for name, lines in parts.items()}
