"""Coming or not: a shift is confirmed, an offered place taken, or given up with a kind word, by button or in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE
from bot.actions.activity_words import read_ordinal
from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import offer, payload
from bot.actions.changing_words import clearly_all, means_all, read_refused, read_wanted
from bot.actions.stepping_in import answer_ask, find_just_asked
from bot.actions.turn import ACTIVITY_FORM, PASS_ON_FORM, Button, Turn
from bot.actions.unclear import say_unclear
from community.activities.queries import ShiftLine
from community.clock import now
from community.residents.queries import get_profile
from community.signups.models import SignUpState
from community.signups.queries import OwnSignUp, find_own_in, find_own_open, get_own
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.waiting import accept_offer
from community.substitutes.usecases import note_answer

CONFIRM, CANCEL = "confirm_shift", "cancel_signup"
JUST_ASKED = timedelta(hours=48)
MOST = 4
_ILL = re.compile(
    r"病|烧|感冒|住院|医院|扭|崴|伤|疼|痛|不舒服|sick|ill\b|fever|flu|hospital|unwell|hurt|sprain",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"晚到|迟到|晚[一几点十]|堵车|来晚|\blate\b|stuck in traffic|minutes behind", re.IGNORECASE
)
_KEEPS = re.compile(r"不退|不用|不变|留着|算了|\bkeep\b|\bno(?:t|ne|ne of them)?\b", re.IGNORECASE)


async def answer_shift(turn: Turn, session: AsyncSession, wish: str) -> None:
    """One step: which shift, surely so, done."""
    if turn.asked == "leave":
        await _take_sure(turn, session)
    elif "signup" in turn.entities:
        await do(turn, session, wish, await get_own(session, turn.resident_id, UUID(turn.entities["signup"])))
    elif "shift" in turn.entities:
        await _step_back(turn, session, UUID(turn.entities["shift"]))
    elif begun := _begun(turn):
        _ask_sure(turn, await get_own(session, turn.resident_id, begun))
    elif turn.asked is None and (shift_id := await find_just_asked(turn, session)):
        await answer_ask(turn, session, shift_id, comes=wish == CONFIRM)
    else:
        await _find_which(turn, session, wish)


def _begun(turn: Turn) -> UUID | None:
    """The sign-up that another form went over with."""
    errand = turn.slots.get("errand") or {} if turn.asked is None else {}
    return UUID(errand["signup"]) if "signup" in errand else None


def is_asked(own: OwnSignUp) -> bool:
    """Whether Linli waits for an answer about it."""
    just_asked = own.sign_up.asked_at is not None and now() - own.sign_up.asked_at < JUST_ASKED
    return own.is_offered or (just_asked and own.sign_up.state is SignUpState.SIGNED_UP)


async def _step_back(turn: Turn, session: AsyncSession, shift_id: UUID) -> None:
    """Whoever was asked to step in does not, also where they have said yes before."""
    own = (await find_own_in(session, turn.resident_id, [shift_id])).get(shift_id)
    if own is None:
        await answer_ask(turn, session, shift_id, comes=False)
        return
    await note_answer(session, turn.resident_id, shift_id, said=False)
    await do(turn, session, CANCEL, own)


async def _find_which(turn: Turn, session: AsyncSession, wish: str) -> None:
    own = await find_own_open(session, turn.resident_id, now())
    own = [each for each in own if each.is_coming or each.sign_up.state is SignUpState.WAITING]
    if not own:
        if turn.asked is None:
            turn.switch_to(PASS_ON_FORM)
        else:
            turn.end()
            turn.say("own_shifts_none", offer("find_activities"))
        return
    named, is_said = await _named(turn, session, own, wish)
    if _means_all(turn, is_said=is_said):
        for each in named:
            await do(turn, session, wish, each)
    elif len(named) == 1 and (is_said or (wish == CONFIRM and is_said is not None)):
        await do(turn, session, wish, named[0])
    elif len(named) == 1 and wish == CANCEL:
        _ask_sure(turn, named[0])
    elif turn.asked == "which" and (leaves_off(turn, "deny") or leads_elsewhere(turn, ACTIVITY_FORM)):
        _leave_off(turn)
    else:
        await _ask_which(turn, session, wish, named)


async def _named(
    turn: Turn, session: AsyncSession, own: Sequence[OwnSignUp], wished: str
) -> tuple[Sequence[OwnSignUp], bool | None]:
    """Those that the number or the words mean, or the one that Linli asked about; else all, and that none was named.

    None where they name a day on which there is none.
    """
    if listed := _listed(turn, own):
        return listed, True
    profile = await get_profile(session, turn.resident_id)
    read = read_refused if wished == CANCEL else read_wanted
    wish = read(turn.text, now(), profile.community.zone if profile.community else "UTC")
    asked = [each for each in own if is_asked(each)]
    fitting = [each for each in own if wish.fits(ShiftLine(each.shift, each.activity, ()))]
    if wish.is_open or (not fitting and wish.coming is None):  # "孩子发烧" names no kind of activity
        return (asked, True) if len(asked) == 1 else (own, False)
    return (fitting, True) if fitting else (own, None)


def _means_all(turn: Turn, *, is_said: bool | None) -> bool:
    """Whether the answer is for every shift that was named or listed: "都退", "这个周末的都来不了"."""
    text = turn.text
    are_meant = bool(is_said) or turn.asked == "which" or clearly_all(text)
    return are_meant and means_all(text) and not _KEEPS.search(text)


def _listed(turn: Turn, own: Sequence[OwnSignUp]) -> Sequence[OwnSignUp]:
    """The one whose number was said, of those that were listed."""
    listed = (turn.slots.get("errand") or {}).get("listed", ()) if turn.asked == "which" else ()
    nth = read_ordinal(turn.text, len(listed))
    return [] if nth is None else [each for each in own if str(each.sign_up.id) == listed[nth]]


async def _ask_which(turn: Turn, session: AsyncSession, wish: str, own: Sequence[OwnSignUp]) -> None:
    if turn.asked == "which" and not await answered_aside(turn, session):
        say_unclear(turn, "answer_unclear")
    shown = own[:MOST]
    turn.keep(errand={"wish": wish, "listed": [str(each.sign_up.id) for each in shown]})
    buttons = [
        Button(
            "button_own_shift",
            payload(wish, signup=str(each.sign_up.id)),
            {"starts": each.shift.starts_at.isoformat()},
        )
        for each in shown
    ]
    turn.ask("which", "own_shift_which", *buttons, lines=[_values(each) for each in shown])


def keep_leaving(turn: Turn, own: OwnSignUp) -> None:
    """Remember which one is given up, after a yes."""
    turn.keep(errand={"wish": CANCEL, "signup": str(own.sign_up.id)})


def _ask_sure(turn: Turn, own: OwnSignUp) -> None:
    """A place is not given up on a guess."""
    keep_leaving(turn, own)
    turn.ask(
        "leave",
        "own_shift_leave",
        Button("button_leave_it", payload(CANCEL, signup=str(own.sign_up.id))),
        Button("button_keep_it", payload("deny")),
        **_values(own),
    )


async def _take_sure(turn: Turn, session: AsyncSession) -> None:
    errand = turn.slots.get("errand") or {}
    own = await get_own(
        session, turn.resident_id, UUID(turn.entities.get("signup", errand.get("signup", "")))
    )
    if turn.intent in ("affirm", CANCEL):
        await do(turn, session, CANCEL, own)
    elif leaves_off(turn, "deny", CONFIRM):
        turn.end()
        turn.say("own_shift_kept", **_values(own))
    elif not leads_elsewhere(turn, ACTIVITY_FORM):
        if not await answered_aside(turn, session):
            say_unclear(turn, "answer_unclear")
        _ask_sure(turn, own)


def _leave_off(turn: Turn) -> None:
    if turn.next_form is None:
        turn.end()
        turn.say("own_shifts_kept")


async def do(turn: Turn, session: AsyncSession, wish: str, own: OwnSignUp) -> None:
    """Confirm it, or give it up."""
    turn.end()
    if wish == CONFIRM and own.may_take:
        await accept_offer(session, turn.resident_id, own.sign_up.id)
        turn.say("joined", contact=own.activity.contact, page=OWN_PAGE, **_values(own))
    elif wish == CONFIRM and own.sign_up.state is SignUpState.WAITING:
        turn.say("still_waiting", **_values(own), position=own.position)
    elif wish == CONFIRM:
        await confirm_sign_up(session, turn.resident_id, own.sign_up.id)
        if _LATE.search(turn.text):
            turn.say("shift_late", contact=own.activity.contact, **_values(own))
        else:
            turn.say("shift_confirmed", **_values(own))
    else:
        await _leave(turn, session, own)


async def _leave(turn: Turn, session: AsyncSession, own: OwnSignUp) -> None:
    was_waiting = own.sign_up.state is SignUpState.WAITING
    held = await leave_sign_up(session, turn.resident_id, own.sign_up.id)
    ill = bool(_ILL.search(turn.text))
    if was_waiting:
        turn.say("waiting_left", **_values(own))
    elif held.sign_up.state is SignUpState.DECLINED:
        turn.say("shift_declined", ill=ill, **_values(own))
    else:
        turn.say("shift_left", ill=ill, **_values(own))


def _values(own: OwnSignUp) -> dict[str, object]:
    return {
        "title": own.activity.title,
        "starts": own.shift.starts_at.isoformat(),
        "where": own.activity.where,
        "people": own.sign_up.people,
    }
