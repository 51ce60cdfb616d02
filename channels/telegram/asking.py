"""What a group is answered: general questions only (contacts, hours, procedures, activities, notices), out of what is
public. Nothing is stored of who asked, nobody's records are looked at, and a need is never taken from a group.

Before: channels/telegram/groups.py has claimed a question. Danger to life gets the numbers to call at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from channels.bot_client import BotAway, BotClient, BotFailed
from channels.render import render_text
from channels.telegram.models import TelegramGroup
from community.activities.queries import ShiftLine, find_open_shifts
from community.answers.queries import get_answers
from community.answers.search import SURE, UNKNOWN
from community.clock import now
from community.hotlines.models import Danger
from community.hotlines.queries import find_lines_for
from community.needs.clocks import intervals_on, next_opening
from community.notices.queries import find_valid_notices
from community.places.models import Community
from community.residents.languages import language_of
from community.residents.usecases import find_only_community

MOST_NOTICES, MOST_ACTIVITIES = 3, 4
AHEAD = timedelta(days=14)
CONTACT, NOTICES, ACTIVITIES = "ask_contact", "read_notices", "find_activities"


@dataclass(frozen=True, slots=True)
class Understood:
    """What the bot makes of the words of a question."""

    words: str
    alarm: bool = False
    intent: str | None = None
    vector: bytes | None = None


async def understand(bot: BotClient, words: str) -> Understood:
    """Ask the bot, up to three times; call it while no connection is held.

    Raises BotAway or BotFailed where nobody can say whether the words tell of danger.
    """
    if not words:
        return Understood(words)
    if await bot.is_alarm(words):
        return Understood(words, alarm=True)
    intent = await bot.find_intent(words)
    listed = intent in (NOTICES, ACTIVITIES)
    return Understood(words, intent=intent, vector=None if listed else await _vector(bot, words))


async def answer_group(session: AsyncSession, chat_id: int, asked: Understood) -> str:
    """The answer, in the language of the question."""
    words = asked.words
    language = (language_of(words) or "zh") if words else "zh"
    community = await _find_community(session, chat_id)
    said = [
        render_text(message, language, values, community.zone if community else "Asia/Shanghai")
        for message, values in await _say(session, community, asked)
    ]
    return "\n".join([*said, render_text("group_private", language, {})])


Said = list[tuple[str, dict[str, Any]]]


async def _say(session: AsyncSession, community: Community | None, asked: Understood) -> Said:
    if not asked.words:
        return [("group_hello", {})]
    if asked.alarm:
        return await _danger(session, community)
    if community is None:
        return [("group_community_unknown", {})]
    if asked.intent == NOTICES:
        return await _notices(session, community)
    if asked.intent == ACTIVITIES:
        return await _activities(session, community)
    said = [("contact", _contact(community))] if asked.intent == CONTACT else [("group_not_general", {})]
    return await _known_answer(session, community, asked) or said


async def _danger(session: AsyncSession, community: Community | None) -> Said:
    """Nobody asks in a group which danger it is: the numbers for help at once, and the one to talk to."""
    community_id = community.id if community else None
    found = [
        await find_lines_for(session, community_id, each, now()) for each in (Danger.OTHER, Danger.SELF_HARM)
    ]
    lines = {line.number: line.as_json() for part in found for line in part}
    return [("group_danger", {"lines": list(lines.values())[:4]})]


async def _known_answer(session: AsyncSession, community: Community, asked: Understood) -> Said:
    """The answer of the community's own entries, where it is surely this one that is asked."""
    answers = await get_answers(session, community.id)
    found = answers.find(asked.words, asked.vector, 1)
    if not found or found[0].sureness < SURE or found[0].entry.topic == UNKNOWN:
        return []
    return [("answer", {"text": text}) for text in found[0].entry.answer]


async def _vector(bot: BotClient, words: str) -> bytes | None:
    try:
        return (await bot.vectors([words]))[0]
    except (BotAway, BotFailed):
        return None


def _contact(community: Community) -> dict[str, Any]:
    at = now()
    today = at.astimezone(ZoneInfo(community.zone)).date()
    opens = next_opening(community.office_hours, community.zone, at)
    return {
        "community": community.name,
        "phone": community.phone,
        "hours": [f"{start:%H:%M}–{end:%H:%M}" for start, end in intervals_on(today, community.office_hours)],
        "open": opens == at,
        "opens": opens.isoformat() if opens else None,
    }


async def _notices(session: AsyncSession, community: Community) -> Said:
    notices = await find_valid_notices(session, community.id, now(), MOST_NOTICES)
    if not notices:
        return [("notices_none", {"community": community.name})]
    return [
        (
            "notice",
            {
                "title": {"zh": notice.title_zh, "en": notice.title_en or notice.title_zh},
                "text": {"zh": notice.text_zh, "en": notice.text_en or notice.text_zh},
                "community": community.name,
                "day": notice.valid_from.isoformat(),
            },
        )
        for notice in notices
    ]


async def _activities(session: AsyncSession, community: Community) -> Said:
    at = now()
    lines = await find_open_shifts(session, community.id, at, at + AHEAD, most=MOST_ACTIVITIES)
    return [("group_activities", {"lines": [_shift(line) for line in lines]})]


def _shift(line: ShiftLine) -> dict[str, Any]:
    return {
        "title": line.activity.title,
        "starts": line.shift.starts_at.isoformat(),
        "where": line.activity.where,
    }


async def _find_community(session: AsyncSession, chat_id: int) -> Community | None:
    """What the group's link said; else the only community that there is."""
    group = await session.get(TelegramGroup, chat_id)
    community_id: UUID | None = group.community_id if group else await find_only_community(session)
    return await session.get(Community, community_id) if community_id else None
