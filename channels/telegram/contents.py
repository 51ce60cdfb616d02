"""What a message of the private chat holds: words, a command, pictures, a place, a phone; see
https://core.telegram.org/bots/api#message. Before: channels/telegram/reading.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from telegram import Message

from channels.contract import Location, Media, MediaRef
from channels.signs import STICKER
from community.residents.models import Language
from linli.text import clean_text

EDITS_COUNT = timedelta(minutes=15)
"""Words that are changed so soon are taken as what the person says now; see docs/decisions on edited messages."""
LONGEST_FILE_ID, LONGEST_NAME, LONGEST_SCENE, LONGEST_ALBUM = 200, 120, 64, 64
PICTURES = ("image/jpeg", "image/png", "image/webp")
COMMANDS = {"/help": "/help_menu", "/cancel": "/stop_current"}
GREET = "/greet"
OF_A_PERSON = frozenset(
    (
        "poll",
        "game",
        "story",
        "paid_media",
        "checklist",
        "invoice",
        "location",
        "photo",
        "video",
        "voice",
        "document",
    )
)
"""Sent on purpose and not read; everything else is a note of the platform about the chat."""
_PHONE_IS = {Language.ZH: "我的电话是 {}", Language.EN: "My phone number is {}"}


@dataclass(frozen=True, slots=True)
class Content:
    """The content as Linli takes it; `not_read` names what is said about a message that it cannot take in."""

    text: str = ""
    payload: str | None = None
    media: tuple[MediaRef, ...] = ()
    location: Location | None = None
    scene: str | None = None
    not_read: str | None = None
    album: str | None = None


def read_content(
    message: Message, parts: frozenset[str], language: Language, *, edited: bool
) -> Content | None:
    """The content; None for what needs no answer, as that a message was pinned. `parts` are the message's own."""
    if edited:
        return _read_edited(message)
    if isinstance(message.text, str):
        return _read_words(message.text)
    if message.contact:
        return _read_contact(message, language)
    if message.sticker or message.dice:
        return _read_sticker(message)
    return _read_sent(message, parts)


def _read_sent(message: Message, parts: frozenset[str]) -> Content | None:
    place, media = _read_place(message), _read_media(message)
    if place:
        return Content(location=place)
    if media:
        album = _clean(message.media_group_id)[:LONGEST_ALBUM] or None
        return Content(text=_clean(message.caption), media=(media,), album=album)
    return Content(not_read="kind_not_read") if parts & OF_A_PERSON else None


def _read_words(text: str) -> Content:
    command, _, rest = text.partition(" ")
    name = command.partition("@")[0].casefold()
    if name == "/start":
        return Content(payload=GREET, scene=_clean(rest)[:LONGEST_SCENE] or None)
    if name in ("/lang", "/language"):
        return Content(payload=_wanted_language(rest))
    if name in COMMANDS:
        return Content(payload=COMMANDS[name])
    words = _clean(text)
    return Content(text=words) if words else Content(payload=STICKER)


def _wanted_language(rest: str) -> str:
    wanted = rest.strip().casefold()
    named = next((each.value for each in Language if wanted.startswith(each.value)), None)
    return f'/change_language{{"value": "{named}"}}' if named else "/change_language"


def _read_edited(message: Message) -> Content | None:
    """Changed words soon after are an addition; later ones are said to be too late. A place that moves is neither."""
    words = _clean(message.text if message.text is not None else message.caption)
    if not words or words.startswith("/"):
        return None
    if message.edit_date is None or message.edit_date - message.date <= EDITS_COUNT:
        return Content(text=words)
    return Content(not_read="edit_too_late")


def _read_contact(message: Message, language: Language) -> Content:
    """One's own number is said as if in words, so that the dialogue reads it back; nobody else's is kept."""
    contact, sender = message.contact, message.from_user
    if contact is None or sender is None or contact.user_id != sender.id:
        return Content(not_read="phone_of_another")
    number = _clean(contact.phone_number)[:30].removeprefix("+86").strip()
    return Content(text=_PHONE_IS[language].format(number)) if number else Content(not_read="kind_not_read")


def _read_place(message: Message) -> Location | None:
    """A venue has a location as well, and words to it."""
    place = message.venue.location if message.venue else message.location
    if place is None or not _is_on_earth(place.latitude, place.longitude):
        return None
    label = f"{message.venue.title} {message.venue.address}" if message.venue else ""
    return Location(float(place.latitude), float(place.longitude), _clean(label)[:LONGEST_NAME])


def _is_on_earth(latitude: object, longitude: object) -> bool:
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def _read_media(message: Message) -> MediaRef | None:
    """The largest of a photo's sizes; a document that is a picture is one."""
    if message.photo:
        return _ref(Media.IMAGE, message.photo[-1].file_id)
    for kind, part in (
        (Media.VIDEO, message.video or message.video_note or message.animation),
        (Media.VOICE, message.voice or message.audio),
    ):
        if part:
            return _ref(kind, part.file_id)
    if document := message.document:
        kind = Media.IMAGE if document.mime_type in PICTURES else Media.FILE
        return _ref(kind, document.file_id, _clean(document.file_name)[:LONGEST_NAME] or None)
    return None


def _ref(kind: Media, file_id: object, name: str | None = None) -> MediaRef | None:
    if not isinstance(file_id, str) or not 0 < len(file_id) <= LONGEST_FILE_ID:
        return None
    return MediaRef(kind, clean_text(file_id), name)


def _read_sticker(message: Message) -> Content:
    """A sticker stands for its emoji."""
    emoji = message.sticker.emoji if message.sticker else message.dice.emoji if message.dice else None
    words = _clean(emoji)[:8]
    return Content(text=words) if words else Content(payload=STICKER)


def _clean(words: object) -> str:
    return clean_text(words) if isinstance(words, str) else ""
