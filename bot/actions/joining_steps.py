"""The end of a sign-up in the chat: ask for what is missing, read back, give the place or a number on the list.

Before: `joining_choice.py` finds the shift, `joining.py` reads answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE, find_lines, tell_lines
from bot.actions.activity_words import read_old_enough, tells_age
from bot.actions.asides import answered_aside, leads_elsewhere
from bot.actions.buttons import choice, payload
from bot.actions.joining_draft import Draft, shift_values_of
from bot.actions.joining_questions import asks_about_shift, tell_about_shift
from bot.actions.team_joining import ask_team_sure, sign_up_team
from bot.actions.turn import ACTIVITY_FORM, Button, Turn
from bot.actions.unclear import say_unclear
from community.activities.models import Part
from community.activities.queries import ShiftLine, get_shift_line
from community.clock import now
from community.errors import NotFound, WrongState
from community.residents.queries import get_profile
from community.signups.models import SignUpState
from community.signups.queries import find_position
from community.signups.usecases.joining import join_shift


async def go_on(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """Ask for what is missing; read back where nothing is; what was tapped with nobody along needs no reading back."""
    turn.keep(errand=asdict(draft))
    if draft.shift is None:
        profile = await get_profile(session, turn.resident_id)
        if profile.community is None:
            raise NotFound
        ask_which(turn, draft, await find_lines(session, profile.community), exact=True)
        return
    line = await get_line(turn, session, draft)
    if draft.team is not None:
        await ask_team_sure(turn, session, draft, line)
    elif draft.part is None and len(line.parts) > 1:
        _ask_part(turn, line)
    elif line.activity.minimum_age and draft.has_young:
        await _settle_age(turn, session, draft, line)
    elif draft.tapped and not draft.comers:
        await sign_up(turn, session, draft)
    else:
        _ask_sure(turn, draft, line)


def ask_which(turn: Turn, draft: Draft, lines: Sequence[ShiftLine], *, exact: bool) -> None:
    """List shifts to choose from."""
    turn.keep(errand=asdict(draft))
    tell_lines(turn, lines, exact=exact)
    turn.keep(requested_slot="which", asked_at=now().isoformat())


def _ask_part(turn: Turn, line: ShiftLine) -> None:
    turn.ask(
        "part",
        "join_ask_part",
        choice("button_take_part", Part.PARTICIPANT.value),
        choice("button_volunteer", Part.VOLUNTEER.value),
        title=line.activity.title,
    )


async def _settle_age(turn: Turn, session: AsyncSession, draft: Draft, line: ShiftLine) -> None:
    """Take the age that came with the wish ("我家娃6岁"), else ask."""
    said = turn.asked != "age" and tells_age(turn.text)
    is_grown = read_old_enough(turn.text, line.activity.minimum_age or 0) if said else None
    if is_grown is None:
        _ask_age(turn, draft, line)
    else:
        await take_age(turn, session, draft, line, is_grown=is_grown)


async def take_age(
    turn: Turn, session: AsyncSession, draft: Draft, line: ShiftLine, *, is_grown: bool
) -> None:
    """Go on with the children, or without them."""
    if is_grown:
        await go_on(turn, session, draft.grown())
    else:
        turn.say("join_child_stays", age=line.activity.minimum_age, title=line.activity.title)
        await go_on(turn, session, draft.alone())


def _ask_age(turn: Turn, draft: Draft, line: ShiftLine) -> None:
    turn.ask(
        "age",
        "join_ask_age",
        Button("button_old_enough", payload("affirm", draft=draft.id)),
        Button("button_too_young", payload("deny", draft=draft.id)),
        age=line.activity.minimum_age,
        **shift_values_of(line, draft),
    )


def _ask_sure(turn: Turn, draft: Draft, line: ShiftLine) -> None:
    turn.ask(
        "confirm",
        "join_read_back",
        Button("button_join_yes", payload("affirm", draft=draft.id)),
        Button("button_not_now", payload("deny", draft=draft.id)),
        **shift_values_of(line, draft),
    )


async def sign_up(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """A place, or a number on the waiting list; for everybody of the team where its leader signs up."""
    line = await get_line(turn, session, draft)
    if draft.team is not None:
        await sign_up_team(turn, session, draft, line)
        return
    part = Part(draft.part) if draft.part in line.parts else line.parts[0]
    turn.end()
    held = await join_shift(
        session, turn.resident_id, line.shift.id, part, draft.comers, message_id=turn.message_id
    )
    turn.keep(listed=None)
    values = {"page": OWN_PAGE, **shift_values_of(line, draft)}
    if held.sign_up.state is SignUpState.WAITING:
        turn.say("join_waits", position=await find_position(session, held.sign_up), **values)
    else:
        turn.say("joined", contact=line.activity.contact, **values)
    if draft.then:
        await go_on(turn, session, draft.next(turn))


async def interrupted(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """Something else came in between: it is answered, and the question asked again."""
    if leads_elsewhere(turn, ACTIVITY_FORM):
        return
    if draft.shift is not None and asks_about_shift(turn.text):
        tell_about_shift(turn, await get_line(turn, session, draft))
    elif not await answered_aside(turn, session):
        say_unclear(turn, "answer_unclear")
    await go_on(turn, session, draft)


async def get_line(turn: Turn, session: AsyncSession, draft: Draft) -> ShiftLine:
    """The shift of a draft. Raises NotFound, WrongState where it cannot be joined any more."""
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None or draft.shift is None:
        raise NotFound
    line = await get_shift_line(session, profile.community.id, UUID(draft.shift))
    if not line.parts:
        raise WrongState
    return line
