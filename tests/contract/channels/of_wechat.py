"""WeChat in safe mode: sealed pushes of the platform's documentation, calls of its API, and its errcodes in a 200."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from channels.contract import Location, Media
from channels.errors import SendError
from operations.platforms.wechat import Account, Pusher
from tests.contract.channels.scripted import Answer, Call
from tests.contract.channels.table import Received, Request, Sent, row

PERSON = "oPersonOfTheContract0000001"
TOKEN = "the-token-of-the-platform"
ACCOUNT = Account(mode="safe")
GIVEN = Call("/cgi-bin/stable_token", None, Answer({"access_token": TOKEN, "expires_in": 7200}))
RENEWED = replace(GIVEN, answer=Answer({"access_token": f"{TOKEN}-2", "expires_in": 7200}))
SEND = "/cgi-bin/message/custom/send"
FINE = Answer({"errcode": 0, "errmsg": "ok"})


class WeChatTable:
    """The callback and the API."""

    name, door = "wechat", "/channels/wechat"
    secrets: Sequence[str] = (ACCOUNT.secret, ACCOUNT.token, ACCOUNT.aes_key, TOKEN)
    accepts, refuses = 200, frozenset({403})
    fine = FINE
    impossible: Mapping[SendError, str] = {SendError.KIND_SPENT: "words alone have no quota of their own"}

    def settings(self, platform: str) -> dict[str, Any]:
        """An account in safe mode."""
        return {
            "wechat_app_id": ACCOUNT.app_id,
            "wechat_secret": SecretStr(ACCOUNT.secret),
            "wechat_token": SecretStr(ACCOUNT.token),
            "wechat_aes_key": SecretStr(ACCOUNT.aes_key),
            "wechat_api_base": platform,
        }

    async def enter(self, address: str) -> Mapping[str, str]:
        """Each request is signed by itself."""
        return {}

    def received(self) -> Sequence[Received]:
        """Words, a picture, a voice that was written down, a place with its name, a follow."""
        place = {
            "Location_X": "23.134521",
            "Location_Y": "113.358803",
            "Scale": "20",
            "Label": "阳光社区3号楼",
        }
        heard = {"MediaId": "voice1", "Format": "amr", "Recognition": "电梯坏了"}
        return [
            Received("words", _push("text", "1", Content="3号楼漏水了 😀"), "3号楼漏水了 😀", sends=5),
            Received(
                "a picture",
                _push("image", "2", PicUrl="http://mmbiz.qpic.cn/x", MediaId="image1"),
                media=[(Media.IMAGE, "image1")],
                sends=5,
            ),
            Received("a voice", _push("voice", "3", **heard), "电梯坏了", sends=5),
            Received(
                "a place",
                _push("location", "4", **place),
                location=Location(23.134521, 113.358803, "阳光社区3号楼"),
                sends=5,
            ),
            Received(
                "a follow", _push("event", "", Event="subscribe", EventKey=""), payload="/greet", sends=3
            ),
        ]

    def forged(self) -> Sequence[Request]:
        """Wrong signatures of both kinds, none at all, another account's seal, and one of an hour ago."""
        good = _push("text", "9", Content="我要报修")
        wrong: Sequence[Mapping[str, str]] = (
            {**good.params, "msg_signature": "0" * 40},
            {**good.params, "signature": "0" * 40, "msg_signature": ""},
            {**good.params, "nonce": "another"},
            {},
        )
        other = Account(
            app_id="wx0000000000000000", aes_key=ACCOUNT.aes_key, token=ACCOUNT.token, mode="safe"
        )
        fields = {"MsgType": "text", "MsgId": "9", "Content": "我要报修"}
        return [
            *(Request(good.content, params) for params in wrong),
            _sealed(other, fields),
            _sealed(ACCOUNT, fields, int(time.time()) - 3600),
        ]

    def sent(self) -> Sequence[Sent]:
        """Words, a msgmenu, and every errcode that means something."""
        menu = {
            "touser": PERSON,
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "水管修好了。",
                "list": [{"id": "5a4b3c2d5a4b3c2d5a4b3c2d5a4b3c2d:0", "content": "对，报上去"}],
                "tail_content": "",
            },
        }
        buttons = [{"label": "button_report_it", "payload": '/choose{"value": "secret"}'}]
        return [
            Sent("words", row(PERSON), [GIVEN, _call(FINE)]),
            Sent("buttons", row(PERSON, buttons=buttons), [GIVEN, Call(SEND, menu, FINE)]),
            Sent("a token renewed once", row(PERSON), [GIVEN, _call(_code(42001)), RENEWED, _call(FINE)]),
            *(
                Sent(str(code), row(PERSON), [GIVEN, _call(_code(code))], error)
                for code, error in _ERRORS.items()
            ),
            Sent(
                "a token refused twice",
                row(PERSON),
                [GIVEN, _call(_code(40001)), RENEWED, _call(_code(40001))],
                SendError.MISCONFIGURED,
            ),
            Sent("dropped", row(PERSON), [GIVEN, _call(Answer(drops=True))], SendError.LOST_ANSWER),
            Sent("garbage", row(PERSON), [GIVEN, _call(Answer("<html>"))], SendError.LOST_ANSWER),
        ]


_ERRORS = {
    -1: SendError.BUSY,
    40003: SendError.NOBODY_THERE,
    40164: SendError.MISCONFIGURED,
    43101: SendError.NEEDS_CONSENT,
    45002: SendError.TOO_LONG,
    45009: SendError.QUOTA_SPENT,
    45011: SendError.RATE_LIMITED,
    45015: SendError.WINDOW_OVER,
    45047: SendError.BUDGET_SPENT,
    48001: SendError.KIND_CLOSED,
    50002: SendError.REFUSED,
}


def _code(code: int) -> Answer:
    return Answer({"errcode": code, "errmsg": f"refused {TOKEN}"})


def _call(answer: Answer) -> Call:
    return Call(SEND, {"touser": PERSON, "msgtype": "text", "text": {"content": "水管修好了。"}}, answer)


def _push(kind: str, number: str, **fields: str) -> Request:
    return _sealed(ACCOUNT, {"MsgType": kind, **({"MsgId": number} if number else {}), **fields})


def _sealed(account: Account, fields: Mapping[str, str], at: int | None = None) -> Request:
    """A push as the platform makes it."""
    moment = int(time.time())
    head = {"ToUserName": account.original_id, "FromUserName": PERSON, "CreateTime": str(moment)}
    query, content = Pusher(account).sealed({**head, **fields}, at or moment)
    return Request(content, query, {"Content-Type": "text/xml"})


TABLE = WeChatTable()
