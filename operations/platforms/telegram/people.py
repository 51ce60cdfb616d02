"""What people do on their phones, as updates of the Bot API: https://core.telegram.org/bots/api#update"""

from __future__ import annotations

import secrets
from typing import Any

from operations.platforms.telegram.state import Group, Json, Person, Query, State, moment

GREETING = "/start"


def meet(state: State, person_id: int, name: str = "小王", language: str = "zh-hans") -> Person:
    """The person of this number, who gets a phone now where there is none."""
    return state.people.setdefault(person_id, Person(person_id, name, language))


def found_group(state: State, group_id: int, title: str = "三号楼邻居群") -> Group:
    """A group that the bot is in; its number is negative."""
    return state.groups.setdefault(group_id, Group(group_id, title))


def grow_group(state: State, group: Group, new_id: int) -> Group:
    """The group becomes a supergroup, which has another number; see `tell_of_growth`."""
    group.moved_to = new_id
    grown = found_group(state, new_id, group.title)
    grown.administrators = group.administrators
    return grown


async def tell_of_growth(state: State, person: Person, old: Group, new: Group) -> None:
    """The platform says so in both chats, in the name of who did it."""
    for group, content in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
        await _arrive(state, person.as_user(), group.as_chat(), content, "message")


async def say(state: State, person: Person, text: str, **more: Any) -> Json:
    """Write words; a command is marked as one, as phones do."""
    return await send(state, person, {"text": text, **_entities(text), **more})


async def start(state: State, person: Person, scene: str = "") -> Json:
    """Press "Start", perhaps after a link with a scene."""
    return await say(state, person, f"{GREETING} {scene}".strip())


async def send(state: State, person: Person, content: Json, kind: str = "message") -> Json:
    """Send a message with this content in the private chat."""
    person.started, person.blocked = True, False
    return await _arrive(state, person.as_user(), person.as_chat(), content, kind)


async def send_photo(
    state: State, person: Person, content: bytes, caption: str = "", album: str = ""
) -> Json:
    """A photo comes in several sizes, the largest last; those of an album name it."""
    small, large = (state.keep_file(content, "photo.jpg", "image/jpeg") for _ in range(2))
    sizes = [
        {"file_id": stored.id, "file_unique_id": stored.id[-12:], "width": width, "height": width}
        for stored, width in ((small, 90), (large, 1280))
    ]
    more = {"caption": caption, "media_group_id": album}
    return await send(
        state, person, {"photo": sizes, **{name: value for name, value in more.items() if value}}
    )


async def send_location(state: State, person: Person, latitude: float, longitude: float) -> Json:
    """Where the person is."""
    return await send(state, person, {"location": {"latitude": latitude, "longitude": longitude}})


async def share_phone(state: State, person: Person) -> Json:
    """The own number, as the platform knows it."""
    contact = {"phone_number": person.phone, "first_name": person.name, "user_id": person.id}
    return await send(state, person, {"contact": contact})


async def edit(state: State, person: Person, message_id: int, text: str) -> Json:
    """Change words that were sent."""
    message = state.find_message(person.id, message_id)
    if message is None:
        raise KeyError(message_id)
    message |= {"text": text, "edit_date": moment()}
    return await state.add_update("edited_message", dict(message))


async def tap(state: State, person: Person, message_id: int, data: str) -> Query:
    """Tap a button below a message of the bot."""
    message = state.find_message(person.id, message_id)
    query = Query(secrets.token_hex(8), person.id, message_id)
    state.queries[query.id] = query
    await state.add_update(
        "callback_query",
        {
            "id": query.id,
            "from": person.as_user(),
            "message": message,
            "chat_instance": str(person.id),
            "data": data,
        },
    )
    return query


async def block(state: State, person: Person, *, blocked: bool = True) -> Json:
    """Stop the bot, or take it up again."""
    person.blocked = blocked
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    member = {"user": state.bot, "until_date": 0}
    return await state.add_update(
        "my_chat_member",
        {
            "chat": person.as_chat(),
            "from": person.as_user(),
            "date": moment(),
            "old_chat_member": {**member, "status": old},
            "new_chat_member": {**member, "status": new},
        },
    )


async def say_in_group(state: State, person: Person, group: Group, text: str, **more: Any) -> Json | None:
    """Write in a group. The bot hears what is said to it: a command, its name, an answer to it."""
    group.administrators = group.administrators or {person.id}
    if not (text.startswith("/") or f"@{state.username}" in text or "reply_to_message" in more):
        return None
    content = {"text": text, **_entities(text), **more}
    return await _arrive(state, person.as_user(), group.as_chat(), content, "message")


async def _arrive(state: State, sender: Json, chat: Json, content: Json, kind: str) -> Json:
    message = {
        "message_id": state.number("message"),
        "from": sender,
        "chat": chat,
        "date": moment(),
        **content,
    }
    state.chats[chat["id"]].append(message)
    return await state.add_update(kind, dict(message))


def _entities(text: str) -> Json:
    marks = []
    if text.startswith("/"):
        marks.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
    for place, word in _names(text):
        marks.append({"type": "mention", "offset": place, "length": len(word)})
    return {"entities": marks} if marks else {}


def _names(text: str) -> list[tuple[int, str]]:
    """Names with @ and where they stand, in UTF-16 units."""
    return [
        (len(text[: text.index(word)].encode("utf-16-le")) // 2, word)
        for word in text.split()
        if word.startswith("@")
    ]
