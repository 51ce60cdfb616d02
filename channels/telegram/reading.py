"""From an update's JSON to what happened. Before: the door or the listener; after: channels/telegram/taking.py.

python-telegram-bot makes the objects; what it takes for granted (numbers, lengths) is checked here, because the door is
open to whoever knows its secret, and a shape that is not read must be answered so that it does not come again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update

from channels.contract import Incoming
from channels.telegram.contents import Content, read_content
from channels.telegram.happened import (
    CHANNEL,
    CameBack,
    GroupAsked,
    GroupMoved,
    Happened,
    Nothing,
    NotRead,
    Said,
    Stopped,
    Tapped,
)
from community.residents.models import Language
from linli.text import clean_text

LARGEST_NUMBER = 2**63 - 1
LONGEST_QUERY_ID = 64
GONE = ("kicked", "left")
GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
LONGEST_QUESTION = 500
HEAD = ("message_id", "from", "sender_chat", "chat", "date")
MESSAGE_PARTS = (
    *HEAD,
    "media_group_id",
    *(
        "edit_date",
        "text",
        "entities",
        "caption",
        "reply_to_message",
        "location",
        "venue",
        "contact",
        "sticker",
        "dice",
    ),
    *("photo", "video", "video_note", "animation", "voice", "audio", "document"),
    *("migrate_to_chat_id", "migrate_from_chat_id"),
)
QUERY_PARTS = ("id", "from", "message", "chat_instance", "data")


class Unreadable(ValueError):
    """Not an update that Telegram sends."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: its number is in its token, its name is known once the platform was asked.

    Until then every name that is called in a group is taken for ours: the platform brings us little else from there.
    """

    id: int
    username: str = ""


def read_update(value: object, me: Me) -> Happened:
    """What happened. Raises Unreadable for what is no update."""
    try:
        return _read(value, me)
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a wrong shape leads it to
        raise Unreadable(type(error).__name__) from error


def _read(value: object, me: Me) -> Happened:
    if not isinstance(value, dict):
        raise Unreadable("no object")
    update = Update.de_json(_reduced(value), None)
    key = f"{me.id}:{_number(update.update_id)}"
    if message := update.message or update.edited_message:
        sent = value["message" if update.message else "edited_message"]
        return _read_message(message, frozenset(sent), key, me, edited=update.message is None)
    if update.callback_query:
        return _read_tap(update.callback_query, key)
    if update.my_chat_member:
        return _read_membership(update.my_chat_member)
    return Nothing()


def number_of(value: object) -> int:
    """The number of an update. Raises Unreadable."""
    return _number(value.get("update_id") if isinstance(value, Mapping) else None)


def language_of_client(code: object) -> Language | None:
    """A first guess by the language of the person's app: Chinese of any kind, or else English."""
    if not isinstance(code, str) or not code:
        return None
    return Language.ZH if code.lower().startswith("zh") else Language.EN


def _reduced(update: dict[str, Any]) -> dict[str, Any]:
    """The update with what we look at alone, so that a part that the library does not know yet spoils nothing."""
    kept: dict[str, Any] = {kind: update[kind] for kind in ("update_id", "my_chat_member") if kind in update}
    for kind in ("message", "edited_message"):
        if kind in update:
            message = _parts(update[kind], MESSAGE_PARTS)
            if "reply_to_message" in message:
                message["reply_to_message"] = _parts(message["reply_to_message"], HEAD)
            kept[kind] = message
    if "callback_query" in update:
        query = _parts(update["callback_query"], QUERY_PARTS)
        if query.get("message") is not None:
            query["message"] = _parts(query["message"], HEAD)
        kept["callback_query"] = query
    return kept


def _parts(value: object, wanted: Collection[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("no object")
    return {name: value[name] for name in wanted if name in value}


def _read_message(message: Message, parts: frozenset[str], key: str, me: Me, *, edited: bool) -> Happened:
    if message.chat.type in GROUPS and (moved := _read_move(message)):
        return moved
    if message.from_user is None or (message.from_user.is_bot is True and not _is_the_group(message)):
        return Nothing()
    if message.chat.type != Chat.PRIVATE:
        in_group = message.chat.type in GROUPS and not edited
        return _read_group(message, key, me) if in_group else Nothing()
    language = language_of_client(message.from_user.language_code)
    content = read_content(message, parts, language or Language.ZH, edited=edited)
    if content is None:
        return Nothing()
    incoming = _incoming(content, str(_number(message.chat.id)), key)
    if content.not_read:
        return NotRead(incoming, content.not_read, language)
    return Said(incoming, content.scene, language, content.album)


def _incoming(content: Content, outside_id: str, key: str) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        outside_id=outside_id,
        message_id=key,
        text=content.text,
        payload=content.payload,
        media=content.media,
        location=content.location,
    )


def _read_tap(query: CallbackQuery, key: str) -> Happened:
    """A tap is answered whatever it says; only under a message of the private chat is there a keyboard of ours."""
    if not isinstance(query.id, str) or not 0 < len(query.id) <= LONGEST_QUERY_ID:
        return Nothing()
    person = _number(query.from_user.id)
    private = query.message is not None and query.message.chat.id == person
    return Tapped(
        key=key,
        outside_id=str(person),
        query_id=query.id,
        data=query.data if isinstance(query.data, str) else "",
        message_id=_number(query.message.message_id) if private and query.message else None,
        language=language_of_client(query.from_user.language_code),
    )


def _read_membership(change: ChatMemberUpdated) -> Happened:
    """https://core.telegram.org/bots/api#chatmemberupdated of the bot itself: blocked, or taken up again."""
    if change.chat.type != Chat.PRIVATE:
        return Nothing()
    outside_id = str(_number(change.chat.id))
    return Stopped(outside_id) if change.new_chat_member.status in GONE else CameBack(outside_id)


def _read_move(message: Message) -> GroupMoved | None:
    """Said twice, in the chat that it was and in the one that it is."""
    here = _number(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return GroupMoved(here, _number(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return GroupMoved(_number(message.migrate_from_chat_id), here)
    return None


def _read_group(message: Message, key: str, me: Me) -> Happened:
    """Only what is said to the bot: a command, its name, or an answer to what it wrote."""
    words = message.text if isinstance(message.text, str) else ""
    command, _, rest = words.partition(" ")
    if not words or not _is_addressed(message, command, me):
        return Nothing()
    asked = rest if command.startswith("/") else words.replace(f"@{me.username or ' '}", " ")
    is_start = command.partition("@")[0] == "/start"
    return GroupAsked(
        key,
        _number(message.chat.id),
        _number(message.message_id),
        "" if is_start else clean_text(asked)[:LONGEST_QUESTION],
        (clean_text(rest)[:64] or None) if is_start else None,
        None if _is_the_group(message) or message.from_user is None else _number(message.from_user.id),
    )


def _is_the_group(message: Message) -> bool:
    """An administrator who stays unnamed: the platform then names the group as the sender, and a bot of its own."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def _is_addressed(message: Message, command: str, me: Me) -> bool:
    if command.startswith("/"):
        name = command.partition("@")[2]
        return not name or name.casefold() == (me.username or name).casefold()
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id:
        return True
    mentions = message.parse_entities([MessageEntity.MENTION]).values()
    return any(name[1:].casefold() == (me.username or name[1:]).casefold() for name in mentions)


def _number(value: Any) -> int:  # noqa: ANN401 - whatever stood in the JSON
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
        raise Unreadable("no number")
    return value
