"""A consent in the chat: the answer to the question, taking a consent back, and who looked at what was confided.

Around the step of every action (registry.py), so that it is taken whatever else is asked; a question that was open
stays open. Taking back is as easy as giving: the words "撤回同意" are enough. In a crisis nothing comes in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import menu
from bot.actions.interrupting import interrupted_by
from bot.actions.running import Step
from bot.actions.turn import Button, Turn
from community.consents.models import Consent, ConsentState
from community.consents.queries import find_given, find_open_question, get_own_consent
from community.consents.telling import (
    MARK,
    NO,
    STOP,
    WHAT,
    YES,
    consent_buttons,
    consent_payload,
    consent_values,
)
from community.consents.usecases import answer_consent, withdraw_consent
from community.errors import WrongState
from community.needs.views import find_all_looks, has_confided
from community.parties.models import Party

MOST_SHOWN, MOST_BUTTONS = 3, 4
_TAKE_BACK = re.compile(
    r"(?:撤回|收回|撤销|取消)(?:我的?|之前的?|那个|对.{1,8}的)*(?:同意|授权)|不同意(?:给|让)他们看了|"
    r"(?:withdraw|revoke|take back|cancel) (?:my |the )?consent",
    re.IGNORECASE,
)
_WHO_LOOKED = re.compile(
    r"(?:谁|哪些人|什么人)(?:都|在|有)?(?:看过|看了|查过|查看过|打开过|偷看过?)(?:了)?我|"
    r"我的(?:事|情况|资料|信息|诉求).{0,4}(?:谁|哪些人|什么人)(?:都)?(?:看|查)(?:过|了)|"
    r"who(?:'s| has| have)? (?:looked at|seen|viewed|read|opened) my",
    re.IGNORECASE,
)


def consent_first(step: Step) -> Step:
    """The step, unless the message is about a consent or about who looked."""
    return interrupted_by(_taken, step)


async def _taken(turn: Turn, session: AsyncSession) -> bool:
    mark, _, rest = turn.entities.get("value", "").partition(":")
    if mark == MARK:
        await _take_button(turn, session, *rest.split(":"))
    elif turn.text and _TAKE_BACK.search(turn.text):
        await _take_back(turn, session)
    elif turn.text and _WHO_LOOKED.search(turn.text):
        await _tell_looks(turn, session)
    else:
        return await _is_answer(turn, session)
    return True


async def _take_button(turn: Turn, session: AsyncSession, consent_id: str, said: str = "") -> None:
    consent = await get_own_consent(session, turn.resident_id, UUID(consent_id))
    try:
        if said in (YES, NO):
            await _answer(turn, session, consent, agree=said == YES)
        elif said == STOP:
            await _withdraw(turn, session, consent)
        elif said == WHAT and consent.state is ConsentState.ASKED:
            await _explain(turn, session, consent)
        else:
            turn.say("consent_is_over", *menu())
    except WrongState:
        turn.say("consent_is_over", *menu())


async def _is_answer(turn: Turn, session: AsyncSession) -> bool:
    """A plain yes or no right after the question, where nothing else is asked."""
    if (turn.form is not None and turn.asked) or turn.intent not in ("affirm", "deny") or not turn.text:
        return False
    consent = await find_open_question(session, turn.resident_id, turn.message_id)
    if consent is None:
        return False
    await _answer(turn, session, consent, agree=turn.intent == "affirm")
    return True


async def _answer(turn: Turn, session: AsyncSession, consent: Consent, *, agree: bool) -> None:
    await answer_consent(session, turn.resident_id, consent.id, agree=agree, message_id=turn.message_id)
    await _say(turn, session, "consent_given" if agree else "consent_refused", consent)


async def _withdraw(turn: Turn, session: AsyncSession, consent: Consent) -> None:
    await withdraw_consent(session, turn.resident_id, consent.id)
    await _say(turn, session, "consent_withdrawn", consent)


async def _explain(turn: Turn, session: AsyncSession, consent: Consent) -> None:
    yes, no, _ = consent_buttons(consent.id)
    buttons = [Button(str(button["label"]), str(button["payload"])) for button in (yes, no)]
    await _say(turn, session, "consent_what", consent, *buttons)


async def _take_back(turn: Turn, session: AsyncSession) -> None:
    """The only one is taken back at once; of several the person chooses."""
    given = await find_given(session, turn.resident_id)
    if not given:
        turn.say("consent_none")
    elif len(given) == 1:
        await _withdraw(turn, session, given[0][0])
    else:
        turn.say("consent_choose", *_choices(given))


def _choices(given: Sequence[tuple[Consent, Party]]) -> list[Button]:
    return [
        Button("button_consent_stop", consent_payload(consent.id, STOP), {"party": party.name})
        for consent, party in given[:MOST_BUTTONS]
    ]


async def _tell_looks(turn: Turn, session: AsyncSession) -> None:
    looks = await find_all_looks(session, turn.resident_id)
    if looks:
        shown = [
            {"name": look.name, "party": dict(look.party), "at": look.at.isoformat()}
            for look in looks[:MOST_SHOWN]
        ]
        turn.say("looked_at", looks=shown, more=len(looks) - len(shown))
    elif await has_confided(session, turn.resident_id):
        turn.say("looked_nobody")
    else:
        turn.say("looked_not_confided")


async def _say(turn: Turn, session: AsyncSession, message: str, consent: Consent, *buttons: Button) -> None:
    party = await session.get_one(Party, consent.party_id)
    turn.say(message, *buttons, **consent_values(consent, party))
