"""Where a report is: found on the place tree in the person's words, asked for with near choices where it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import choice
from bot.actions.report_draft import Draft, is_empty_talk
from bot.actions.turn import Button, Turn
from community.places.matching import PlaceMatch, match_place
from community.places.models import Community, Place
from community.places.queries import find_communities
from community.places.tree import PlaceNode, PlaceTree
from community.residents.usecases import choose_community

ELSEWHERE = "elsewhere"
MOST_BUTTONS = 4


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """What is still to be asked about the place; `found` says that the words did name one, of which this is unclear."""

    message: str
    buttons: Sequence[Button] = ()
    values: dict[str, Any] = field(default_factory=dict)
    found: bool = True


def look_for_place(draft: Draft, text: str, tree: PlaceTree, *, answer: bool) -> PlaceQuestion | None:
    """Put the place that a text names into the draft; what is left to be asked, None when nothing is.

    `answer` says that the text answers the question for the place, so that "3" is enough.
    """
    match = match_place(text, tree, within=draft.building, ask_unit=draft.kind.asks_unit, answer=answer)
    draft.beyond = match.beyond or (draft.beyond if answer else None)
    if not answer and match.is_enough and not draft.kind.asks_unit:
        draft.put_where_told(match.words or "")
        return None
    question = _question(match)
    if match.needs_unit and match.place is not None:
        draft.building = match.place.id
    elif question is None and match.place is not None:
        draft.put_at(match.place)
    return question


def _question(match: PlaceMatch) -> PlaceQuestion | None:
    near = [place_button(node) for node in match.near]
    if match.unknown is not None:
        buttons = [*near[: MOST_BUTTONS - 1], choice("button_elsewhere", ELSEWHERE)]
        return PlaceQuestion("report_place_unknown", buttons, {"number": match.unknown})
    if match.needs_unit and match.place is not None:
        return PlaceQuestion("report_ask_unit", near, {"place": match.place.name})
    if match.place is not None:
        return None
    if near:
        return PlaceQuestion("report_ask_which_place", near)
    return PlaceQuestion("report_ask_place", found=False)


def place_to_read_back(draft: Draft) -> Mapping[str, str] | None:
    """The place in both languages, with the words for where that no tree holds."""
    place, beyond = draft.place, draft.beyond
    if place is None or beyond is None or place["id"] is None:
        return place
    zh = f"（{beyond}）" if beyond.isascii() and not beyond.isdigit() else beyond
    return {"zh": f"{place['zh']}{zh}", "en": f"{place['en']}, {beyond}"}


def names_only_a_place(draft: Draft, words: str, tree: PlaceTree) -> bool:
    """Whether the words say where and not what; the place is put into the draft then."""
    match = match_place(words, tree)
    if match.place is None or not match.words or not is_empty_talk(words.replace(match.words, "") or " "):
        return False
    draft.put_at(match.place)
    draft.beyond = match.beyond
    return True


def choose_place(draft: Draft, tree: PlaceTree, value: str) -> bool:
    """Put the place of a button into the draft; False for the button of another question."""
    try:
        node = tree.find(UUID(value))
    except ValueError:
        node = None
    if node is not None:
        draft.put_at(node)
    return node is not None


def place_button(place: PlaceNode | Place) -> Button:
    """A button that names a place."""
    return choice("button_place", str(place.id), {"place": place.name})


def community_buttons(communities: Sequence[Community]) -> list[Button]:
    """The communities to choose from, as many as buttons are allowed."""
    buttons = [choice("button_community", str(found.id), {"community": found.name}) for found in communities]
    return buttons[:MOST_BUTTONS]


async def take_community(turn: Turn, session: AsyncSession) -> Community | None:
    """The person belongs to the community that was tapped or named; None where none was."""
    named = turn.text.casefold()
    told = turn.entities.get("value")
    for found in await find_communities(session):
        short = found.zh.removesuffix("社区")
        if str(found.id) == told or (named and (short in named or found.en.casefold() in named)):
            return await choose_community(session, turn.resident_id, found.id)
    return None
