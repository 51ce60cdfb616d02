"""One's own shifts: what one is signed up for, hours, time bank, the calendar of a phone; and how a shift was."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE
from bot.actions.buttons import offer
from bot.actions.feedback import take_score
from bot.actions.turn import Turn
from community.clock import now
from community.credits.usecases import get_balance, keeps_time_bank
from community.residents.queries import get_profile
from community.signups.queries import Hours, OwnSignUp, find_hours, find_own_open, find_own_past

MOST_OWN = 6
_CALENDAR = re.compile(r"日历|日曆|日程|calendar|\bical\b|\.ics\b|\bfeed\b", re.IGNORECASE)
_BANK = re.compile(r"时间银行|時間銀行|积分|積分|time ?bank|credits?\b", re.IGNORECASE)
_HOW = re.compile(
    r"怎么|咋|是什么|是啥|啥是|什么是|换|怎样|如何|用(?!户)|找人|帮"
    r"|\bhow (?:do|can|to|does)\b|spend|\buse\b|what(?:'s| is)|exchange",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"时长|小时|钟头|工时|证明|证书|学时|几个?点|hours|certificate|how (?:long|much) have i|proof",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"不对|错|少[记算了]|漏[记算了]|不止|应该(?:是|有)|\bwrong\b|should be|not right|missing|more than",
    re.IGNORECASE,
)


_VOLUNTEERS = re.compile(
    r"(?:志愿|义工|服务).{0,4}(?:证明|证书|时长|工时)|volunteer\w* (?:certificate|hours|record)",
    re.IGNORECASE,
)


def is_of_own_hours(text: str) -> bool:
    """Whether a question can only be about the time bank, or one's hours as a volunteer."""
    return bool((_BANK.search(text) and _HOW.search(text)) or _VOLUNTEERS.search(text))


async def tell_own_shifts(turn: Turn, session: AsyncSession) -> None:
    """What one is signed up for, hours and what the time bank holds; a button under the thanks says how it was."""
    if "score" in turn.entities and "signup" in turn.entities:
        await take_score(turn, session, UUID(turn.entities["signup"]), int(turn.entities["score"]))
    elif _CALENDAR.search(turn.text):
        turn.say("own_calendar", page=OWN_PAGE)
    elif _BANK.search(turn.text) and _HOW.search(turn.text):
        turn.say("own_bank", bank=await _find_bank(session, turn.resident_id), page=OWN_PAGE)
    else:
        await _tell_all(turn, session)


async def _tell_all(turn: Turn, session: AsyncSession) -> None:
    own = await find_own_open(session, turn.resident_id, now())
    hours = await find_hours(session, turn.resident_id)
    if own:
        turn.say("own_shifts", lines=[_line(each) for each in own[:MOST_OWN]], page=OWN_PAGE)
    if hours.shifts:
        await _tell_hours(turn, session, hours, is_last=not own)
    elif _HOURS.search(turn.text):
        turn.say("own_hours_none")
    if not own:
        turn.say("own_shifts_none", offer("find_activities"))


async def _tell_hours(turn: Turn, session: AsyncSession, hours: Hours, *, is_last: bool) -> None:
    """The sum so far; whom to ask where it is said to be wrong."""
    bank = await _find_bank(session, turn.resident_id)
    page = OWN_PAGE if is_last else None
    turn.say("own_hours", hours=_hours(hours.minutes), shifts=hours.shifts, bank=bank, page=page)
    if _WRONG.search(turn.text):
        (last,) = await find_own_past(session, turn.resident_id, 1)
        turn.say("own_hours_wrong", contact=last.activity.contact)


async def _find_bank(session: AsyncSession, resident_id: UUID) -> float | None:
    """The hours in the time bank, where the community keeps one."""
    community = (await get_profile(session, resident_id)).community
    if community is None or not await keeps_time_bank(session, community.id):
        return None
    return _hours(await get_balance(session, resident_id, community.id))


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def _line(own: OwnSignUp) -> dict[str, object]:
    return {
        "title": own.activity.title,
        "starts": own.shift.starts_at.isoformat(),
        "where": own.activity.where,
        "state": own.sign_up.state.value,
        "people": own.sign_up.people,
        "position": own.position,
    }
