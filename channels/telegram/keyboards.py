"""Buttons under messages: what stands on them, and what a tap means. The payload stays with us, in the outbox row.

The platform gets a key of 34 to 36 bytes (the row and which of its buttons): a tap counts only where that row went to
who tapped. A question takes one answer, and its keyboard is taken away with it; "got it" leaves the other buttons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from channels.render import Card, Choice, render_if_possible
from channels.telegram.happened import CHANNEL, Tapped
from channels.telegram.models import TelegramTap
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage
from community.residents.models import Address, Language, Resident

LEAVES_THE_REST = ("/ack_notice",)
SHORT = 12
"""Two labels of at most so many columns stand side by side; a Chinese character has two."""
_KEY = re.compile(r"([0-9a-f]{32}):(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours that was tapped: what stands on it, its payload, and the buttons that stay."""

    label: str
    payload: str
    left: Sequence[Choice]
    language: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A tap that does nothing: `message` says why, in the person's language. The keyboard is taken away."""

    message: str
    language: str
    values: Mapping[str, Any]


def draw(choices: Sequence[Choice], card: Card | None = None) -> InlineKeyboardMarkup | None:
    """The keyboard of these buttons, and of a link below them; None where there are none."""
    rows: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        button = InlineKeyboardButton(choice.label, callback_data=choice.key)
        if (
            rows
            and len(rows[-1]) == 1
            and all(_columns(each.text) <= SHORT for each in (button, rows[-1][0]))
        ):
            rows[-1].append(button)
        else:
            rows.append([button])
    if card:
        rows.append([InlineKeyboardButton(card.title, url=card.url)])
    return InlineKeyboardMarkup(rows) if rows else None


async def press(session: AsyncSession, tapped: Tapped) -> Pressed | Outdated:
    """What a tap means; it is noted, so that a second answer to the same question does nothing."""
    match = _KEY.fullmatch(tapped.data)
    row = await _find_row(session, UUID(hex=match[1]), tapped.outside_id) if match else None
    if row is None or match is None:
        return Outdated("button_gone", (tapped.language or Language.ZH).value, {})
    buttons, language, index = row[0].buttons, (row[1] or Language.ZH).value, int(match[2])
    taken = await _taken(session, row[0].id)
    labels = [render_if_possible(each["label"], language, each.get("values", {})) for each in buttons]
    if index >= len(buttons) or not labels[index]:
        return Outdated("button_gone", language, {})
    if (closing := _closing(buttons, taken, index)) is not None and not await _is_repeat(session, tapped):
        return Outdated("already_chosen", language, {"label": labels[closing]})
    await session.execute(
        insert(TelegramTap).values(outbox_id=row[0].id, button=index).on_conflict_do_nothing()
    )
    payload = str(buttons[index]["payload"])
    stay = _left(row[0].id.hex, buttons, labels, {*taken, index}) if _leaves(payload) else []
    return Pressed(labels[index], payload, stay, language)


def _closing(buttons: Sequence[Mapping[str, Any]], taken: Collection[int], index: int) -> int | None:
    """The button whose tap has answered the question already."""
    if index in taken:
        return index
    return next((each for each in taken if not _leaves(str(buttons[each]["payload"]))), None)


def _left(
    row: str, buttons: Sequence[Mapping[str, Any]], labels: Sequence[str], taken: Collection[int]
) -> list[Choice]:
    return [
        Choice(label, str(button["payload"]), f"{row}:{index}")
        for index, (button, label) in enumerate(zip(buttons, labels, strict=True))
        if label and index not in taken and not str(button["payload"]).startswith("tel:")
    ]


def _leaves(payload: str) -> bool:
    return payload.startswith(LEAVES_THE_REST)


async def _find_row(
    session: AsyncSession, outbox_id: UUID, outside_id: str
) -> tuple[OutboxMessage, Language | None] | None:
    """The message, locked, where it went to this person, with the language that they are spoken to in."""
    wanted = (
        select(OutboxMessage, Resident.language)
        .join(Address, Address.id == OutboxMessage.address_id)
        .join(Resident, Resident.id == OutboxMessage.resident_id)
        .where(OutboxMessage.id == outbox_id, Address.channel == CHANNEL, Address.outside_id == outside_id)
        .with_for_update(of=OutboxMessage)
    )
    found = (await session.execute(wanted)).first()
    return (found[0], found[1]) if found else None


async def _taken(session: AsyncSession, outbox_id: UUID) -> list[int]:
    wanted = select(TelegramTap.button).where(TelegramTap.outbox_id == outbox_id).order_by(TelegramTap.at)
    return list((await session.scalars(wanted)).all())


async def _is_repeat(session: AsyncSession, tapped: Tapped) -> bool:
    """Whether this very tap came before: then it is answered as it was."""
    wanted = select(InboundMessage.id).where(
        InboundMessage.channel == CHANNEL, InboundMessage.outside_id == tapped.key
    )
    return await session.scalar(wanted) is not None


def _columns(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in label)
