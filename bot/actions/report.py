"""Reporting a need: what, where, photos, read back, confirmed. What was said is not asked, nothing is saved unasked.

`report_draft.py` holds what is collected, `report_places.py` finds the place, `report_changes.py` corrects.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.adding import starts_like_an_addition
from bot.actions.alarm import is_alarm
from bot.actions.asides import answered_aside, leaves_off
from bot.actions.buttons import choice, payload
from bot.actions.own_needs import find_open_needs
from bot.actions.report_changes import ask_change, correct, offer_changes
from bot.actions.report_draft import Draft, is_empty_talk
from bot.actions.report_places import (
    ELSEWHERE,
    PlaceQuestion,
    choose_place,
    community_buttons,
    look_for_place,
    names_only_a_place,
    place_button,
    take_community,
)
from bot.actions.turn import Button, Turn
from community.needs.guessing import guess_kind
from community.needs.kinds import get_kind
from community.needs.models import Need, Visibility
from community.needs.usecases.residents import report_need
from community.needs.usecases.steps import name_party
from community.places.queries import find_communities
from community.places.tree import PlaceTree
from community.places.trees import get_tree
from community.residents.queries import Profile, get_profile


@dataclass(slots=True)
class ReportStep:
    """One step of a report: the turn, its transaction, what is collected so far, and whose report it is."""

    turn: Turn
    session: AsyncSession
    draft: Draft
    profile: Profile

    async def tree(self) -> PlaceTree:
        """The places of the person's community; none while that is unknown."""
        community = self.profile.community
        return await get_tree(self.session, community.id) if community else PlaceTree([])


async def report(turn: Turn, session: AsyncSession) -> None:
    """Take the answer to the open question, then ask for what is still missing."""
    if turn.asked is None and starts_like_an_addition(turn.text) and await find_open_needs(turn, session):
        turn.switch_to("add_form")
        return
    step = ReportStep(turn, session, Draft.of(turn), await get_profile(session, turn.resident_id))
    step.draft.add_photos(turn)
    if turn.asked and leaves_off(turn, "withdraw_need"):
        _drop(step)
    elif turn.asked is None or (is_alarm(turn) and not step.draft.alarm):
        await _begin(step)
    elif turn.intent != "send_photo":
        await _take_answer(step, turn.asked)
    if not turn.is_asking:
        await _ask_next(step)
    if not turn.is_over:
        step.draft.keep_in(turn)


async def _begin(step: ReportStep) -> None:
    """Take from the first message whatever it holds; words that were not understood just before count with it."""
    words = step.turn.text or step.turn.slots.get("unclear") or ""
    if words and not is_empty_talk(words) and not names_only_a_place(step.draft, words, await step.tree()):
        _add_words(step, words)


def _add_words(step: ReportStep, words: str) -> None:
    draft, turn = step.draft, step.turn
    draft.add_words(words)
    if is_alarm(turn) and not draft.alarm:
        draft.raise_alarm()
        turn.say("danger_to_self" if draft.is_confidential else "danger")


async def _take_answer(step: ReportStep, asked: str) -> None:
    turn = step.turn
    if await _ANSWERS[asked](step):
        return
    if await answered_aside(turn, step.session):
        turn.say("report_goes_on")
    else:
        turn.count_failure()
        turn.say("report_unclear")


async def _ask_next(step: ReportStep) -> None:
    """Ask for what is missing; read back when nothing is."""
    draft, turn = step.draft, step.turn
    if not draft.words:
        turn.ask("what", "report_ask_what_photo" if draft.photos else "report_ask_what")
    elif step.profile.community is None:
        turn.ask(
            "community", "report_ask_community", *community_buttons(await find_communities(step.session))
        )
    elif question := await _find_place_question(step):
        turn.ask("place", question.message, *question.buttons, **question.values)
    else:
        _read_back(turn, draft)


async def _find_place_question(step: ReportStep) -> PlaceQuestion | None:
    draft, home = step.draft, step.profile.home
    if draft.place is not None or not draft.kind.asks_place:
        return None
    question = look_for_place(draft, draft.words, await step.tree(), answer=False)
    if question is not None and home is not None and not question.buttons:
        return PlaceQuestion(question.message, [place_button(home)], question.values)
    return question


