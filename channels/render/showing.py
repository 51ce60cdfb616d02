"""What a channel can show of an outbox row: words, buttons or numbers to answer with, pictures, documents, links.

Before: channels/delivery hands claimed rows to their channel. The channel asks here, and sends each piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from channels.contract import Abilities, Media, Outgoing
from channels.render.notice_pages import find_page
from channels.render.pieces import Card, Choice, Document, Picture, Piece, Words
from channels.render.splitting import measure, split_text
from channels.render.words import render_if_possible, render_text

PageLink = Callable[[UUID, str], str]
"""Makes the absolute address of a resident's page, which opens for this resident; channels/links.py has one."""
TALK = frozenset({"person_joins", "person_says", "person_leaves"})
"""What is said while people talk leads to no page."""
CALL = "tel:"


def show(row: Outgoing, abilities: Abilities, page: PageLink | None = None) -> Sequence[Piece]:
    """The row as pieces, in order; at least one. Where `page` is not given nothing leads to a page."""
    text, files, choices = (
        _words(row),
        list(_files(row, abilities)),
        _choices(row.id.hex, row.buttons, row.language),
    )
    calls = [choice.label for choice in choices if _is_call(choice)]
    buttons = [choice for choice in choices if not _is_call(choice)]
    card = _card(row, page)
    if choices and not _fit(buttons, abilities):
        text, buttons = _numbered(text, choices, row.language), []
    else:
        text = "\n".join((text, *calls))
    if card and not _draws(abilities):
        text, card = _with_link(text, card, row.language), None
    parts = split_text(text, abilities.longest_text, abilities.unit)
    words = [*(Words(part) for part in parts[:-1]), Words(parts[-1], tuple(buttons))]
    return [*words, *files, *([card] if card else [])]


def is_numbered(buttons: Sequence[Mapping[str, Any]], language: str, abilities: Abilities) -> bool:
    """Whether the channel shows these buttons of a row as numbers to answer with."""
    choices = _choices("", buttons, language)
    if abilities.may_number:
        return bool(choices)
    return bool(choices) and not _fit([choice for choice in choices if not _is_call(choice)], abilities)


def _words(row: Outgoing) -> str:
    """The words of the row, under the name of who of staff says them."""
    words = render_if_possible(row.message, row.language, row.values, row.zone)
    words = words or render_text("words_gone", row.language, {})
    if not row.sender:
        return words
    return render_text("said_by", row.language, {"sender": row.sender, "words": words})


def _choices(row: str, buttons: Sequence[Mapping[str, Any]], language: str) -> list[Choice]:
    labels = (render_if_possible(button["label"], language, button.get("values", {})) for button in buttons)
    return [
        Choice(label, str(button["payload"]), f"{row}:{index}")
        for index, (button, label) in enumerate(zip(buttons, labels, strict=True))
        if label
    ]


def _is_call(choice: Choice) -> bool:
    """A number to call is read in the words: platforms make a link of it, and none of them a button."""
    return choice.payload.startswith(CALL)


def _fit(choices: Sequence[Choice], abilities: Abilities) -> bool:
    """Whether the channel draws all of them as buttons."""
    long = any(measure(choice.label, abilities.unit) > abilities.button_text for choice in choices)
    return len(choices) <= abilities.buttons and not long


def _numbered(text: str, choices: Iterable[Choice], language: str) -> str:
    """Choices as words; the number is the button's own, by which channels/choices.py finds it again."""
    lines = (f"{int(choice.key.rpartition(':')[2]) + 1}. {choice.label}" for choice in choices)
    return "\n".join(chain([text], lines, [render_text("reply_with_number", language, {})]))


def _files(row: Outgoing, abilities: Abilities) -> Iterable[Piece]:
    """What staff put to the message; what the channel cannot send is seen on the page that the message leads to."""
    for file in row.values.get("files", ()):
        if file["photo"] and Media.IMAGE in abilities.media:
            yield Picture(UUID(file["id"]))
        elif not file["photo"] and Media.FILE in abilities.media:
            yield Document(UUID(file["id"]), file["name"])


def _card(row: Outgoing, page: PageLink | None) -> Card | None:
    """The page of the need that the message is about; where there are buttons, they are what is asked for.

    A message to staff leads to the page of the console that it names, a notice to its own, buttons or not.
    """
    if page is not None and row.resident_id is not None and "console" in row.values:
        url = page(row.resident_id, str(row.values["console"]))
        return Card(render_text("button_open_console", row.language, {}), "", url)
    if page is not None and row.resident_id is not None and (found := find_page(row.values)):
        path, label = found
        return Card(render_text(label, row.language, {}), "", page(row.resident_id, path))
    if page is None or row.need_id is None or row.resident_id is None or row.buttons or row.message in TALK:
        return None
    url = page(row.resident_id, f"/m/needs/{row.need_id}")
    return Card(render_text("button_see_need", row.language, {}), "", url)


def _draws(abilities: Abilities) -> bool:
    """A link of its own is a message more, which is too dear where they are counted."""
    return abilities.cards and not abilities.budget


def _with_link(text: str, card: Card, language: str) -> str:
    return render_text("words_with_link", language, {"words": text, "title": card.title, "url": card.url})
