"""Which shift a sign-up is for: of a button, a number of the list, or the words; asked where several fit.

Next: `joining_steps.py` asks for what else is missing.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import choose_lines, find_closed, find_lines, say_if_no_such_day
from bot.actions.activity_words import Wish, read_ordinal
from bot.actions.asides import answered_aside, leads_elsewhere
from bot.actions.buttons import offer
from bot.actions.changing_words import agrees, gives_up, read_all, read_among, read_end_of_list, read_wanted
from bot.actions.joining_draft import Draft, shift_values_of, with_words
from bot.actions.joining_steps import ask_which, go_on, interrupted
from bot.actions.report_places import community_buttons
from bot.actions.report_places import take_community as take_community_said
from bot.actions.stepping_in import find_just_asked, step_in
from bot.actions.team_joining import find_team_said
from bot.actions.turn import ACTIVITY_FORM, PASS_ON_FORM, Turn
from community.activities.models import Part
from community.activities.queries import ShiftLine
from community.clock import now
from community.errors import NotFound
from community.facts.month_days import find_missing_day
from community.places.models import Community
from community.places.queries import find_communities
from community.residents.queries import get_profile
from community.signups.queries import find_own_open
from community.substitutes.usecases import note_answer


async def means_joining(turn: Turn, session: AsyncSession) -> bool:
    """Whether "周六的巡逻我去" is about a shift that can be joined, and about none that one is in already."""
    community = (await get_profile(session, turn.resident_id)).community
    if turn.asked is not None or community is None or await find_just_asked(turn, session):
        return False
    wish = read_wanted(turn.text, now(), community.zone)
    own = await find_own_open(session, turn.resident_id, now())
    if wish.is_open:
        return not own and len(turn.slots.get("listed") or ()) == 1 and agrees(turn.text)
    if any(wish.fits(ShiftLine(each.shift, each.activity, ())) for each in own):
        return False
    return choose_lines(await find_lines(session, community), wish)[1]


async def begin(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """A tapped shift or activity, or words; the community is asked for where it is not known."""
    if told := turn.entities.get("shift"):
        await _take_tapped(turn, session, draft, told)
        return
    draft = replace(draft, team=await find_team_said(turn, session))
    community = (await get_profile(session, turn.resident_id)).community
    if community is None:
        turn.keep(errand=asdict(replace(draft, words=turn.text)))
        await _ask_community(turn, session)
    elif told := turn.entities.get("activity"):
        await _choose_date(turn, session, draft, community, UUID(told))
    else:
        await _choose(turn, session, draft, community, turn.text)


async def _take_tapped(turn: Turn, session: AsyncSession, draft: Draft, shift: str) -> None:
    """The shift of a button: of a list, or of the question whether one steps in."""
    part = turn.entities.get("value")
    if part and await note_answer(session, turn.resident_id, UUID(shift), said=True):
        await step_in(turn, session, UUID(shift), Part(part))
    else:
        await go_on(turn, session, replace(draft, shift=shift, part=part, tapped=True))


async def _ask_community(turn: Turn, session: AsyncSession) -> None:
    turn.ask("community", "report_ask_community", *community_buttons(await find_communities(session)))


async def _choose_date(
    turn: Turn, session: AsyncSession, draft: Draft, community: Community, activity_id: UUID
) -> None:
    """Take the one date of the activity that a notice leads to, or ask which."""
    lines = [line for line in await find_lines(session, community) if line.activity.id == activity_id]
    if len(lines) == 1:
        await go_on(turn, session, replace(draft, shift=str(lines[0].shift.id), tapped=True))
    elif lines:
        ask_which(turn, draft, lines, exact=True)
    else:
        turn.end()
        turn.say("join_no_date", offer("find_activities"))


async def _choose(turn: Turn, session: AsyncSession, draft: Draft, community: Community, words: str) -> None:
    """Find the shift that the words mean; where nothing is planned, a person gets the words."""
    read = read_among if turn.asked == "which" else read_wanted
    await _choose_by(turn, session, draft, community, words, read(words, now(), community.zone))


async def _choose_by(
    turn: Turn, session: AsyncSession, draft: Draft, community: Community, words: str, wish: Wish
) -> None:
    lines = await find_lines(session, community)
    draft = with_words(replace(draft, words=""), words)
    if lines and (listed := _listed(turn, words, alone=wish.is_open)):
        await go_on(turn, session, replace(draft, shift=listed[0], then=tuple(listed[1:])))
        return
    chosen, exact = choose_lines(lines, wish)
    is_only = wish.is_open and len(lines) == 1 and not draft.comers
    if len(chosen) == 1 and exact and not is_only:
        await go_on(turn, session, replace(draft, shift=str(chosen[0].shift.id)))
    elif not exact and (closed := await find_closed(session, community, wish)):
        _say_too_late(turn, draft, closed)
    elif lines:
        say_if_no_such_day(turn, words, community)
        ask_which(turn, draft, chosen, exact=exact)
    else:
        turn.switch_to(PASS_ON_FORM)


def _listed(turn: Turn, words: str, *, alone: bool) -> list[str]:
    """The shifts of the last list that words name by where they stand; `alone`: words that name no day and no kind."""
    listed = [str(each) for each in turn.slots.get("listed") or ()]
    if alone and (several := [listed[each] for each in read_all(words, len(listed))]):
        return several
    nth = read_ordinal(words, len(listed))
    nth = read_end_of_list(words, len(listed)) if nth is None and alone else nth
    if nth is not None:
        return [listed[nth]]
    return listed if alone and len(listed) == 1 else []


def _say_too_late(turn: Turn, draft: Draft, line: ShiftLine) -> None:
    """What was meant is about to begin: whoever runs it can still be asked."""
    turn.end()
    turn.say("join_too_late", contact=line.activity.contact, **shift_values_of(line, draft))


async def take_community(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """The answer to which community; the words that waited for it are taken up."""
    community = await take_community_said(turn, session)
    if community is not None:
        await _choose(turn, session, draft, community, draft.words)
    elif not leads_elsewhere(turn, ACTIVITY_FORM):
        await answered_aside(turn, session)
        await _ask_community(turn, session)


async def take_which(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    """The answer to which shift: a button, a number, or other words."""
    if told := turn.entities.get("shift"):
        await go_on(turn, session, replace(draft, shift=told, tapped=not draft.comers))
        return
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        raise NotFound
    wish = read_among(turn.text, now(), profile.community.zone)
    if wish.is_open and gives_up(turn.text):
        turn.end()
        turn.say("join_dropped")
        return
    listed = _listed(turn, turn.text, alone=wish.is_open)
    if listed and (len(turn.slots["listed"]) > 1 or _means_the_one(turn)):
        draft = with_words(draft, turn.text)
        await go_on(turn, session, replace(draft, shift=listed[0], then=tuple(listed[1:])))
        return
    is_aside = turn.is_clearly_aside and turn.intent not in ("find_activities", "greet")
    names_day = not wish.is_open or find_missing_day(turn.text, now(), profile.community.zone) is not None
    if names_day and not is_aside:
        await _choose(turn, session, draft, profile.community, turn.text)
    else:
        await interrupted(turn, session, draft)


def _means_the_one(turn: Turn) -> bool:
    """Whether the words take the only shift that was listed."""
    return turn.intent in ("affirm", "confirm_shift", "join_activity") or agrees(turn.text)
