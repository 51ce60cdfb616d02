"""Linking channels in the chat: a code is asked for in one and typed in the other; letting go; where notices go.

Around the step of every action (registry.py), as a code may be typed in the middle of anything; a question that was
open stays open. Six digits are a link code where such a code is open: the codes of shifts and homes are told from it by
that. In a crisis nothing comes in between.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import choice, menu
from bot.actions.interrupting import interrupted_by
from bot.actions.linking_words import LAST_USED, Code, read_code, read_link, read_unlink, read_where
from bot.actions.running import Step
from bot.actions.turn import Button, Turn
from community.contact.names import CHANNEL_NAMES, name_channel
from community.contact.usecases import is_on, set_preference
from community.errors import Refused
from community.inbox.models import InboundMessage
from community.linking.codes import find_stop, make_code
from community.linking.unlinking import find_others, unlink_address
from community.linking.usecases import Said, Typed, confirm_code, enter_code
from community.outbox.usecases import find_address
from community.residents.models import Address
from community.residents.queries import find_addresses

LINK, WHERE = "link", "channel"
YES, NO = "yes", "no"
MOST_BUTTONS = 3


def link_first(step: Step) -> Step:
    """The step, unless the message is about the person's channels."""
    return interrupted_by(_taken, step)


async def _taken(turn: Turn, session: AsyncSession) -> bool:
    mark, _, rest = turn.entities.get("value", "").partition(":")
    if mark == LINK:
        await _take_button(turn, session, *rest.split(":"))
    elif mark == WHERE:
        await _tell_where(turn, session, rest)
    elif not turn.text:
        return False
    elif code := read_code(turn.text):
        return await _take_code(turn, session, code)
    elif read_link(turn.text) is not None:
        await _show_code(turn, session)
    elif (let_go := read_unlink(turn.text)) is not None:
        await _unlink(turn, session, let_go)
    elif (where := read_where(turn.text)) is not None:
        await _tell_where(turn, session, where)
    else:
        return False
    return True


async def _show_code(turn: Turn, session: AsyncSession) -> None:
    here = await _find_here(turn, session)
    shown = await make_code(session, resident_id=turn.resident_id, address_id=here.id if here else None)
    turn.say("link_code", code=f"{shown.digits[:3]} {shown.digits[3:]}")


async def _take_code(turn: Turn, session: AsyncSession, code: Code) -> bool:
    """Whether the digits are a link code, or are said to be one."""
    here = await _find_here(turn, session)
    if here is None:
        return False
    if stopped := await find_stop(session, turn.resident_id):
        if code.named:
            turn.say(stopped)
        return code.named
    try:
        typed = await enter_code(session, turn.resident_id, here.id, code.digits)
    except Refused as refusal:  # nothing was changed yet, and what is asked here stays open
        turn.say(refusal.message, **refusal.values)
        return True
    if typed.said is Said.UNKNOWN and not code.named:
        return False
    _say(turn, typed, here)
    return True


async def _take_button(turn: Turn, session: AsyncSession, code_id: str, said: str = "") -> None:
    here = await _find_here(turn, session)
    if here is None:
        turn.say("question_is_over", *menu())
        return
    agreed = said == YES
    typed = await confirm_code(session, turn.resident_id, here.id, UUID(code_id), yes=agreed)
    if agreed:
        _say(turn, typed, here)
    else:
        turn.say("link_not_done")


def _say(turn: Turn, typed: Typed, here: Address) -> None:
    if typed.said is Said.ASKED:
        yes, no = (f"{LINK}:{typed.code_id}:{said}" for said in (YES, NO))
        turn.say("link_ask", choice("button_link_yes", yes), choice("button_link_no", no))
    elif typed.said is Said.LINKED:
        channels = [here.channel, typed.channel or here.channel]
        turn.say("link_done", *_where_buttons(channels), channel=name_channel(channels[1]))
    else:
        turn.say({Said.SAME: "link_same", Said.STAFF: "staff_linked"}.get(typed.said, "link_wrong"))


async def _unlink(turn: Turn, session: AsyncSession, channel: str) -> None:
    """Let go of the one other address that is meant; where several could be, or this one, the page has them all."""
    here = await _find_here(turn, session)
    others = await find_others(session, turn.resident_id, here.id) if here else []
    meant = [address for address in others if channel in ("", address.channel)]
    if len(meant) == 1:
        gone = await unlink_address(session, turn.resident_id, meant[0].id)
        turn.say("unlinked", channel=name_channel(gone))
    elif meant or (here is not None and others and channel == here.channel):
        turn.say("unlink_on_page")
    else:
        turn.say("unlink_none", channel=name_channel(channel) if channel else None)


async def _tell_where(turn: Turn, session: AsyncSession, channel: str) -> None:
    """Keep where notices go; ask where that is not said, and say how to link what is not linked yet."""
    if channel == LAST_USED:
        await set_preference(session, turn.resident_id, channel=None)
        turn.say("notices_go_last")
    elif channel and channel not in CHANNEL_NAMES:
        turn.say("question_is_over", *menu())
    elif channel and not await is_on(session, turn.resident_id, channel):
        turn.say("notices_not_there", channel=name_channel(channel))
    elif channel:
        await set_preference(session, turn.resident_id, channel=channel)
        turn.say("notices_go_there", channel=name_channel(channel))
    else:
        own = [address.channel for address in await find_addresses(session, turn.resident_id)]
        turn.say("notices_where", *_where_buttons(own), choice("button_where_last", f"{WHERE}:{LAST_USED}"))


def _where_buttons(channels: list[str]) -> list[Button]:
    names = list(dict.fromkeys(channels))[:MOST_BUTTONS]
    return [choice("button_where", f"{WHERE}:{name}", {"channel": name_channel(name)}) for name in names]


async def _find_here(turn: Turn, session: AsyncSession) -> Address | None:
    """The address at which the message came in."""
    wanted = select(Address).join(InboundMessage, InboundMessage.address_id == Address.id)
    here = await session.scalar(wanted.where(InboundMessage.id == turn.message_id))
    return here or await find_address(session, turn.resident_id)
