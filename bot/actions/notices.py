"""Reading notices: the newest ones, one of them in full, or the answer to a question about one.

The answer names the notice with its day; when it is and whether the person's building is meant is said where the notice
tells it plainly (community/notices/meaning.py). The page of the notice has all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import offer, payload
from bot.actions.choosing import ask_community
from bot.actions.turn import Button, Turn
from community.clock import now
from community.notices.asking import Asked, read_question
from community.notices.marks import plain_words
from community.notices.meaning import SUPPLIES, find_when, is_meant
from community.notices.models import Notice
from community.notices.reading import find_newest, find_receipt, get_readable, reader_of
from community.notices.search import find_about
from community.notices.sending.bubble import notice_buttons, short_title
from community.notices.sending.steps import get_sender
from community.notices.terms import plain
from community.notices.topics import find_topics, without_topics
from community.places.matching import match_place
from community.places.models import Community, Level, Place
from community.places.trees import get_tree
from community.residents.queries import Profile, get_profile

MOST = 4
MOST_ANSWERS = 2
LONGEST = 160
REMEMBERED = timedelta(days=30)


async def tell_notices(turn: Turn, session: AsyncSession) -> None:
    """Answer a question about a notice, or tell the newest; a button tells one of them in full.

    Where the community was asked for before, the words name it and are no question.
    """
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        await ask_community(turn, session, "notices_community_unknown")
    elif "notice" in turn.entities:
        notice = await get_readable(session, reader_of(profile), UUID(turn.entities["notice"]), now())
        await tell_notice(turn, session, notice)
    elif not turn.slots.get("wanted") and (asked := read_question(turn.text)):
        await _answer(turn, session, profile, asked)
    else:
        await _tell_newest(turn, session, profile, profile.community)


async def tell_notice(turn: Turn, session: AsyncSession, notice: Notice) -> None:
    """One notice in one bubble, with who sent it and on which day, and what may be answered."""
    receipt = await find_receipt(session, turn.resident_id, notice.id)
    may_confirm = receipt is not None and receipt.confirmed_at is None
    buttons = [
        Button(button["label"], button["payload"])
        for button in notice_buttons(notice)
        if may_confirm or not str(button["payload"]).startswith("/ack_notice")
    ]
    turn.say("notice", *buttons, **notice_values(notice, await get_sender(session, notice)))


def notice_values(notice: Notice, sender: Mapping[str, str]) -> dict[str, Any]:
    """What the bubble of a notice says, as long as a chat can bear it."""
    return {
        "title": notice.title,
        "text": {language: excerpt(text) for language, text in notice.text.items()},
        "community": sender,
        "day": notice.valid_from.isoformat(),
        "notice": str(notice.id),
        "public": notice.public,
    }


def excerpt(text: str) -> str:
    """The words without marks, up to the end of a sentence where they are long."""
    words = " ".join(plain_words(text).split("\n"))
    if len(words) <= LONGEST:
        return words
    kept = words[:LONGEST]
    end = max(kept.rfind(sign) for sign in "。！？；.!?;")
    return kept[: end + 1] if end > LONGEST // 3 else f"{kept}…"


async def _tell_newest(turn: Turn, session: AsyncSession, profile: Profile, community: Community) -> None:
    notices = await find_newest(session, reader_of(profile), now(), MOST)
    if len(notices) == 1:
        await tell_notice(turn, session, notices[0])
    elif notices:
        list_notices(turn, notices)
    else:
        turn.say("notices_none", community=community.name)


def list_notices(turn: Turn, notices: Sequence[Notice]) -> None:
    """Several as a list; a number or a button tells one in full."""
    lines = [{"title": notice.title, "day": notice.valid_from.isoformat()} for notice in notices]
    turn.say("notices_listed", *(_button(nth, notice) for nth, notice in enumerate(notices)), lines=lines)


def _button(nth: int, notice: Notice) -> Button:
    tapped = payload("read_notices", notice=str(notice.id))
    return Button("button_notice", tapped, {"nth": nth + 1, "title": short_title(notice.title)})


async def answered_by_notice(turn: Turn, session: AsyncSession, profile: Profile) -> bool:
    """What no answer is known for may stand in a notice that holds: "what do I bring to the flu shot"."""
    asked = read_question(turn.text)
    if profile.community is None or not any(unit.topics for unit in asked.units):
        return False
    found = await find_about(session, reader_of(profile), asked, now(), most=1)
    for notice in found:
        await tell_notice(turn, session, notice)
    return bool(found)


async def answered_by_topic(turn: Turn, session: AsyncSession) -> bool:
    """A word that is nothing but the topic of a notice that holds (停水) is looked up; a report is offered with it."""
    said = plain(turn.text)
    if not find_topics(said) & SUPPLIES or without_topics(said).replace("通知", "").strip():
        return False
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        return False
    found = await find_about(session, reader_of(profile), read_question(turn.text), now(), most=MOST_ANSWERS)
    for notice in found:
        await _tell_meaning(turn, session, notice, profile.community, profile.home)
        await tell_notice(turn, session, notice)
    if found:
        turn.end()
        turn.say("notice_or_report", offer("report_need"))
    return bool(found)


async def _answer(turn: Turn, session: AsyncSession, profile: Profile, asked: Asked) -> None:
    reader, community = reader_of(profile), profile.community
    assert community is not None
    found = await find_about(session, reader, asked, now(), most=MOST_ANSWERS)
    place = await _named_place(turn, session, community) or profile.home
    for notice in found:
        await _tell_meaning(turn, session, notice, community, place)
        await tell_notice(turn, session, notice)
    if not found:
        past = await find_about(session, reader, asked, now(), most=1, valid_only=False)
        _tell_nothing(turn, [each for each in past if each.valid_until > now() - REMEMBERED])


async def _named_place(turn: Turn, session: AsyncSession, community: Community) -> Place | None:
    """The building that the question is about, where it names one."""
    match = match_place(turn.text, await get_tree(session, community.id), answer=False)
    if match.place is None or match.place.level is Level.GRID:
        return None
    return await session.get(Place, match.place.id)


async def _tell_meaning(
    turn: Turn, session: AsyncSession, notice: Notice, community: Community, place: Place | None
) -> None:
    """When it is, and whether the building is meant, in one sentence; nothing where the notice does not say."""
    when, meant = find_when(notice, community.zone), await is_meant(session, notice, place)
    if when is None and meant is None:
        return
    zone = ZoneInfo(community.zone)
    turn.say(
        "notice_when",
        title=notice.title,
        day=notice.valid_from.isoformat(),
        starts=when.start.isoformat() if when else None,
        ends=f"{when.end.astimezone(zone):%-H:%M}" if when else None,
        place=place.name if place and meant is not None else None,
        meant=bool(meant),
    )


def _tell_nothing(turn: Turn, past: Sequence[Notice]) -> None:
    """Nothing that holds is about it; the last one that did, and what can be done where something is off."""
    buttons = [offer("read_notices")]
    if find_topics(plain(turn.text)) & SUPPLIES:
        buttons.insert(0, offer("report_need"))
    if past:
        buttons.insert(0, _button(0, past[0]))
        turn.say("notices_past", *buttons, title=past[0].title, day=past[0].valid_from.isoformat())
    else:
        turn.say("notices_none_about", *buttons)
