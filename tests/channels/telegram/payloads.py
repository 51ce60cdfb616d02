"""Updates in the shapes of https://core.telegram.org/bots/api, by name; nobody in them is real."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
ME = 110201543
WANG: Json = {"id": 1111111, "is_bot": False, "first_name": "王", "language_code": "zh-hans"}
CHAT: Json = {"id": 1111111, "first_name": "王", "type": "private"}
BOT: Json = {"id": ME, "is_bot": True, "first_name": "邻里", "username": "linli_demo_bot"}
GROUP: Json = {"id": -1001234567890, "title": "三号楼", "type": "supergroup"}
DATE = 1441645532
FILE = "AgADBAADw6cxG4zHKAkr42N7RwEN3IFShCoABHQwXEtVks4EH2wBAAEC"


def message(kind: str = "message", *, sender: Json = WANG, chat: Json = CHAT, **content: Any) -> Json:
    """An update with one message of this content."""
    body = {"message_id": 1365, "from": sender, "chat": chat, "date": DATE, **content}
    return {"update_id": 10000, kind: body}


def command(text: str) -> Json:
    """A command, marked as phones mark it."""
    length = len(text.split(" ", 1)[0])
    return message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": length}])


def file_part(**more: Any) -> Json:
    """A file as every kind of message describes it."""
    return {"file_id": FILE, "file_unique_id": "AQADBAADw6cx", "file_size": 6150, **more}


def membership(status: str, chat: Json = CHAT) -> Json:
    """The bot was blocked, taken up again, or let into a group."""
    return {
        "update_id": 10000,
        "my_chat_member": {
            "chat": chat,
            "from": WANG,
            "date": DATE,
            "old_chat_member": {"user": BOT, "status": "member"},
            "new_chat_member": {"user": BOT, "status": status, "until_date": 0},
        },
    }


def tap(data: str | None = "0123456789abcdef0123456789abcdef:1", **more: Any) -> Json:
    """A tap on a button below a message of the bot."""
    said = {"message_id": 77, "from": BOT, "chat": CHAT, "date": DATE, "text": "对吗？"}
    query = {"id": "4382bfdwdsb323b2d9", "from": WANG, "message": said, "chat_instance": "42a", **more}
    return {"update_id": 10000, "callback_query": query | ({"data": data} if data is not None else {})}


PHOTO = [file_part(width=90, height=67), file_part(width=1280, height=960) | {"file_id": f"{FILE}large"}]
UPDATES: dict[str, Json] = {
    "words": message(text="3号楼2单元的电梯坏了两天了"),
    "words with marks": message(text="a\u202eb\u0000c"),
    "a command of ours": command("/help"),
    "start": command("/start"),
    "start by a link": command("/start 20ac1b9e5b9a4b3a8d7f1f0c2a3b4c5d"),
    "start to the bot by name": command("/start@linli_demo_bot JYL"),
    "a language": command("/lang en"),
    "which language": command("/lang"),
    "a command of nobody": command("/report something"),
    "a photo": message(photo=PHOTO),
    "a photo with words": message(photo=PHOTO, caption="楼道里的杂物"),
    "a photo of an album": message(photo=PHOTO, media_group_id="13579"),
    "a voice note": message(voice=file_part(duration=4, mime_type="audio/ogg")),
    "a video": message(video=file_part(width=640, height=480, duration=7, mime_type="video/mp4")),
    "a video note": message(video_note=file_part(length=240, duration=7)),
    "a moving picture": message(
        animation=file_part(width=320, height=240, duration=2),
        document=file_part(file_name="a.mp4", mime_type="video/mp4"),
    ),
    "a document": message(document=file_part(file_name="通知.pdf", mime_type="application/pdf")),
    "a picture as a document": message(document=file_part(file_name="lift.png", mime_type="image/png")),
    "a place": message(location={"latitude": 23.1291, "longitude": 113.2644}),
    "a venue": message(
        location={"latitude": 23.1, "longitude": 113.2},
        venue={
            "location": {"latitude": 23.1, "longitude": 113.2},
            "title": "居民活动室",
            "address": "锦园路1号",
        },
    ),
    "the own phone": message(
        contact={"phone_number": "+8613912345678", "first_name": "王", "user_id": 1111111}
    ),
    "somebody's phone": message(
        contact={"phone_number": "13812345678", "first_name": "李", "user_id": 2222222}
    ),
    "a phone without an account": message(contact={"phone_number": "13812345678", "first_name": "李"}),
    "a sticker": message(
        sticker=file_part(
            width=512, height=512, emoji="👍", type="regular", is_animated=False, is_video=False
        )
    ),
    "a sticker without a face": message(
        sticker=file_part(width=512, height=512, type="regular", is_animated=False, is_video=False)
    ),
    "a poll": message(
        poll={
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    ),
    "changed soon": message("edited_message", text="3号楼1单元", edit_date=DATE + 60),
    "changed late": message("edited_message", text="3号楼1单元", edit_date=DATE + 86_400),
    "a place that moves": message(
        "edited_message", location={"latitude": 23.1, "longitude": 113.2}, edit_date=DATE + 60
    ),
    "something pinned": message(pinned_message={"message_id": 7, "chat": CHAT, "date": DATE, "text": "x"}),
    "a tap": tap(),
    "a tap in a group": tap(
        message={"message_id": 77, "from": BOT, "chat": GROUP, "date": DATE, "text": "…"}
    ),
    "a tap on something old": tap(message={"message_id": 77, "chat": CHAT, "date": 0}),
    "a game": tap(None, game_short_name="chess"),
    "blocked": membership("kicked"),
    "back": membership("member"),
    "let into a group": membership("member", GROUP),
    "the bot is named in a group": message(
        chat=GROUP,
        text="@linli_demo_bot 居委会几点下班",
        entities=[{"type": "mention", "offset": 0, "length": 15}],
    ),
    "the bot is answered in a group": message(
        chat=GROUP,
        text="那周末呢",
        reply_to_message={"message_id": 5, "from": BOT, "chat": GROUP, "date": DATE, "text": "…"},
    ),
    "grown": message(chat=GROUP | {"type": "group"}, migrate_to_chat_id=-1009),
    "grown out of": message(chat=GROUP, sender=BOT, migrate_from_chat_id=-5),
    "neighbours among themselves": message(chat=GROUP, text="谁家的猫"),
    "another bot's command": message(
        chat=GROUP, text="/help@other_bot", entities=[{"type": "bot_command", "offset": 0, "length": 15}]
    ),
    "a group begins": message(
        chat=GROUP,
        text="/start@linli_demo_bot JYL",
        entities=[{"type": "bot_command", "offset": 0, "length": 21}],
    ),
    "a bot speaks": message(sender=BOT, text="echo"),
    "a channel post": {"update_id": 10000, "channel_post": {**message(text="x")["message"], "chat": GROUP}},
    "a kind of tomorrow": {"update_id": 10000, "something_new": {"id": 1}},
}
