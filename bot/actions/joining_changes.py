"""Another mind in the middle of joining: another shift, others along, none at all; whatever question is open."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import choose_lines, find_lines
from bot.actions.activity_words import (
    Wish,
    asks_only_when,
    read_ages,
    read_comers,
    read_word_ordinal,
)
from bot.actions.changing_words import (
    change_comers,
    gives_up,
    read_among,
    read_end_of_list,
    wants_another,
)
from bot.actions.joining_draft import Draft, with_words
from bot.actions.joining_steps import ask_which, get_line, go_on
from bot.actions.turn import Turn
from community.activities.queries import ShiftLine
from community.clock import now
from community.places.models import Community
from community.residents.queries import get_profile

_LONGEST, _SHORT, _SHORT_EN = 60, 10, 24
"""More than so many characters tell something, they do not choose; so few hardly do anything else."""
_CHOOSES = re.compile(
    r"换|改|还是|不是|那[场个]|这[场个]|[场个]吧|的[吧呢行]|吧$|也行"
    r"|instead|\bone\b|rather|make it|actually|prefer|better|\bnot\b|how about|what about",
    re.IGNORECASE,
)


async def changed_mind(turn: Turn, session: AsyncSession, draft: Draft) -> bool:
    """Take words that lead to another shift, to others along, or nowhere; False where they do none of it."""
    if not turn.text or draft.shift is None:
        return False
    if await _took_other_shift(turn, session, draft):
        return True
    comers = None if draft.team else change_comers(turn.text, draft.comers)
    if comers is not None and comers != draft.comers:
        await go_on(turn, session, replace(draft, comers=comers))
        return True
    if gives_up(turn.text) and comers is None:
        turn.end()
        turn.say("join_dropped")
        return True
    return False


async def _took_other_shift(turn: Turn, session: AsyncSession, draft: Draft) -> bool:
    community = (await get_profile(session, turn.resident_id)).community
    if community is None or len(turn.text) > _LONGEST or (turn.asked == "age" and read_ages(turn.text)):
        return False
    if (listed := _numbered(turn)) and listed != draft.shift:
        await go_on(turn, session, replace(with_words(draft, turn.text), shift=listed, tapped=False))
        return True
    wish = _wish(turn, community)
    if wish.is_open and not wants_another(turn.text):
        return False
    lines = await find_lines(session, community)
    others = [line for line in lines if str(line.shift.id) != draft.shift]
    if not wish.is_open:
        return _chooses(turn.text) and await _took_named(turn, session, draft, wish, community, others)
    if others:
        ask_which(turn, replace(draft, shift=None), others, exact=True)
    return bool(others)


async def _took_named(
    turn: Turn, session: AsyncSession, draft: Draft, wish: Wish, community: Community, others: list[ShiftLine]
) -> bool:
    """Go to the shift of the day or kind that is named, unless that is what is talked of."""
    line = await get_line(turn, session, draft)
    if wish.fits(line):
        return False
    fitting = _near(others, line, wish) if others else []
    if not fitting and asks_only_when(turn.text, now(), community.zone):
        every = sorted([line, *others], key=lambda each: each.shift.starts_at)
        ask_which(turn, replace(draft, shift=None), every, exact=False)
        return True
    return await _go_to(turn, session, draft, fitting)


def _chooses(text: str) -> bool:
    """Whether naming a day or a kind is meant as a choice: "明天我问问老伴" is none."""
    return len(text) <= (_SHORT_EN if text.isascii() else _SHORT) or _CHOOSES.search(text) is not None


def _numbered(turn: Turn) -> str | None:
    """The shift whose place in the last list was said in words: "第二个", "the last one"."""
    listed = [str(each) for each in turn.slots.get("listed") or ()]
    nth = read_word_ordinal(turn.text, len(listed))
    nth = read_end_of_list(turn.text, len(listed)) if nth is None else nth
    return None if nth is None else listed[nth]


def _wish(turn: Turn, community: Community) -> Wish:
    """What is wished for; a child that comes along is no wish for an activity of children."""
    wish = read_among(turn.text, now(), community.zone)
    return replace(wish, kinds=wish.kinds - {"children"}) if read_comers(turn.text) else wish


def _near(others: list[ShiftLine], line: ShiftLine, wish: Wish) -> list[ShiftLine]:
    """Those that fit; of the same activity where the words only name another day."""
    fitting, exact = choose_lines(others, wish)
    if not exact:
        return []
    same = [
        each
        for each in fitting
        if each.activity.id == line.activity.id or each.activity.kind == line.activity.kind
    ]
    return same if same and not wish.kinds else fitting


async def _go_to(turn: Turn, session: AsyncSession, draft: Draft, fitting: list[ShiftLine]) -> bool:
    if not fitting:
        return False
    draft = replace(with_words(draft, turn.text), tapped=False)
    if len(fitting) == 1:
        await go_on(turn, session, replace(draft, shift=str(fitting[0].shift.id)))
    else:
        ask_which(turn, replace(draft, shift=None), fitting, exact=True)
    return True
