"""How a procedure works: the community's own answers, with their source and date, or a person instead of a guess.

What is near enough is decided in community/answers/search.py; offices and lines are told by `offices.py`.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import OFFERS, offer, payload
from bot.actions.notices import answered_by_notice
from bot.actions.offices import tell_lines, tell_office
from bot.actions.own_shifts import is_of_own_hours, tell_own_shifts
from bot.actions.person import leave_word
from bot.actions.turn import Button, Turn, Values
from community.answers.queries import get_answers
from community.answers.search import POSSIBLE, SURE, UNKNOWN, Known, Match
from community.residents.queries import Profile, get_profile

NONE = "none_of_these"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


async def answer_question(turn: Turn, session: AsyncSession) -> None:
    """Answer what is surely asked, ask back where two are near, else offer a person."""
    if not turn.text:
        await _take_choice(turn, session)
        return
    profile = await get_profile(session, turn.resident_id)
    matches = await _find(turn, session, profile)
    possible = [match.entry for match in matches if match.fit >= POSSIBLE and match.entry.topic != UNKNOWN]
    if matches and is_sure(matches[0]):
        await tell(turn, session, profile, matches[0].entry)
    elif matches and matches[0].entry in possible:
        _ask_which(turn, possible)
    elif is_of_own_hours(turn.text):
        await tell_own_shifts(turn, session)
    elif not await answered_by_notice(turn, session, profile):
        turn.say("answer_unknown", offer("talk_to_human"))
        turn.keep_unclear()


async def answered_surely(turn: Turn, session: AsyncSession) -> bool:
    """Answer only where the question is surely one that is known; False where nothing was said."""
    if not turn.text:
        return False
    profile = await get_profile(session, turn.resident_id)
    matches = await _find(turn, session, profile)
    if not matches or not is_sure(matches[0]):
        return False
    await tell(turn, session, profile, matches[0].entry)
    return True


async def offered_answer(turn: Turn, session: AsyncSession) -> bool:
    """Of words that seem to be about nothing of ours: ask whether a question that is known was meant; False if none."""
    if not turn.text:
        return False
    matches = await _find(turn, session, await get_profile(session, turn.resident_id))
    if not matches or not is_sure(matches[0]):
        return False
    _ask_which(turn, [matches[0].entry])
    return True


def is_sure(match: Match) -> bool:
    """Whether the best match may be answered without asking back."""
    return match.sureness >= SURE and match.entry.topic != UNKNOWN


async def tell(turn: Turn, session: AsyncSession, profile: Profile, entry: Known) -> None:
    """The answer, its source with the last bubble, then who can be called."""
    *first, last = entry.answer
    for text in first:
        turn.say("answer", text=text)
    buttons = [offer(intent) for intent in entry.buttons if intent in OFFERS]
    turn.say("answer_sourced", *buttons, text=last, source=entry.source, checked=name_month(entry.checked_on))
    if entry.office is not None:
        await tell_office(turn, session, profile, entry.office)
    await tell_lines(turn, session, profile, entry.phones)


def name_month(day: date) -> Values:
    """When an answer was looked at, in both languages."""
    return {"zh": f"{day.year}年{day.month}月", "en": f"{MONTHS[day.month - 1]} {day.year}"}


async def _find(turn: Turn, session: AsyncSession, profile: Profile) -> list[Match]:
    answers = await get_answers(session, profile.community.id if profile.community else None)
    return answers.find(turn.text, turn.vector)


def _ask_which(turn: Turn, possible: list[Known]) -> None:
    """Up to three buttons and a way out; the question is kept for whoever has to answer it."""
    buttons = [
        Button("button_answer", payload("ask_procedure", value=entry.code), {"title": entry.title})
        for entry in possible
    ]
    none = Button("button_none_of_these", payload("ask_procedure", value=NONE))
    turn.say("answer_which", *buttons, none, titles=[entry.title for entry in possible])
    turn.keep_unclear()


async def _take_choice(turn: Turn, session: AsyncSession) -> None:
    """A tapped title is answered; none of these goes to a person with the words of the question."""
    chosen = turn.entities.get("value")
    if chosen is None:
        turn.say("answer_ask_what")
    elif chosen == NONE:
        await leave_word(turn, session, turn.unclear()[0])
    else:
        profile = await get_profile(session, turn.resident_id)
        answers = await get_answers(session, profile.community.id if profile.community else None)
        entry = answers.get(chosen)
        if entry is None:
            turn.say("answer_unknown", offer("talk_to_human"))
        else:
            await tell(turn, session, profile, entry)
