"""Reporting a need: what, where, photos, read back, confirmed. What was said is not asked, nothing is saved unasked.

`report_answers.py` takes the answers, `report_draft.py` holds what is collected, `report_places.py` finds the place,
`report_changes.py` corrects.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.adding import starts_like_an_addition
from bot.actions.answering_staff import answered_staff
from bot.actions.asides import answered_aside, leaves_off
from bot.actions.buttons import choice, payload
from bot.actions.care import hand_over
from bot.actions.care_words import KIND as DISTRESS
from bot.actions.matters import begin_next, forget_if_all_is_meant, take_in
from bot.actions.notice_help import began_with_notice, take_help_in_between
from bot.actions.notices import answered_by_topic
from bot.actions.own_needs import find_open_needs
from bot.actions.report_answers import ANSWERS
from bot.actions.report_draft import Draft, is_empty_talk
from bot.actions.report_duplicates import keep_meaning, offer_duplicate
from bot.actions.report_facts import note_facts, read_facts, values_to_read_back
from bot.actions.report_places import (
    PlaceQuestion,
    community_buttons,
    look_for_place,
    names_only_a_place,
    place_to_read_back,
)
from bot.actions.report_step import ReportStep, drop, tells_facts
from bot.actions.turn import Button, Turn
from bot.actions.unclear import say_unclear
from community.needs.models import Visibility
from community.places.queries import find_communities
from community.residents.queries import get_profile


async def report(turn: Turn, session: AsyncSession) -> None:
    """Take the answer to the open question, then ask for what is still missing."""
    if turn.asked is None and await _belongs_to_another(turn, session):
        return
    step = ReportStep(turn, session, Draft.of(turn), await get_profile(session, turn.resident_id))
    step.draft.add_photos(turn)
    if turn.asked and leaves_off(turn, "withdraw_need") and not tells_facts(step):
        forget_if_all_is_meant(turn)
        drop(step)
    elif turn.asked is None:
        await _begin(step)
    elif turn.intent != "send_photo":
        await _take_answer(step, turn.asked)
    if turn.is_over:
        begin_next(step)
    if not turn.is_asking:
        await _go_on(step)
    if not turn.is_over and turn.next_form is None:
        step.draft.keep_in(turn)


async def _belongs_to_another(turn: Turn, session: AsyncSession) -> bool:
    """Whether the words are no new report: they begin like an addition, answer what staff had asked, or name what a
    notice is about and nothing else."""
    if starts_like_an_addition(turn.text) and await find_open_needs(turn, session):
        turn.switch_to("add_form")
        return True
    if turn.slots.get("draft"):
        return False
    return await answered_staff(turn, session) or await answered_by_topic(turn, session)


async def _go_on(step: ReportStep) -> None:
    """Ask what is still missing; distress is talked about elsewhere."""
    if step.draft.words and step.draft.kind_code == DISTRESS:
        hand_over(step.turn, step.draft)
    else:
        await _ask_next(step)


async def _begin(step: ReportStep) -> None:
    """Take from the first message whatever it holds; words that were not understood just before count with it.

    A report that was put aside for something urgent goes on as it was.
    """
    turn = step.turn
    if step.draft.words or await began_with_notice(step):
        return
    words, need = (turn.text, turn.need) if turn.text else turn.unclear()
    if words and not is_empty_talk(words) and not names_only_a_place(step.draft, words, await step.tree()):
        take_in(step, words, need)
        keep_meaning(step)


async def _take_answer(step: ReportStep, asked: str) -> None:
    turn = step.turn
    if turn.intent == "help_with_notice":
        await take_help_in_between(step)
        return
    if await ANSWERS[asked](step):
        if asked in ("place", "community") and turn.text:
            note_facts(step.draft, read_facts(turn.text, step.profile))
        return
    if await answered_aside(turn, step.session, confided=step.draft.is_confidential):
        turn.say("report_goes_on")
    else:
        say_unclear(turn, "report_unclear")


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
    elif not await offer_duplicate(step):
        _read_back(turn, draft)


async def _find_place_question(step: ReportStep) -> PlaceQuestion | None:
    draft, home = step.draft, step.profile.home
    if draft.place is not None or not draft.kind.asks_place:
        return None
    question = look_for_place(draft, draft.words, await step.tree(), answer=False)
    if question is None or question.buttons:
        return question
    likely = {str(home.id): home.name} if home else {}
    if step.place_before and step.place_before["id"]:
        likely[step.place_before["id"]] = {name: step.place_before[name] for name in ("zh", "en")}
    buttons = [choice("button_place", place_id, {"place": name}) for place_id, name in likely.items()]
    return PlaceQuestion(question.message, buttons, question.values)


def _read_back(turn: Turn, draft: Draft) -> None:
    yes, no = payload("affirm", draft=draft.id), payload("deny", draft=draft.id)
    if draft.is_confidential and draft.kind.visibility is not Visibility.CONFIDENTIAL:
        buttons = (Button("button_report_it", yes), Button("button_change", no))
        place = place_to_read_back(draft)
        turn.ask("confirm", "report_read_back_secret", *buttons, kind=draft.kind.name, place=place)
        return
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
        place=place_to_read_back(draft),
        photos=len(draft.photos),
        **values_to_read_back(draft),
    )
