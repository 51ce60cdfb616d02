"""The methods by which a bot writes: checked as the platform checks them, then shown on the person's phone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError
from starlette.datastructures import UploadFile

from operations.platforms.telegram.refusals import RefusedCall, bad, moved, too_many
from operations.platforms.telegram.state import Json, State, StoredFile, moment

LONGEST_TEXT, LONGEST_CAPTION, LONGEST_ANSWER = 4096, 1024, 200
LARGEST_PHOTO, LARGEST_FILE = 10_000_000, 50_000_000
Call = Mapping[str, Any]


async def send_message(state: State, call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    text = str(call.get("text", "")).strip()
    if not text:
        raise bad("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long")
    return _show(state, call, {"text": text})


async def send_photo(state: State, call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendphoto"""
    stored = await _take_file(state, call.get("photo"), LARGEST_PHOTO)
    try:
        width, height = Image.open(BytesIO(stored.content)).size
    except (UnidentifiedImageError, OSError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    size = {"file_id": stored.id, "file_unique_id": stored.id[-12:], "width": width, "height": height}
    return _show(state, call, {"photo": [size], **_caption(call)})


async def send_document(state: State, call: Call) -> Json:
    """https://core.telegram.org/bots/api#senddocument"""
    stored = await _take_file(state, call.get("document"), LARGEST_FILE)
    named = {"file_name": stored.name, "mime_type": stored.media_type, "file_size": len(stored.content)}
    document = {"file_id": stored.id, "file_unique_id": stored.id[-12:], **named}
    return _show(state, call, {"document": document, **_caption(call)})


async def edit_message_reply_markup(state: State, call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    message = state.find_message(_chat_id(call), int(call.get("message_id", 0)))
    if message is None or message["from"]["id"] != state.bot["id"]:
        raise bad("message to edit not found")
    keyboard = _keyboard(call)
    if message.get("reply_markup") == keyboard:
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.pop("reply_markup", None)
    if keyboard:
        message["reply_markup"] = keyboard
    return message


async def answer_callback_query(state: State, call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    query = state.queries.get(str(call.get("callback_query_id")))
    if query is None or query.answer is not None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = str(call.get("text", ""))
    if len(text) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "alert": str(call.get("show_alert", "")).lower() == "true"}
    return True


def _show(state: State, call: Call, content: Json) -> Json:
    chat_id = _chat_id(call)
    chat = _check_reach(state, chat_id)
    keyboard = _keyboard(call)
    if wait := state.pace.check(chat_id):
        raise too_many(wait)
    message = {
        "message_id": state.number("message"),
        "from": state.bot,
        "chat": chat,
        "date": moment(),
        **content,
    }
    if keyboard:
        message["reply_markup"] = keyboard
    state.chats[chat_id].append(message)
    return message


def _check_reach(state: State, chat_id: int) -> Json:
    if group := state.groups.get(chat_id):
        if group.moved_to is not None:
            raise moved(group.moved_to)
        return group.as_chat()
    person = state.people.get(chat_id)
    if person is None:
        raise bad("chat not found")
    if person.blocked:
        raise RefusedCall(403, "Forbidden: bot was blocked by the user")
    if not person.started:
        raise RefusedCall(403, "Forbidden: bot can't initiate conversation with a user")
    return person.as_chat()


def _chat_id(call: Call) -> int:
    try:
        return int(call["chat_id"])
    except (KeyError, ValueError) as error:
        raise bad("chat_id is empty") from error


def _keyboard(call: Call) -> Json | None:
    raw = call.get("reply_markup")
    if not raw:
        return None
    try:
        markup: Json = raw if isinstance(raw, dict) else json.loads(raw)
        rows = markup.get("inline_keyboard", [])
        for button in (button for row in rows for button in row):
            _check_button(button)
    except (ValueError, TypeError, AttributeError) as error:
        raise bad("can't parse reply keyboard markup JSON object") from error
    return {"inline_keyboard": rows} if any(rows) else None


def _check_button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in button:
        if urlsplit(str(button["url"])).scheme not in ("http", "https", "tg"):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return
    if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _caption(call: Call) -> Json:
    caption = str(call.get("caption", "")).strip()
    if len(caption) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return {"caption": caption} if caption else {}


async def _take_file(state: State, given: object, largest: int) -> StoredFile:
    if isinstance(given, UploadFile):
        content = await given.read()
        if not content:
            raise bad("file must be non-empty")
        if len(content) > largest:
            raise RefusedCall(413, "Request Entity Too Large")
        return state.keep_file(
            content, given.filename or "file", given.content_type or "application/octet-stream"
        )
    if stored := state.files.get(str(given)):
        return stored
    raise bad("wrong file identifier/HTTP URL specified")
