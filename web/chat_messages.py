"""One message from the web chat: read into a typed shape, then stored once; the person's queue is woken after that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.inbound import check_pace, find_stored, store_inbound
from channels.web.reading import render_label
from channels.web.saying import Said, say
from channels.web.thread import append_own, find_own_seq
from community.clock import now
from community.files.usecases import find_own_files
from community.outbox.models import OutboxMessage
from community.residents.languages import language_of
from community.residents.models import Language, Resident
from community.residents.usecases import Known
from linli.text import check_text
from web.bodies import BodyRefused, parse_model
from web.identity import CHANNEL, Visitor
from web.pages import has_chosen_language, page_language
from web.parts import Parts
from web.people import get_person
from web.refusals import DoorRefused

MOST_PHOTOS = 9


class Press(BaseModel):
    """A button under a bubble: which outbox message, which of its buttons."""

    message: UUID
    index: Annotated[int, Field(ge=0, lt=100)]


class Message(BaseModel):
    """What the browser sends: words, a pressed button, or photos with or without words. `id` is made by the browser."""

    id: UUID
    text: str = ""
    button: Press | None = None
    files: Annotated[list[UUID], Field(max_length=MOST_PHOTOS)] = Field(default_factory=list)


def parse_message(value: object) -> Message:
    """The message in a JSON body, its words made safe. Raises TextRefused, BodyRefused."""
    if not isinstance(value, dict):
        raise BodyRefused("unreadable")
    words = value.get("text", "")
    needs_words = not (value.get("button") or value.get("files"))
    if isinstance(words, str) and (words or needs_words):
        value = {**value, "text": check_text(words)}
    return parse_model(value, Message)


async def store_message(request: Request, parts: Parts, visitor: Visitor, message: Message) -> int:
    """Store the message in one transaction, once however often it comes; then wake the person's queue.

    Gives its number in the thread when it is on the disk, to which it goes while the bot is at work. No page shows it
    before: a number that was told has to be there afterwards.
    """
    said = await _say(parts, visitor, message) or await _take_in(request, parts, visitor, message)
    parts.bells.meet(visitor.outside_id, said.known)
    parts.turns.wake(said.known.resident_id, said.claimed)
    await asyncio.sleep(0)  # the bot is asked before this is answered, so it works meanwhile
    await parts.disk.wait()
    _show(parts, said)
    return said.seq


def _show(parts: Parts, said: Said) -> None:
    if said.item:
        parts.bells.hand(said.known.address_id, [said.item])
    else:
        parts.bells.ring(said.known.address_id, typing=True)


async def _say(parts: Parts, visitor: Visitor, message: Message) -> Said | None:
    """The short way of plain words; None where this message has to go the other one."""
    if not _is_plain(message):
        return None
    async with parts.statements() as session:
        return await _say_plainly(session, parts, visitor, message)


def _is_plain(message: Message) -> bool:
    return not (message.button or message.files)


async def _say_plainly(
    session: AsyncSession, parts: Parts, visitor: Visitor, message: Message
) -> Said | None:
    most, owner = parts.settings.messages_per_minute, parts.turns.owner()
    return await say(
        session, visitor.outside_id, str(message.id), message.text, most_a_minute=most, owner=owner
    )


async def _take_in(request: Request, parts: Parts, visitor: Visitor, message: Message) -> Said:
    """The way of every message, step by step."""
    language = Language(page_language(request))
    if not has_chosen_language(request):
        language = language_of(message.text) or language
    async with parts.sessions.begin() as session:
        known = await get_person(session, request, parts, visitor, language)
        if _is_plain(message) and (said := await _say_plainly(session, parts, visitor, message)):
            return said  # the first words of somebody new
        incoming = await _incoming(session, visitor, known, message)
        if await find_stored(session, incoming) is None:  # a repeat is none too many
            await check_pace(session, known.resident_id, parts.settings.messages_per_minute)
        stored = await store_inbound(session, known, incoming)
        seq = await find_own_seq(session, stored.id) if stored.repeated else None
        return Said(known, seq or await append_own(session, known.address_id, stored.id, now()))


async def _incoming(session: AsyncSession, visitor: Visitor, known: Known, message: Message) -> Incoming:
    files = await find_own_files(session, known.resident_id, message.files) if message.files else []
    if len(files) != len(message.files):
        raise DoorRefused(422, "photo_gone")
    text, payload = message.text, None
    if message.button:
        text, payload = await _read_button(session, known, message.button)
    return Incoming(CHANNEL, visitor.outside_id, str(message.id), text, payload=payload, files=files)


async def _read_button(session: AsyncSession, known: Known, press: Press) -> tuple[str, str]:
    """The label that the person read and the payload that we had put behind it; only of the person's own messages."""
    wanted = (
        select(OutboxMessage.buttons, Resident.language)
        .join(Resident, Resident.id == OutboxMessage.resident_id)
        .where(OutboxMessage.id == press.message, OutboxMessage.resident_id == known.resident_id)
    )
    row = (await session.execute(wanted)).first()
    if row is None or press.index >= len(row[0]):
        raise DoorRefused(422, "button_gone")
    buttons, language = row
    button: Mapping[str, Any] = buttons[press.index]
    if not (label := render_label(button, language or Language.ZH)):
        raise DoorRefused(422, "button_gone")
    return label, str(button["payload"])
