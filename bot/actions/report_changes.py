"""Correcting a report before it is confirmed: by words ("不是3号楼，是5号楼"), or by saying which part to change."""

from __future__ import annotations

from bot.actions.buttons import choice
from bot.actions.report_draft import Draft
from bot.actions.report_facts import CORRECTS, correct_facts, correct_landmark, is_correction
from bot.actions.report_places import look_for_place
from bot.actions.turn import Turn
from community.facts.models import Facts
from community.places.matching import match_place
from community.places.tree import PlaceTree

_QUESTIONS = {"place": "report_ask_place", "new_words": "report_ask_new_words", "kind": "report_ask_kind"}


def correct(turn: Turn, draft: Draft, tree: PlaceTree, facts: Facts) -> bool:
    """Change place, time, people, phone or kind as the person corrects them; False where the words correct none."""
    corrected = correct_facts(draft, turn.text, facts)
    return _correct_place(turn, draft, tree, facts) or corrected or _correct_kind(turn, draft)


def _correct_place(turn: Turn, draft: Draft, tree: PlaceTree, facts: Facts) -> bool:
    if draft.place is not None and not is_correction(turn.text, facts):
        return False
    within = draft.building or (draft.place or {}).get("id")
    match = match_place(turn.text, tree, within=within)
    if match.place is None and match.unknown is None:
        return correct_landmark(draft, turn.text, facts)
    same = match.place is not None and draft.place and draft.place["id"] == str(match.place.id)
    if same and match.beyond in (None, draft.beyond):
        return False
    before = match_place(draft.words, tree).words if draft.place else None
    question = look_for_place(draft, turn.text, tree, answer=False)
    if before and match.words:
        draft.words = draft.words.replace(before, match.words, 1)
    if question is not None:
        turn.ask("place", question.message, *question.buttons, **question.values)
    return True


def _correct_kind(turn: Turn, draft: Draft) -> bool:
    if not CORRECTS.search(turn.text) or not turn.need.sure or turn.need.kind == draft.kind_code:
        return False
    draft.put_under(turn.need)
    draft.words = f"{draft.words}\n{turn.text}"
    return True


def offer_changes(turn: Turn) -> None:
    """Ask what is to be changed."""
    turn.ask(
        "change",
        "report_ask_change",
        choice("button_change_place", "place"),
        choice("button_change_words", "new_words"),
        choice("button_change_kind", "kind"),
        choice("button_drop_report", "drop"),
    )


def ask_change(turn: Turn, part: str) -> bool:
    """Ask for the part that is to be changed; False where there is no such part."""
    message = _QUESTIONS.get(part)
    if message is None:
        return False
    turn.ask(part, message)
    return True
