"""What an update changes, in the caller's transaction, once however often it comes. Before: reading.py.

After the commit the person's queue is woken, and what is left to tell the platform (the answer to a tap, a keyboard
that goes) is told beside the way of the message: a platform that is slow then keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.receiving import come_back, receive, stop
from channels.render import Choice, render_text
from channels.telegram.albums import take_album
from channels.telegram.happened import (
    CHANNEL,
    CameBack,
    GroupAsked,
    GroupMoved,
    Happened,
    NotRead,
    Said,
    Stopped,
    Tapped,
)
from channels.telegram.keyboards import Outdated, press
from channels.telegram.models import TelegramGroupQuestion
from channels.telegram.moving import move_group
from channels.telling import take_unread, tell_too_many
from community.clock import now
from community.errors import TooMany

MINUTE = timedelta(minutes=1)
GROUP_A_MINUTE = 10
"""Half of what the platform lets a bot write in a group."""


@dataclass(frozen=True, slots=True)
class TapAnswer:
    """What a tap is answered with, and the buttons that stay under the message."""

    query_id: str
    chat_id: str
    message_id: int | None
    words: str
    left: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What follows the commit: whose queue to wake, what to tell the platform, whether a group waits for an answer."""

    wake: UUID | None = None
    answer: TapAnswer | None = None
    group_waits: bool = False


async def take(session: AsyncSession, happened: Happened, *, most_a_minute: int) -> Taken:
    """Do what an update means."""
    match happened:
        case Said():
            return await _take_said(session, happened, most_a_minute)
        case Tapped():
            return await _take_tap(session, happened)
        case NotRead():
            incoming, language = happened.incoming, happened.language
            await take_unread(session, incoming, happened.message, language=language)
        case GroupAsked():
            return await _take_question(session, happened)
        case GroupMoved():
            await move_group(session, happened.old_id, happened.new_id)
        case Stopped():
            await stop(session, CHANNEL, happened.outside_id)
        case CameBack():
            await come_back(session, CHANNEL, happened.outside_id)
    return Taken()


async def _take_said(session: AsyncSession, said: Said, most_a_minute: int) -> Taken:
    """Store it; who sends too many messages is told so, once a minute, instead."""
    try:
        if said.album:
            await take_album(session, said, said.album, most_a_minute)
            return Taken()
        arrived = await receive(
            session, said.incoming, scene=said.scene, language=said.language, most_a_minute=most_a_minute
        )
    except TooMany as error:
        await tell_too_many(session, said.incoming, error)
        return Taken()
    return Taken(wake=arrived.known.resident_id)


async def _take_tap(session: AsyncSession, tapped: Tapped) -> Taken:
    pressed = await press(session, tapped)
    answered = (tapped.query_id, tapped.outside_id, tapped.message_id)
    if isinstance(pressed, Outdated):
        words = render_text(pressed.message, pressed.language, pressed.values)
        return Taken(answer=TapAnswer(*answered, words))
    incoming = Incoming(CHANNEL, tapped.outside_id, tapped.key, pressed.label, payload=pressed.payload)
    arrived = await receive(session, incoming)
    words = render_text("chosen", pressed.language, {"label": pressed.label})
    return Taken(arrived.known.resident_id, TapAnswer(*answered, words, pressed.left))


async def _take_question(session: AsyncSession, asked: GroupAsked) -> Taken:
    """Stored until it is answered; a group that asks without end is not."""
    lately = select(func.count()).where(
        TelegramGroupQuestion.chat_id == asked.chat_id, TelegramGroupQuestion.received_at > now() - MINUTE
    )
    if (await session.scalar(lately) or 0) >= GROUP_A_MINUTE:
        return Taken()
    stored = await session.scalar(
        insert(TelegramGroupQuestion)
        .values(
            id=asked.key,
            chat_id=asked.chat_id,
            message_id=asked.message_id,
            words=asked.words,
            scene=asked.scene,
            asked_by=asked.asked_by,
            due_at=now(),
        )
        .on_conflict_do_nothing()
        .returning(TelegramGroupQuestion.id)
    )
    return Taken(group_waits=stored is not None)
