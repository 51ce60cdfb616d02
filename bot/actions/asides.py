"""What interrupts a form: a question in between is answered, leaving off ends it, another wish leads elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import (
    activities,
    arriving,
    contact,
    following,
    language,
    notices,
    own_data,
    own_shifts,
    person,
    procedures,
    small_talk,
    wishes,
)
from bot.actions.rating_words import read_solved
from bot.actions.running import Step
from bot.actions.solving import take_solved
from bot.actions.turn import (
    ACTIVITY_FORM,
    ASIDE,
    CRISIS_FORM,
    PASS_ON_FORM,
    REPORT_FORM,
    SUBSCRIPTION_FORM,
    SURE,
    Turn,
)

ANSWERS: Mapping[str, Step] = {
    "ask_contact": contact.tell_contact,
    "ask_procedure": procedures.answer_question,
    "bot_challenge": small_talk.say_what_linli_is,
    "change_language": language.change_language,
    "check_in": arriving.take_arrival,
    "find_activities": activities.tell_activities,
    "follow_need": following.tell_progress,
    "greet": small_talk.greet,
    "help_menu": small_talk.show_menu,
    "manage_subscription": wishes.tell_subscription,
    "my_data": own_data.tell_own_data,
    "my_signups": own_shifts.tell_own_shifts,
    "read_notices": notices.tell_notices,
    "send_sticker": small_talk.see_sticker,
    "talk_to_human": person.call_person,
    "thank": small_talk.accept_thanks,
}
"""How each of `turn.ASIDE` is answered."""

FORMS = {
    "crisis": CRISIS_FORM,
    "report_need": REPORT_FORM,
    "send_photo": REPORT_FORM,
    "add_to_need": "add_form",
    "withdraw_need": "withdraw_form",
    "rate_service": "rating_form",
    "join_activity": ACTIVITY_FORM,
    "confirm_shift": ACTIVITY_FORM,
    "cancel_signup": ACTIVITY_FORM,
    "offer_help": PASS_ON_FORM,
    "propose_idea": PASS_ON_FORM,
    "update_profile": "profile_form",
    "help_with_notice": REPORT_FORM,
    "manage_subscription": SUBSCRIPTION_FORM,
}
"""Which form an intent begins."""


MOST_BUTTONS_IN_BETWEEN = 2  # a person, or one of two languages; more is a menu


def leaves_off(turn: Turn, *also: str) -> bool:
    """Whether the person does not want to go on."""
    return turn.intent in ("stop_current", "goodbye", *also) and turn.confidence >= SURE


def wants_person(turn: Turn) -> bool:
    """Whether the person surely asks for somebody to talk to."""
    return turn.intent == "talk_to_human" and turn.confidence >= SURE


async def answered_aside(turn: Turn, session: AsyncSession, *, confided: bool = False) -> bool:
    """Answer what was asked in between; True where it was. Menus are left out: the form offers its own buttons.

    Where the person confides in Linli, the social work team is asked, and learns that somebody is wanted, no words.
    """
    survey, solved = turn.entities.get("survey"), read_solved(turn)
    if survey is not None and solved is not None:
        await take_solved(turn, session, UUID(survey), solved)
    elif confided and wants_person(turn):
        await person.leave_word(turn, session, "", confided=True)
    elif turn.is_clearly_aside:
        await ANSWERS[turn.intent](turn, session)
    else:
        return False
    for bubble in turn.bubbles:
        if len(bubble["buttons"]) > MOST_BUTTONS_IN_BETWEEN:
            bubble["buttons"] = []
    return True


def leads_elsewhere(turn: Turn, own_form: str) -> bool:
    """Go over to another form where the person clearly wants that; True where it was so."""
    form = FORMS.get(turn.intent)
    if form is None or form == own_form or turn.confidence < SURE or turn.intent in ASIDE:
        return False
    turn.switch_to(form)
    return True
