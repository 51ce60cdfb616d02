"""What was not understood: first guesses as buttons, then the menu and a person; never the same sentence twice running.

Somebody who says that no guess is right, or is close to something that we do and not understood twice, gets a person
without having to ask. Who says what is none of our business is offered one.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activities import tell_activities
from bot.actions.activity_words import asks_only_when
from bot.actions.answering_staff import answered_staff
from bot.actions.bringing import changed_comers
from bot.actions.buttons import OFFERS, choice, menu, offer
from bot.actions.choosing import take_choice
from bot.actions.linking_words import read_code
from bot.actions.person import leave_word
from bot.actions.procedures import offered_answer
from bot.actions.report_draft import Draft
from bot.actions.report_places import names_only_a_place
from bot.actions.turn import REPORT_FORM, Button, Turn
from bot.actions.unclear import next_wording
from community.clock import now
from community.places.trees import get_tree
from community.residents.queries import get_profile

LEAST, NEAR = 0.06, 0.3
MOST_GUESSES = 3
LONGEST_PLACE = 20
NO_GUESS = "none_of_the_guesses"


async def fall_back(turn: Turn, session: AsyncSession) -> None:
    """Answer a message that is not understood, differently each time; a place alone begins a report."""
    if await answered_staff(turn, session):
        return
    if await _is_only_a_place(turn, session):
        turn.switch_to(REPORT_FORM)
        return
    if read_code(turn.text):
        turn.say("link_wrong")
        return
    if await _asks_of_another_day(turn, session):
        await tell_activities(turn, session)
        return
    if not await changed_comers(turn, session):
        await _say_not_understood(turn, session)


async def _say_not_understood(turn: Turn, session: AsyncSession) -> None:
    """Guesses first, then a person or the menu."""
    count = turn.count_failure()
    turn.keep_unclear()
    if count == 1:
        if not await offered_answer(turn, session):
            _guess(turn)
    elif count == 2 and _is_near(turn):
        await _hand_over(turn, session)
    elif count % 2 == 0:
        turn.say("unclear_menu", *menu(), nth=next_wording(turn, "unclear_menu"))
    else:
        nth = next_wording(turn, "unclear_person")
        turn.say("unclear_person", offer("talk_to_human"), offer("report_need"), nth=nth)


async def take_button(turn: Turn, session: AsyncSession) -> None:
    """A button outside of a form: none of the guesses was right, or what choosing.py knows."""
    if turn.entities.get("value") == NO_GUESS:
        await _hand_over(turn, session)
    else:
        await take_choice(turn, session)


async def _hand_over(turn: Turn, session: AsyncSession) -> None:
    """A person takes it from here; what was said so far stays between the bot and the resident."""
    turn.say("unclear_to_person")
    await leave_word(turn, session, "")


async def _is_only_a_place(turn: Turn, session: AsyncSession) -> bool:
    """Whether the words just name a place of the person's community: "3号楼"."""
    if not 0 < len(turn.text) <= LONGEST_PLACE:
        return False
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        return False
    tree = await get_tree(session, profile.community.id)
    return names_only_a_place(Draft(id=""), turn.text, tree)


async def _asks_of_another_day(turn: Turn, session: AsyncSession) -> bool:
    """Whether activities were listed and the words only name another time: "周日的呢"."""
    community = (await get_profile(session, turn.resident_id)).community if turn.slot("listed") else None
    return community is not None and asks_only_when(turn.text, now(), community.zone)


def _guess(turn: Turn) -> None:
    buttons = _guesses(turn)
    if buttons:
        nth = next_wording(turn, "unclear_guesses")
        turn.say("unclear_guesses", *buttons, choice("button_none_of_these", NO_GUESS), nth=nth)
    else:
        turn.say("unclear", *menu(), nth=next_wording(turn, "unclear"))


def _guesses(turn: Turn) -> list[Button]:
    likely = [name for name, confidence in turn.ranking if name in OFFERS and confidence >= LEAST]
    return [offer(name) for name in likely if name != "talk_to_human"][:MOST_GUESSES]


def _is_near(turn: Turn) -> bool:
    """Whether the words come close to something that we do."""
    return any(name in OFFERS and confidence >= NEAR for name, confidence in turn.ranking)