def _read_back(turn: Turn, draft: Draft) -> None:
    yes, no = payload("affirm", draft=draft.id), payload("deny", draft=draft.id)
    if draft.is_confidential:
        turn.ask(
            "confirm",
            "report_read_back_private",
            Button("button_ask_social_worker", yes),
            Button("button_not_now", no),
        )
        return
    turn.ask(
        "confirm",
        "report_read_back",
        Button("button_report_it", yes),
        Button("button_change", no),
        choice("button_add_photo", "photo"),
        kind=draft.kind.name,
        place=draft.place,
        words=draft.words,
        photos=len(draft.photos),
    )


def _drop(step: ReportStep) -> None:
    """Nothing is saved; somebody in distress is not left without a number."""
    step.turn.end()
    step.turn.say("report_dropped_private" if step.draft.is_confidential else "report_dropped")


async def _take_what(step: ReportStep) -> bool:
    """Anything said is what it is about, except what is clearly something else."""
    turn = step.turn
    if not turn.text or is_empty_talk(turn.text) or turn.is_clearly_aside:
        return False
    _add_words(step, turn.text)
    return True


async def _take_community(step: ReportStep) -> bool:
    found = await take_community(step.turn, step.session)
    if found is not None:
        step.profile = replace(step.profile, community=found)
    return found is not None


async def _take_place(step: ReportStep) -> bool:
    """What is on the tree is the place; what is not there, and is no steering, is the place in the person's words."""
    draft, turn, tree = step.draft, step.turn, await step.tree()
    told = turn.entities.get("value")
    if told == ELSEWHERE:
        turn.ask("place", "report_ask_place_words")
        return True
    if told is not None:
        choose_place(draft, tree, told)
        return True
    if not turn.text:
        return False
    question = look_for_place(draft, turn.text, tree, answer=True)
    if question is None:
        return True
    if not question.found and (turn.is_clearly_aside or turn.intent == "affirm"):
        return False
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
    elif turn.intent == "affirm":
        await _save(step)
    elif turn.intent == "choose":
        turn.ask("confirm", "report_send_photo")
    elif turn.text and correct(turn, draft, await step.tree()):
        return True
    elif turn.intent == "deny":
        _deny(step)
    elif turn.intent in ("report_need", "add_to_need") and turn.text:
        _add_words(step, turn.text)
    else:
        return False
    return True


def _deny(step: ReportStep) -> None:
    if step.draft.is_confidential:
        _drop(step)
    else:
        offer_changes(step.turn)


async def _take_change(step: ReportStep) -> bool:
    turn = step.turn
    part = turn.entities.get("value")
    if part == "drop":
        _drop(step)
        return True
    if part == "place":
        step.draft.forget_place()
    return ask_change(turn, part) if part else correct(turn, step.draft, await step.tree())


async def _take_new_words(step: ReportStep) -> bool:
    if not step.turn.text or step.turn.is_clearly_aside:
        return False
    step.draft.replace_words(step.turn.text)
    return True


async def _take_kind(step: ReportStep) -> bool:
    if not step.turn.text or step.turn.is_clearly_aside:
        return False
    step.draft.kind_code = guess_kind(step.turn.text).code
    return True


async def _save(step: ReportStep) -> None:
    """Store the need, once for this message, and say who leads and by when: all of it comes from what was stored."""
    turn = step.turn
    need = await report_need(
        step.session,
        turn.resident_id,
        step.draft.as_report(),
        message_id=turn.message_id,
        limits=turn.limits,
    )
    turn.end()
    await _tell_saved(turn, step.session, need)


async def _tell_saved(turn: Turn, session: AsyncSession, need: Need) -> None:
    turn.say(
        "need_saved_private" if need.visibility is Visibility.CONFIDENTIAL else "need_saved",
        code=need.code,
        kind=get_kind(need.kind).name,
        party=await name_party(session, need.lead_party_id),
        due=need.first_answer_due_at.isoformat(),
        urgency=need.urgency.value,
    )


_ANSWERS: dict[str, Callable[[ReportStep], Awaitable[bool]]] = {
    "what": _take_what,
    "community": _take_community,
    "place": _take_place,
    "confirm": _take_confirmation,
    "change": _take_change,
    "new_words": _take_new_words,
    "kind": _take_kind,
}
