"""Swapping shifts in the chat: which own shift, for which other one; and the answer of whoever is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_words import Wish, read_ordinal, read_wish
from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import choice, payload
from bot.actions.changing_words import agrees
from bot.actions.turn import ACTIVITY_FORM, Button, Turn
from bot.actions.unclear import say_unclear
from community.activities.models import Activity, Part, Shift
from community.activities.queries import ShiftLine
from community.clock import now
from community.errors import Refused, WrongState
from community.facts.coming import find_coming
from community.residents.queries import get_profile
from community.signups.queries import OwnSignUp, find_own_open, get_own
from community.swaps.agreeing import agree_swap
from community.swaps.candidates import find_swappable
from community.swaps.rounds import swap_values
from community.swaps.usecases import ask_swap, refuse_swap

SWAP = "swap"
AHEAD, MOST = timedelta(days=60), 4
MINE, OTHER = "swap_mine", "swap_other"
_SWAP = re.compile(
    r"换班|调班|[换调]个班|[换調调]一?下(?:班|时间|班次)|[跟和同与].{0,8}[换调]|[换调]到|调换|对调|换成"
    r"|\bswap|\btrade (?:my )?shifts?|\bswitch (?:my )?shifts?|\bmove to .{0,20}shift",
    re.IGNORECASE,
)
_NOT_SWAP = re.compile(r"换人|换手机|换号")


def wants_swap(turn: Turn) -> bool:
    """Whether somebody who cannot come would rather come another time."""
    return bool(_SWAP.search(turn.text)) and not _NOT_SWAP.search(turn.text)


async def swap(turn: Turn, session: AsyncSession) -> None:
    """One step: an answer to somebody's question, or what is missing to ask."""
    if told := turn.entities.get("swap"):
        await take_answer(turn, session, UUID(told), agrees=turn.intent == "confirm_shift")
    elif turn.asked and (leaves_off(turn, "deny") or leads_elsewhere(turn, ACTIVITY_FORM)):
        _leave_off(turn)
    elif turn.asked == OTHER:
        await _take_other(turn, session)
    else:
        await _find_mine(turn, session)


async def take_answer(turn: Turn, session: AsyncSession, swap_id: UUID, *, agrees: bool) -> None:
    """Whoever was asked agrees, and has the other shift at once, or keeps their own."""
    turn.end()
    if agrees:
        turn.say("swap_done", **await agree_swap(session, turn.resident_id, swap_id))
    else:
        await _refuse(turn, session, swap_id)


async def _refuse(turn: Turn, session: AsyncSession, swap_id: UUID) -> None:
    """The own shift stays; who has agreed before hears where they go now, and can give that place up."""
    try:
        kept = await refuse_swap(session, turn.resident_id, swap_id)
    except WrongState as refusal:
        if refusal.message != "swap_agreed":
            raise
        leave = Button("button_leave_it", payload("cancel_signup", signup=str(refusal.values["signup"])))
        turn.say(refusal.message, leave, **refusal.values)
        return
    turn.say("swap_refused", starts=kept.starts_at.isoformat())


async def _find_mine(turn: Turn, session: AsyncSession) -> None:
    own = [
        each
        for each in await find_own_open(session, turn.resident_id, now())
        if each.is_coming and each.places.part is Part.VOLUNTEER
    ]
    tapped = [each for each in own if str(each.sign_up.id) == turn.entities.get("value")]
    named = tapped or await _named(turn, session, own)
    if not own:
        turn.end()
        turn.say("own_shifts_none")
    elif len(named) == 1:
        await _ask_other(turn, session, named[0])
    else:
        _ask_mine(turn, named[:MOST])


async def _named(turn: Turn, session: AsyncSession, own: Sequence[OwnSignUp]) -> Sequence[OwnSignUp]:
    """Those of one's own shifts that the number or the words mean; all where they say nothing of it."""
    listed = (turn.slots.get("errand") or {}).get("listed", ())
    nth = read_ordinal(turn.text, len(listed)) if turn.asked == MINE else None
    if nth is not None:
        return [each for each in own if str(each.sign_up.id) == listed[nth]] or own
    wish = await _wish(turn, session, _SWAP.split(turn.text)[0] or turn.text)
    if wish.is_open:
        return own
    return [each for each in own if wish.fits(ShiftLine(each.shift, each.activity, ()))] or own


