"""Telegram: updates as https://core.telegram.org/bots/api writes them, calls of the Bot API, and its refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr

from channels.contract import Location, Media
from channels.errors import SendError
from tests.channels.telegram.payloads import FILE, UPDATES
from tests.contract.channels.scripted import Answer, Call
from tests.contract.channels.table import Received, Request, Sent, row

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "the_secret_of_the_webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PERSON = "1111111"
SEND = f"/bot{TOKEN}/sendMessage"
_CHAT = {"id": 1111111, "type": "private", "first_name": "王"}
_SHOWN = {"ok": True, "result": {"message_id": 42, "date": 1441645532, "chat": _CHAT, "text": "在"}}


class TelegramTable:
    """The webhook and the Bot API."""

    name, door = "telegram", "/channels/telegram"
    secrets: Sequence[str] = (TOKEN, SECRET)
    accepts, refuses = 200, frozenset({403})
    fine = Answer(_SHOWN)
    impossible: Mapping[SendError, str] = {
        SendError.QUOTA_SPENT: "the platform has no daily quota",
        SendError.KIND_SPENT: "the platform has no daily quota",
        SendError.KIND_CLOSED: "a bot may send every kind",
        SendError.WINDOW_OVER: "the platform has no window",
        SendError.BUDGET_SPENT: "the platform has no budget a person",
        SendError.NEEDS_CONSENT: "whoever starts the bot agrees, and blocks it otherwise",
    }

    def settings(self, platform: str) -> dict[str, Any]:
        """A bot with a webhook."""
        return {
            "telegram_token": SecretStr(TOKEN),
            "telegram_secret": SecretStr(SECRET),
            "telegram_mode": "webhook",
            "telegram_api_base": platform,
        }

    async def enter(self, address: str) -> Mapping[str, str]:
        """Each request says the secret by itself."""
        return {}

    def received(self) -> Sequence[Received]:
        """Words, a command, a photo with words, a voice, a place with its name."""
        return [
            Received("words", _update("words", 1), "3号楼2单元的电梯坏了两天了"),
            Received(
                "a photo",
                _update("a photo with words", 2),
                "楼道里的杂物",
                media=[(Media.IMAGE, f"{FILE}large")],
            ),
            Received("a voice", _update("a voice note", 3), media=[(Media.VOICE, FILE)]),
            Received("a place", _update("a place", 4), location=Location(23.1291, 113.2644)),
        ]

    def forged(self) -> Sequence[Request]:
        """Without the secret, and with wrong ones."""
        good = _update("words", 9).content
        said: Sequence[Mapping[str, str]] = (
            {},
            {HEADER: ""},
            {HEADER: "wrong"},
            {HEADER: SECRET[:-1]},
            {HEADER: f"{SECRET}x"},
        )
        return [Request(good, headers={"Content-Type": "application/json", **headers}) for headers in said]

    def sent(self) -> Sequence[Sent]:
        """Words, buttons, and every refusal."""
        return [
            Sent("words", row(PERSON), [_call("水管修好了。")], outside_id="42"),
            Sent(
                "buttons",
                row(PERSON, buttons=[{"label": "button_report_it", "payload": '/choose{"value": "secret"}'}]),
                [_call("水管修好了。", reply_markup=_keyboard("对，报上去"))],
                outside_id="42",
            ),
            *(_refused(*line) for line in _REFUSALS),
            Sent("dropped", row(PERSON), [_call("水管修好了。", Answer(drops=True))], SendError.LOST_ANSWER),
            Sent("garbage", row(PERSON), [_call("水管修好了。", Answer("<html>"))], SendError.LOST_ANSWER),
        ]


_REFUSALS = (
    (403, "Forbidden: bot was blocked by the user", SendError.NOBODY_THERE),
    (400, "Bad Request: chat not found", SendError.NOBODY_THERE),
    (400, "Bad Request: message is too long", SendError.TOO_LONG),
    (400, "Bad Request: can't parse entities", SendError.REFUSED),
    (401, "Unauthorized", SendError.MISCONFIGURED),
    (429, "Too Many Requests: retry after 7", SendError.RATE_LIMITED),
    (502, "Bad Gateway", SendError.BUSY),
)


def _refused(status: int, words: str, error: SendError) -> Sent:
    more = {"parameters": {"retry_after": 7}} if status == 429 else {}
    answer = Answer({"ok": False, "error_code": status, "description": words, **more}, status)
    return Sent(words, row(PERSON), [_call("水管修好了。", answer)], error)


def _call(words: str, answer: Answer | None = None, **more: Any) -> Call:
    said = {"chat_id": 1111111, "text": words, "link_preview_options": {"is_disabled": True}, **more}
    return Call(SEND, said, answer or Answer(_SHOWN))


def _keyboard(label: str) -> dict[str, Any]:
    key = "5a4b3c2d5a4b3c2d5a4b3c2d5a4b3c2d:0"
    return {"inline_keyboard": [[{"text": label, "callback_data": key}]]}


def _update(name: str, number: int) -> Request:
    value = {**UPDATES[name], "update_id": number}
    value["message"] = {**value["message"], "message_id": number}
    return Request(json.dumps(value).encode(), headers={"Content-Type": "application/json", HEADER: SECRET})


TABLE = TelegramTable()
