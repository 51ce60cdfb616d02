"""Having read a notice: by its button, or by words, which are about what was shown last.

A tap under a notice is a receipt in the middle of anything else too, so it is taken before the step of every form.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import menu, payload
from bot.actions.running import Step
from bot.actions.turn import CRISIS_FORM, Button, Turn
from community.clock import now
from community.notices.models import Notice
from community.notices.reading import Reader, find_receipt, find_still_readable, get_readable, reader_of
from community.notices.sending.bubble import short_title
from community.notices.sending.receipts import confirm_receipt
from community.notices.shown import find_awaited, find_shown
from community.residents.queries import get_profile


def receipt_first(step: Step) -> Step:
    """The step, unless the message is the receipt of a notice; a question that was open stays open.

    A tap names the notice, words are a receipt where a notice came after the question.
    """

    async def take(turn: Turn, session: AsyncSession) -> None:
        if turn.form in (None, CRISIS_FORM) or not await _is_receipt(turn, session):
            await step(turn, session)
            return
        await take_receipt(turn, session)
        if turn.asked:
            turn.ask_again()
        else:
            turn.end()

    return take


async def _is_receipt(turn: Turn, session: AsyncSession) -> bool:
    if turn.intent != "ack_notice":
        return False
    return "notice" in turn.entities or bool(await find_shown(session, turn.resident_id, turn.message_id))


async def take_receipt(turn: Turn, session: AsyncSession) -> None:
    """Note that the person has read the notice, and say which; where nothing was shown, ask which may be meant.

    Words are about what was shown and may still be read; where nothing of it may, they hear why.
    """
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        turn.say("what_else", *menu())
        return
    reader = reader_of(profile)
    if "notice" in turn.entities:
        notices: Sequence[Notice] = [
            await get_readable(session, reader, UUID(turn.entities["notice"]), now())
        ]
    else:
        notices = await _find_shown(turn, session, reader)
    if notices:
        await _confirm(turn, session, notices)
    else:
        await _ask_which(turn, session, reader)


async def _find_shown(turn: Turn, session: AsyncSession, reader: Reader) -> Sequence[Notice]:
    ids = await find_shown(session, turn.resident_id, turn.message_id)
    readable = await find_still_readable(session, reader, ids, now())
    if ids and not readable:
        return [await get_readable(session, reader, ids[0], now())]
    return readable


async def _confirm(turn: Turn, session: AsyncSession, notices: Sequence[Notice]) -> None:
    """Confirm all that ask for it; where none does, thanks for reading are enough."""
    noted = []
    for notice in notices:
        receipt = await find_receipt(session, turn.resident_id, notice.id)
        if notice.need_receipt and receipt is not None:
            await confirm_receipt(session, turn.resident_id, notice.id)
            noted.append(notice.title)
    if noted:
        turn.say("receipt_kept", titles=noted)
    else:
        turn.say("receipt_not_needed", title=notices[0].title)


async def _ask_which(turn: Turn, session: AsyncSession, reader: Reader) -> None:
    awaited = await find_awaited(session, reader, now())
    if not awaited:
        turn.say("what_else", *menu())
        return
    label = "button_notice_read" if len(awaited) == 1 else "button_notice"
    buttons = [
        Button(
            label,
            payload("ack_notice", notice=str(notice.id)),
            {"nth": nth, "title": short_title(notice.title)},
        )
        for nth, notice in enumerate(awaited, 1)
    ]
    turn.say("receipt_which", *buttons, titles=[notice.title for notice in awaited])
