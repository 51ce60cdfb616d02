"""The file of answers: YAML, one entry a question that people have; read and checked before a line of it is stored.

What an entry holds is in `Entry`; community/answers/entries/everywhere.yml is the one that comes with Linli.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from community.parties.models import PartyType

SHIPPED = Path(__file__).parent / "entries" / "everywhere.yml"
MOST_BYTES = 2_000_000
LONGEST_ZH, LONGEST_EN, MOST_LINES = 60, 35, 2
Short = Annotated[str, Field(min_length=1, max_length=40)]
Question = Annotated[str, Field(min_length=2, max_length=200)]
Phone = Annotated[str, Field(pattern=r"^\+?[\d][\d -]{1,18}$")]
Button = Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]


class BadFile(Exception):
    """The file cannot be loaded; `problems` are sentences that name the line and the entry."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Title(_Part):
    """A name short enough for a button."""

    zh: Annotated[str, Field(min_length=1, max_length=8)]
    en: Annotated[str, Field(min_length=1, max_length=24)]


class Questions(_Part):
    """Ways of asking."""

    zh: Annotated[list[Question], Field(min_length=2)]
    en: Annotated[list[Question], Field(min_length=1)]


class Answer(_Part):
    """What is said: one line a bubble, at most two, each short enough to be read aloud."""

    zh: Annotated[str, Field(min_length=4, max_length=200)]
    en: Annotated[str, Field(min_length=4, max_length=600)]

    @field_validator("zh")
    @classmethod
    def check_zh(cls, text: str) -> str:
        """60 Chinese characters a line; two Latin ones are as wide."""
        _check_lines(text, LONGEST_ZH, width, "characters")
        return text

    @field_validator("en")
    @classmethod
    def check_en(cls, text: str) -> str:
        """35 words a line."""
        _check_lines(text, LONGEST_EN, lambda line: len(line.split()), "words")
        return text

    @model_validator(mode="after")
    def check_both(self) -> Answer:
        """As many bubbles in one language as in the other."""
        if self.zh.count("\n") != self.en.count("\n"):
            raise ValueError("zh and en have different numbers of lines")
        return self


class Source(_Part):
    """Who says so. `url` only where the address is known to stay."""

    zh: Short
    en: Annotated[str, Field(min_length=1, max_length=80)]
    url: HttpUrl | None = None


class Entry(_Part):
    """One answer with the ways of asking for it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
    topic: Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]
    title: Title
    questions: Questions
    answer: Answer
    source: Source
    checked: date
    office: PartyType | None = None
    phones: list[Phone] = []
    buttons: Annotated[list[Button], Field(max_length=3)] = []


def width(text: str) -> float:
    """Length in Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _check_lines(text: str, longest: int, measure: Callable[[str], float], unit: str) -> None:
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise ValueError(f"more than {MOST_LINES} lines")
    for line in lines:
        if (length := measure(line)) > longest:
            raise ValueError(f"a line of {length:g} {unit}, at most {longest} fit into a bubble")


def read_file(path: Path) -> list[Entry]:
    """The entries of a file. Raises BadFile with everything that is wrong in it."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile([f"{path.name}: larger than {MOST_BYTES:,} bytes"])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadFile([f"{path.name}: not UTF-8"]) from None
    return read_entries(text, path.name)


def read_entries(text: str, name: str) -> list[Entry]:
    """The entries in the text of a file; `name` stands before each problem. Raises BadFile."""
    rows = _read_yaml(text, name)
    entries: list[Entry] = []
    problems: list[str] = []
    for number, row in enumerate(rows):
        where = f"{name}, line {rows.lc.item(number)[0] + 1}"
        try:
            entries.append(Entry.model_validate(row))
        except ValidationError as error:
            problems += [f"{where}, {_name(row, number)}: {what}" for what in _explain(error)]
    problems += [f"{name}: {what}" for what in _doubled(entries)]
    if problems:
        raise BadFile(problems)
    return entries


def _read_yaml(text: str, name: str) -> CommentedSeq:
    try:
        rows = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile([f"{name}, line {line}: {error.problem}"]) from None
    if not isinstance(rows, CommentedSeq):
        raise BadFile([f"{name}, line 1: a list of entries is expected"])
    return rows


def _name(row: object, number: int) -> str:
    code = row.get("id") if isinstance(row, Mapping) else None
    return f"entry {code}" if isinstance(code, str) else f"entry number {number + 1}"


def _explain(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"])
        yield f"{field}: {problem['msg']}" if field else problem["msg"]


def _doubled(entries: Sequence[Entry]) -> Iterator[str]:
    """The same id twice, or the same question twice in one entry; two entries may share one, then Linli asks back."""
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            yield f"entry {entry.id} is there twice"
        seen.add(entry.id)
        asked = [*entry.questions.zh, *entry.questions.en]
        if len(asked) != len(set(asked)):
            yield f"entry {entry.id} asks the same twice"
