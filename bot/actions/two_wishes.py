"""Coming to one shift and not to another in one message: "周六的巡逻我去，周日的来不了"."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_words import Wish, read_wish
from bot.actions.changing_words import split_wishes
from bot.actions.coming import CANCEL, CONFIRM, do
from bot.actions.joining_draft import JOIN
from bot.actions.swapping import wants_swap
from bot.actions.turn import Turn
from community.activities.queries import ShiftLine
from community.clock import now
from community.residents.queries import get_profile
from community.signups.queries import OwnSignUp, find_own_open

_GIVES_UP = re.compile(
    r"[来去到赶]不(?:了|成)|不(?:能|想|再)?(?:来|去|参加)|退|取消"
    r"|(?:can'?t|cannot|can not|won'?t)(?: be able to)? (?:make|come|do|be|go|join)|not (?:coming|going)|cancel",
    re.IGNORECASE,
)
"""Surely not coming: "周六要上班" alone gives up no place."""


async def give_up_first(turn: Turn, session: AsyncSession) -> None:
    """Give up the shift that one cannot come to, and leave the other wish in the words; nothing where there is one."""
    if turn.asked or not turn.text or turn.intent not in (JOIN, CONFIRM, CANCEL) or wants_swap(turn):
        return
    comes, cannot = split_wishes(turn.text)
    community = (await get_profile(session, turn.resident_id)).community
    if community is None or not comes or not _GIVES_UP.search(cannot):
        return
    wanted, refused = (read_wish(clauses, now(), community.zone) for clauses in (comes, cannot))
    if wanted.coming is None or refused.coming is None:
        return
    own = [each for each in await find_own_open(session, turn.resident_id, now()) if _is(each, refused)]
    left = [each for each in own if not _is(each, wanted)]
    if len(left) > 1:
        return
    for each in left:
        await do(turn, session, CANCEL, each)
    turn.text, turn.intent = comes, CONFIRM


def _is(own: OwnSignUp, wish: Wish) -> bool:
    return wish.fits(ShiftLine(own.shift, own.activity, ()))
