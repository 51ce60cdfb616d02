"""The few marks in the text of a notice, read into a neutral structure: pages draw it, chats get plain words.

`**bold**`, lines that begin with `- ` as a list, `[words](https://...)` and bare addresses as links. Everything else
is words, HTML and script too: whoever draws them escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINK = r"\[(?P<words>[^\[\]\n]{1,200})\]\((?P<url>https?://[^\s()<>\"']{1,500})\)"
_BOLD = r"\*\*(?P<bold>[^*\n]{1,500})\*\*"
_BARE = r"(?P<bare>https?://[^\s<>\"'，。；、！？（）【】「」]{1,500})"
_MARKS = re.compile(f"{_LINK}|{_BOLD}|{_BARE}")
_ITEM = re.compile(r"^\s*[-*•·]\s+(?=\S)")
_AFTER_ADDRESS = ".,;:!?)"
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")


@dataclass(frozen=True, slots=True)
class Span:
    """Some words on a line; `url` is where they lead."""

    words: str
    bold: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, line by line, or a list with one item a line."""

    lines: Sequence[Sequence[Span]]
    is_list: bool = False


def read_marks(text: str) -> list[Block]:
    """The blocks of a text; empty lines part them."""
    blocks: list[tuple[bool, list[list[Span]]]] = []
    apart = True
    for line in text.splitlines():
        if not line.strip():
            apart = True
            continue
        item = _ITEM.match(line)
        spans = _spans(line[item.end() :] if item else line.strip())
        if apart or blocks[-1][0] is not bool(item):
            blocks.append((bool(item), []))
        blocks[-1][1].append(spans)
        apart = False
    return [Block(lines, is_list) for is_list, lines in blocks]


def plain_words(text: str) -> str:
    """The text as a chat without marks shows it: a dot before each item, the address behind its words."""
    return "\n".join(filter(None, map(_plain_block, read_marks(text))))


def has_tags(text: str) -> bool:
    """Whether something looks like HTML, which nobody will see as anything but these signs."""
    return _TAG.search(text) is not None


def _plain_block(block: Block) -> str:
    before = "· " if block.is_list else ""
    return "\n".join(before + "".join(map(_plain_span, line)) for line in block.lines)


def _plain_span(span: Span) -> str:
    return f"{span.words} {span.url} " if span.url and span.url != span.words else span.words


def _spans(line: str) -> list[Span]:
    return list(_cut(line))


def _cut(line: str) -> Iterator[Span]:
    end = 0
    for mark in _MARKS.finditer(line):
        address = (mark["bare"] or "").rstrip(_AFTER_ADDRESS)
        if mark.start() > end:
            yield Span(line[end : mark.start()])
        end = mark.start() + len(address) if address else mark.end()
        if mark["bold"]:
            yield Span(mark["bold"], bold=True)
        else:
            yield Span(mark["words"] or address, url=mark["url"] or address)
    if end < len(line):
        yield Span(line[end:])
