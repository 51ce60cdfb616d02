"""Answers to the questions of a report: each says whether it took the message, and keeps in the draft what it told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.actions.matters import is_another_matter, put_off, take_in
from bot.actions.place_words import sounds_like_a_place
from bot.actions.report_changes import ask_change, correct, offer_changes
from bot.actions.report_draft import is_empty_talk
from bot.actions.report_duplicates import keep_meaning, take_duplicate
from bot.actions.report_facts import read_facts, told_by
from bot.actions.report_places import ELSEWHERE, choose_place, look_for_place, take_community
from bot.actions.report_step import ReportStep, add_words, drop, tells_facts
from community.needs.kinds import kind_of
from community.needs.models import Visibility
from community.needs.usecases.residents import report_need

NO_PLACE = ("affirm", "out_of_scope")


async def _take_what(step: ReportStep) -> bool:
    """Anything said is what it is about, except what is clearly something else."""
    turn = step.turn
    if not turn.text or is_empty_talk(turn.text) or turn.is_clearly_aside:
        return False
    take_in(step, turn.text, turn.need)
    keep_meaning(step)
    return True


async def _take_community(step: ReportStep) -> bool:
    found = await take_community(step.turn, step.session)
    if found is not None:
        step.profile = replace(step.profile, community=found)
    return found is not None


async def _take_place(step: ReportStep) -> bool:
    """What is on the tree is the place; what is not there, and is no steering, is the place in the person's words."""
    told = step.turn.entities.get("value")
    if told is None:
        return bool(step.turn.text) and await _take_place_words(step)
    if told == ELSEWHERE:
        step.turn.ask("place", "report_ask_place_words")
    elif not choose_place(step.draft, await step.tree(), told):
        step.turn.say("question_is_over")
    return True


async def _take_place_words(step: ReportStep) -> bool:
    draft, turn, tree = step.draft, step.turn, await step.tree()
    if tells_facts(step):
        return True
    question = look_for_place(draft, turn.text, tree, answer=True)
    if question is None:
        return True
    if not question.found and not sounds_like_a_place(turn.text):
        if turn.is_clearly_aside or turn.intent in NO_PLACE:
            return False
        if is_another_matter(step):
            put_off(step)
            return True
    if question.found and not draft.asked_near:
        draft.asked_near = True
        turn.ask("place", question.message, *question.buttons, **question.values)
    else:
        draft.put_where_told(turn.text)
    return True


async def _take_confirmation(step: ReportStep) -> bool:
    turn, draft = step.turn, step.draft
    if turn.entities.get("draft", draft.id) != draft.id:
        turn.say("question_is_over")
    elif turn.text and draft.hear_privacy(turn.text):
        return True
    elif turn.intent == "affirm":
        await _save(step)
    elif turn.entities.get("value") == "photo":
        turn.ask("confirm", "report_send_photo")
    elif turn.text and correct(turn, draft, await step.tree(), read_facts(turn.text, step.profile)):
        return True
    elif turn.intent == "deny":
        _deny(step)
    else:
        return _take_more(step)
    return True


def _take_more(step: ReportStep) -> bool:
    turn = step.turn
    if is_another_matter(step):
        put_off(step)
    elif turn.intent in ("report_need", "add_to_need") and turn.text:
        add_words(step, turn.text, turn.need)
    else:
        return False
    return True


def _deny(step: ReportStep) -> None:
    if step.draft.kind.visibility is Visibility.CONFIDENTIAL:
        drop(step)
    else:
        offer_changes(step.turn)


async def _take_change(step: ReportStep) -> bool:
    turn = step.turn
    part = turn.entities.get("value")
    if part == "drop":
        drop(step)
        return True
    if part == "place":
        step.draft.forget_place()
    if part:
        return ask_change(turn, part)
    return correct(turn, step.draft, await step.tree(), read_facts(turn.text, step.profile))


async def _take_new_words(step: ReportStep) -> bool:
    if not step.turn.text or step.turn.is_clearly_aside:
        return False
    step.draft.replace_words(step.turn.text, step.turn.need)
    return True


async def _take_kind(step: ReportStep) -> bool:
    if not step.turn.text or step.turn.is_clearly_aside:
        return False
    step.draft.put_under(step.turn.need)
    return True


async def _save(step: ReportStep) -> None:
    """Store the need, once for this message, and say who leads and by when: all of it comes from what was stored."""
    turn = step.turn
    need = await report_need(
        step.session,
        turn.resident_id,
        step.draft.as_report(told_by(step.draft)),
        message_id=turn.message_id,
        limits=turn.limits,
    )
    parties = need.routing_values or {}
    turn.end()
    turn.say(
        "need_saved_private" if need.visibility is Visibility.CONFIDENTIAL else "need_saved",
        code=need.code,
        kind=kind_of(need.kind).name,
        party=parties["party"],
        assist=parties.get("assist", []),
        due=need.first_answer_due_at.isoformat(),
        urgency=need.urgency.value,
    )


ANSWERS: Mapping[str, Callable[[ReportStep], Awaitable[bool]]] = {
    "what": _take_what,
    "community": _take_community,
    "place": _take_place,
    "confirm": _take_confirmation,
    "change": _take_change,
    "new_words": _take_new_words,
    "kind": _take_kind,
    "duplicate": take_duplicate,
}
