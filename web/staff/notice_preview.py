"""A notice as each channel will show it, from what stands in the form, by the code that draws what goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import uuid4

from channels.contract import Abilities, Outgoing
from channels.render import Piece, Words, show
from channels.render.splitting import measure
from channels.telegram.channel import TelegramChannel
from channels.web.channel import WebChannel
from channels.wechat.channel import WeChatChannel
from community.actors import StaffActor
from community.clock import now
from community.files.attaching import Attachment
from community.notices.marks import Block, has_tags, read_marks
from community.notices.models import Notice
from community.notices.rights import wall_of
from community.notices.sending.bubble import Bubble, notice_bubble
from web.words import LANGUAGES, Language

CHANNELS: Mapping[str, Abilities] = MappingProxyType(
    {
        "wechat": WeChatChannel.abilities,
        "telegram": TelegramChannel.abilities,
        "web": WebChannel.abilities,
    }
)
"""What is drawn, by the channel's name; its own abilities say how."""


_CHINESE = re.compile("[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Shown:
    """What one channel makes of it: the messages, their length in all as the platform counts it, and in bytes."""

    channel: str
    pieces: Sequence[Piece]
    size: int
    bytes: int
    unit: str

    @property
    def messages(self) -> int:
        """How many messages of the platform it takes."""
        return len(self.pieces)


@dataclass(frozen=True, slots=True)
class Preview:
    """A notice in one language; `falls_back` where it is Chinese because nothing else was written, `is_mixed` where
    Chinese was left in the English."""

    language: Language
    shown: Sequence[Shown]
    title: str
    blocks: Sequence[Block]
    falls_back: bool
    is_mixed: bool


def preview_notice(
    notice: Notice, sender: Mapping[str, str], files: Sequence[Attachment], zone: str
) -> Sequence[Preview]:
    """The notice in every language and on every channel. `sender` is who it comes from, `files` go with it.

    Before it is out it is shown as on the day on which it goes out: "today", whenever it was written.
    """
    bubble = notice_bubble(notice, sender, files)
    if notice.approved_at is None or notice.valid_from > now():
        bubble = replace(bubble, values={**bubble.values, "day": now().isoformat()})
    return [_preview(notice, bubble, zone, language) for language in LANGUAGES]


def warns_of_tags(notice: Notice) -> bool:
    """Whether the words hold what looks like HTML: it is shown as these signs, and staff are told so."""
    texts = (notice.title_zh, notice.title_en, notice.text_zh, notice.text_en)
    return any(has_tags(text or "") for text in texts)


def _preview(notice: Notice, bubble: Bubble, zone: str, language: Language) -> Preview:
    row = Outgoing(
        id=uuid4(),
        address_id=uuid4(),
        outside_id="",
        channel="",
        message=bubble.message,
        values=bubble.values,
        buttons=bubble.buttons,
        language=language,
        zone=zone,
        attempts=0,
    )
    return Preview(
        language,
        [_show(name, abilities, row) for name, abilities in CHANNELS.items()],
        notice.title[language],
        read_marks(notice.text[language]),
        falls_back=language == "en" and not (notice.title_en and notice.text_en),
        is_mixed=language == "en" and bool(_CHINESE.search(notice.title["en"] + notice.text["en"])),
    )


def _show(name: str, abilities: Abilities, row: Outgoing) -> Shown:
    pieces = show(row, abilities)
    texts = [piece.text for piece in pieces if isinstance(piece, Words)]
    return Shown(
        name,
        pieces,
        sum(measure(text, abilities.unit) for text in texts),
        sum(measure(text, "bytes") for text in texts),
        abilities.unit,
    )


def draft_of(actor: StaffActor, fields: Mapping[str, str], flags: Mapping[str, bool]) -> Notice:
    """A notice that is nowhere kept, from what stands in the form now."""
    return Notice(
        id=uuid4(),
        **wall_of(actor),
        public=True,
        title_zh=fields["title_zh"],
        title_en=fields["title_en"] or None,
        text_zh=fields["text_zh"],
        text_en=fields["text_en"] or None,
        valid_from=now(),
        need_receipt=flags["need_receipt"],
        help_button=flags["help_button"],
        activity_id=uuid4() if flags["activity"] else None,
    )
