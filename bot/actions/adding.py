"""Adding words or photos to a need that was reported: which one is asked only where there are several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import offer
from bot.actions.own_needs import buttons_for, facts, find_open_needs, pick
from bot.actions.turn import Turn
from bot.actions.unclear import say_unclear
from community.needs.lines import NeedLine
from community.needs.usecases.residents import add_to_need

_ONLY_A_WISH = re.compile(
    r"(?:我|想|要|再|给|帮|请|麻烦|补充|说明|加|一点|一句|一下|点|些|几句|刚才|之前|上次|昨天|报|的|那个|这个|事|诉求|内容|"
    r"情况|张?照片|吧|了|啊|"
    r"i|to|a|an|the|want|would|like|'d|add|something|more|photo|my|report|request|please|it|update|\W)+",
    re.IGNORECASE,
)


_STARTS_LIKE_AN_ADDITION = re.compile(
    r"(?:刚才)?忘(?:了|记)(?:说|讲|提)|(?:再)?补充|对了|(?:also,? )?(?:i )?forgot to|one more (?:thing|detail)",
    re.IGNORECASE,
)


def starts_like_an_addition(words: str) -> bool:
    """Whether words that tell of a need begin as if they belonged to one that was told before."""
    return _STARTS_LIKE_AN_ADDITION.match(words) is not None


async def add(turn: Turn, session: AsyncSession) -> None:
    """One step: which need, what to add, added."""
    if turn.asked and leaves_off(turn):
        turn.end()
        turn.say("nothing_added")
    elif turn.asked != "which" or not leads_elsewhere(turn, "add_form"):
        lines = await find_open_needs(turn, session)
        await (_go_on if lines else _without_needs)(turn, session, lines)


async def _without_needs(turn: Turn, _: AsyncSession, __: Sequence[NeedLine]) -> None:
    """What sounds like an addition is a report where there is nothing to add to."""
    if _words(turn):
        turn.switch_to("report_form")
        return
    turn.end()
    turn.say("needs_none", offer("report_need"))


async def _go_on(turn: Turn, session: AsyncSession, lines: Sequence[NeedLine]) -> None:
    line, words = pick(turn, lines), _words(turn)
    if turn.asked == "addition" and await answered_aside(turn, session):
        turn.ask_again()
    elif line is None:
        await _ask_which(turn, session, lines)
    elif not words and not turn.files:
        turn.keep(need=str(line.need.id))
        turn.ask("addition", "need_ask_addition", **facts(line.need))
    else:
        await _add(turn, session, line, words)


def _words(turn: Turn) -> str:
    """What is to be added: said now, or with the wish to add."""
    if turn.asked == "addition":
        return turn.text
    if turn.asked == "which":
        return str(turn.slots.get("words") or "")
    return "" if _ONLY_A_WISH.fullmatch(turn.text) else turn.text


async def _ask_which(turn: Turn, session: AsyncSession, lines: Sequence[NeedLine]) -> None:
    """Ask; again after a question in between, or after an answer that names none of the needs."""
    if turn.asked is None:
        turn.keep(words=_words(turn))
    elif not await answered_aside(turn, session):
        say_unclear(turn, "which_unclear")
    turn.ask("which", "need_which", *buttons_for(lines))


async def _add(turn: Turn, session: AsyncSession, line: NeedLine, words: str) -> None:
    need = await add_to_need(
        session,
        turn.resident_id,
        line.need.id,
        words,
        file_ids=turn.files,
        message_id=turn.message_id,
    )
    turn.end()
    turn.say("need_added", **facts(need), party=line.party.name if line.party else None)
