"""Signing up in the chat: which shift, as what, with whom, old enough, read back, done; asked only where missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import choose_lines, find_lines, tell_lines
from bot.actions.activity_words import (
    read_ages,
    read_comers,
    read_old_enough,
    read_ordinal,
    read_part,
    read_wish,
)
from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import choice, offer, payload
from bot.actions.joining_draft import Draft, shift_values_of, with_words
from bot.actions.report_places import community_buttons, take_community
from bot.actions.team_joining import ask_team_sure, find_team_said, sign_up_team
from bot.actions.turn import ACTIVITY_FORM, PASS_ON_FORM, Button, Turn
from bot.actions.unclear import say_unclear
from community.activities.models import Part
from community.activities.queries import ShiftLine, get_shift_line
from community.clock import now
from community.errors import NotFound, WrongState
from community.places.models import Community
from community.places.queries import find_communities
from community.residents.queries import get_profile
from community.signups.models import SignUpState
from community.signups.queries import find_position
from community.signups.usecases.joining import join_shift
from community.substitutes.usecases import note_answer


async def join(turn: Turn, session: AsyncSession) -> None:
    """One step of a sign-up."""
    draft = Draft.of(turn)
    if turn.entities.get("draft", draft.id) != draft.id:
        turn.say("question_is_over")
        await _go_on(turn, session, draft)
    elif (turn.asked and leaves_off(turn)) or (
        turn.asked in ("confirm", "which") and leaves_off(turn, "deny", "cancel_signup")
    ):
        turn.end()
        turn.say("join_dropped")
    elif turn.asked is None:
        await _begin(turn, session, draft)
    else:
        await _take_answer(turn, session, draft)


async def _begin(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    if told := turn.entities.get("shift"):
        part = turn.entities.get("value")
        if part and await note_answer(session, turn.resident_id, UUID(told), said=True):
            await _step_in(turn, session, UUID(told), Part(part))
            return
        await _go_on(turn, session, replace(draft, shift=told, part=part, tapped=True))
        return
    draft = replace(draft, team=await find_team_said(turn, session))
    community = (await get_profile(session, turn.resident_id)).community
    if community is None:
        turn.keep(errand=asdict(replace(draft, words=turn.text)))
        turn.ask("community", "report_ask_community", *community_buttons(await find_communities(session)))
        return
    if told := turn.entities.get("activity"):
        await _choose_date(turn, session, draft, community, UUID(told))
    else:
        await _choose(turn, session, draft, community, turn.text)


async def _choose_date(
    turn: Turn, session: AsyncSession, draft: Draft, community: Community, activity_id: UUID
) -> None:
    """Take the one date of the activity that a notice leads to, or ask which."""
    lines = [line for line in await find_lines(session, community) if line.activity.id == activity_id]
    if len(lines) == 1:
        await _go_on(turn, session, replace(draft, shift=str(lines[0].shift.id), tapped=True))
    elif lines:
        _ask_which(turn, draft, lines, exact=True)
    else:
        turn.end()
        turn.say("join_no_date", offer("find_activities"))


async def _choose(turn: Turn, session: AsyncSession, draft: Draft, community: Community, words: str) -> None:
    """Find the shift that the words mean; where nothing is planned, a person gets the words."""
    lines = await find_lines(session, community)
    if not lines:
        turn.switch_to(PASS_ON_FORM)
        return
    draft = with_words(replace(draft, words=""), words)
    listed = [str(each) for each in turn.slots.get("listed") or ()]
    nth = read_ordinal(words, len(listed))
    wish = read_wish(words, now(), community.zone)
    if nth is not None:
        await _go_on(turn, session, replace(draft, shift=listed[nth]))
    elif wish.is_open and len(listed) == 1:
        await _go_on(turn, session, replace(draft, shift=listed[0]))
    else:
        chosen, exact = choose_lines(lines, wish)
        if len(chosen) == 1 and exact and not (wish.is_open and len(lines) == 1 and not draft.comers):
            await _go_on(turn, session, replace(draft, shift=str(chosen[0].shift.id)))
        else:
            _ask_which(turn, draft, chosen, exact=exact)


def _ask_which(turn: Turn, draft: Draft, lines: Sequence[ShiftLine], *, exact: bool) -> None:
    turn.keep(errand=asdict(draft))
    tell_lines(turn, lines, exact=exact)
    turn.keep(requested_slot="which", asked_at=now().isoformat())


async def _take_answer(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    if turn.asked == "community":
        await _take_community(turn, session, draft)
    elif turn.asked == "which":
        await _take_which(turn, session, draft)
    elif turn.asked == "part":
        await _take_part(turn, session, draft)
    elif turn.asked == "age":
        await _take_age(turn, session, draft)
    elif turn.intent in ("affirm", "ack_notice", "confirm_shift"):
        await _sign_up(turn, session, draft)
    elif turn.text and (comers := read_comers(turn.text)):
        await _go_on(turn, session, replace(draft, comers=tuple(comers)))
    else:
        await _interrupted(turn, session, draft)


async def _take_community(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    community = await take_community(turn, session)
    if community is not None:
        await _choose(turn, session, draft, community, draft.words)
    elif not leads_elsewhere(turn, ACTIVITY_FORM):
        await answered_aside(turn, session)
        turn.ask("community", "report_ask_community", *community_buttons(await find_communities(session)))


async def _take_which(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    if told := turn.entities.get("shift"):
        await _go_on(turn, session, replace(draft, shift=told, tapped=not draft.comers))
        return
    listed = [str(each) for each in turn.slots.get("listed") or ()]
    nth = read_ordinal(turn.text, len(listed))
    if nth is not None:
        await _go_on(turn, session, replace(with_words(draft, turn.text), shift=listed[nth]))
        return
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        raise NotFound
    wish = read_wish(turn.text, now(), profile.community.zone)
    is_aside = turn.is_clearly_aside and turn.intent != "find_activities"
    if not wish.is_open and not is_aside:
        await _choose(turn, session, draft, profile.community, turn.text)
    else:
        await _interrupted(turn, session, draft)


async def _take_part(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    told = turn.entities.get("value")
    part = Part(told) if told in set(Part) else read_part(turn.text)
    if part is not None:
        await _go_on(turn, session, replace(draft, part=part.value))
    else:
        await _interrupted(turn, session, draft)


async def _take_age(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    line = await _get_line(turn, session, draft)
    is_grown = read_old_enough(turn.text, line.activity.minimum_age or 0)
    if turn.intent == "deny" or is_grown is False:
        turn.say("join_child_stays", age=line.activity.minimum_age, title=line.activity.title)
        await _go_on(turn, session, draft.alone())
    elif is_grown or (turn.intent == "affirm" and not read_ages(turn.text)):
        await _go_on(turn, session, draft.grown())
    else:
        await _interrupted(turn, session, draft)


async def _interrupted(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """Something else came in between: it is answered, and the question asked again."""
    if leads_elsewhere(turn, ACTIVITY_FORM):
        return
    if not await answered_aside(turn, session):
        say_unclear(turn, "answer_unclear")
    await _go_on(turn, session, draft)


async def _go_on(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """Ask for what is missing; read back where nothing is; what was tapped with nobody along needs no reading back."""
    turn.keep(errand=asdict(draft))
    if draft.shift is None:
        profile = await get_profile(session, turn.resident_id)
        if profile.community is None:
            raise NotFound
        lines = await find_lines(session, profile.community)
        _ask_which(turn, draft, lines, exact=True)
        return
    line = await _get_line(turn, session, draft)
    parts = line.parts
    if draft.team is not None:
        await ask_team_sure(turn, session, draft, line)
    elif draft.part is None and len(parts) > 1:
        turn.ask(
            "part",
            "join_ask_part",
            choice("button_take_part", Part.PARTICIPANT.value),
            choice("button_volunteer", Part.VOLUNTEER.value),
            title=line.activity.title,
        )
    elif line.activity.minimum_age and draft.has_young:
        turn.ask(
            "age",
            "join_ask_age",
            Button("button_old_enough", payload("affirm", draft=draft.id)),
            Button("button_too_young", payload("deny", draft=draft.id)),
            age=line.activity.minimum_age,
            **shift_values_of(line, draft),
        )
    elif draft.tapped and not draft.comers:
        await _sign_up(turn, session, draft)
    else:
        turn.ask(
            "confirm",
            "join_read_back",
            Button("button_join_yes", payload("affirm", draft=draft.id)),
            Button("button_not_now", payload("deny", draft=draft.id)),
            **shift_values_of(line, draft),
        )


async def _sign_up(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    line = await _get_line(turn, session, draft)
    if draft.team is not None:
        await sign_up_team(turn, session, draft, line)
        return
    part = Part(draft.part) if draft.part in line.parts else line.parts[0]
    turn.end()
    held = await join_shift(
        session, turn.resident_id, line.shift.id, part, draft.comers, message_id=turn.message_id
    )
    turn.keep(listed=None)
    if held.sign_up.state is SignUpState.WAITING:
        position = await find_position(session, held.sign_up)
        turn.say("join_waits", position=position, **shift_values_of(line, draft))
    else:
        turn.say("joined", contact=line.activity.contact, **shift_values_of(line, draft))


async def _step_in(turn: Turn, session: AsyncSession, shift_id: UUID, part: Part) -> None:
    """Whoever was asked to step in does so, unless somebody else did first."""
    turn.end()
    held = await join_shift(
        session, turn.resident_id, shift_id, part, only_if_free=True, message_id=turn.message_id
    )
    turn.say("stepped_in", **held.values)


async def _get_line(turn: Turn, session: AsyncSession, draft: Draft) -> ShiftLine:
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None or draft.shift is None:
        raise NotFound
    line = await get_shift_line(session, profile.community.id, UUID(draft.shift))
    if not line.parts:
        raise WrongState
    return line