def _ask_mine(turn: Turn, own: Sequence[OwnSignUp]) -> None:
    turn.keep(errand={"wish": SWAP, "listed": [str(each.sign_up.id) for each in own]})
    buttons = [_button(str(each.sign_up.id), each.shift) for each in own]
    lines = [{"title": each.activity.title, "starts": each.shift.starts_at.isoformat()} for each in own]
    turn.ask(MINE, "own_shift_which", *buttons, lines=lines)


async def _ask_other(turn: Turn, session: AsyncSession, own: OwnSignUp) -> None:
    found = await _find_others(session, own)
    if not found:
        turn.end()
        turn.say(
            "swap_nobody",
            Button("button_find_substitute", payload("cancel_signup", signup=str(own.sign_up.id))),
            **_gives(own),
        )
        return
    if turn.asked != OTHER and (chosen := await _named_with_wish(turn, session, found)):
        await _ask_them(turn, session, own, chosen)
        return
    listed = [str(shift.id) for shift, _ in found]
    turn.keep(errand={"wish": SWAP, "mine": str(own.sign_up.id), "listed": listed})
    turn.ask(OTHER, "swap_which", *[_button(str(shift.id), shift) for shift, _ in found], **_gives(own))


async def _take_other(turn: Turn, session: AsyncSession) -> None:
    errand = turn.slots.get("errand") or {}
    own = await get_own(session, turn.resident_id, UUID(errand["mine"]))
    chosen = await _chosen(turn, session, errand["listed"], own)
    if chosen is None:
        if not await answered_aside(turn, session):
            say_unclear(turn, "answer_unclear")
        await _ask_other(turn, session, own)
        return
    await _ask_them(turn, session, own, chosen)


async def _named_with_wish(
    turn: Turn, session: AsyncSession, found: Sequence[tuple[Shift, Activity]]
) -> tuple[Shift, Activity] | None:
    """The shift that the wish to swap names: "换到周一那场"."""
    match = _SWAP.search(turn.text)
    community = (await get_profile(session, turn.resident_id)).community
    if match is None or community is None:
        return None
    for coming in find_coming(turn.text[match.start() :], now(), community.zone):
        wish = Wish(coming, frozenset())
        fitting = [each for each in found if wish.fits_time(ShiftLine(*each, ()))]
        if len(fitting) == 1:
            return fitting[0]
    return None


async def _ask_them(
    turn: Turn, session: AsyncSession, own: OwnSignUp, chosen: tuple[Shift, Activity]
) -> None:
    shift, activity = chosen
    turn.end()
    try:
        await ask_swap(session, turn.resident_id, own.sign_up.id, shift.id, message_id=turn.message_id)
    except Refused as refusal:
        if refusal.message != "swap_has_places":
            raise
        joins = Button("button_join_it", payload("join_activity", shift=str(shift.id)))
        turn.say(refusal.message, joins, **refusal.values)
        return
    turn.say("swap_asked", **swap_values(activity, shift, own.activity, own.shift))


async def _chosen(
    turn: Turn, session: AsyncSession, listed: Sequence[str], own: OwnSignUp
) -> tuple[Shift, Activity] | None:
    """The shift that was tapped, numbered, or named by its day."""
    found = {str(shift.id): (shift, activity) for shift, activity in await _find_others(session, own)}
    nth = read_ordinal(turn.text, len(listed))
    told = turn.entities.get("value") or (listed[nth] if nth is not None else "")
    if told in found:
        return found[told]
    if len(found) == 1 and (turn.intent in ("affirm", "confirm_shift") or agrees(turn.text)):
        return next(iter(found.values()))
    wish = await _wish(turn, session, turn.text)
    fitting = [each for each in found.values() if wish.coming and wish.fits_time(ShiftLine(*each, ()))]
    return fitting[0] if len(fitting) == 1 else None


async def _find_others(session: AsyncSession, own: OwnSignUp) -> Sequence[tuple[Shift, Activity]]:
    at = now()
    return await find_swappable(session, own.sign_up, own.activity, at, at + AHEAD, MOST)


async def _wish(turn: Turn, session: AsyncSession, words: str) -> Wish:
    profile = await get_profile(session, turn.resident_id)
    return read_wish(words, now(), profile.community.zone if profile.community else "UTC")


def _button(value: str, shift: Shift) -> Button:
    return choice("button_own_shift", value, {"starts": shift.starts_at.isoformat()})


def _gives(own: OwnSignUp) -> dict[str, object]:
    return {"gives": own.shift.starts_at.isoformat(), "gives_title": own.activity.title}


def _leave_off(turn: Turn) -> None:
    if turn.next_form is None:
        turn.end()
        turn.say("own_shifts_kept")
