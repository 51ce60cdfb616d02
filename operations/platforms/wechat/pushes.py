"""What people do in the stand-in's WeChat goes to Linli as the platform pushes it: signed, sealed, three tries."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from defusedxml.ElementTree import fromstring

from channels.wechat.crypto import Envelope, is_signed, sign
from community.clock import now
from operations.platforms.wechat.account import AFTER_ACT, AFTER_MESSAGE, FAULT, Account, Person, Shown

TRIES = 3
ANSWER_SECONDS = 5.0
LONGEST_PASSIVE = 2047
ACTS = frozenset({"subscribe", "SCAN", "CLICK"})
NESTED = frozenset({"SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent"})
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What Linli answered to one request."""

    status: int
    text: str


@dataclass(slots=True)
class Pushed:
    """What became of one push: how often it was tried, and what was answered in the end."""

    fields: Fields
    tries: int = 0
    status: int = 0
    answer: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Pusher:
    """Pushes of one account; `pushed` holds them in the order of their beginning."""

    account: Account
    pushed: list[Pushed] = field(default_factory=list)
    _client: ClientSession | None = None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client:
            await self._client.close()

    async def say(self, person: Person, words: str, tapped: str = "") -> Pushed:
        """Words of a person, or the tap on an item of a msgmenu with this id."""
        more = {"bizmsgmenuid": tapped} if tapped else {}
        return await self._message(person, "text", words, Content=words, **more)

    async def show(self, person: Person, content: bytes) -> Pushed:
        """A picture."""
        media_id = self.account.keep_media(content)
        return await self._message(
            person, "image", "", media_id, PicUrl="http://mmbiz.qpic.cn/x", MediaId=media_id
        )

    async def speak(self, person: Person, recognition: str | None) -> Pushed:
        """A voice message; with its words where the platform recognised them."""
        more = {} if recognition is None else {"Recognition": recognition}
        media_id = self.account.keep_media(b"#!AMR\n")
        return await self._message(person, "voice", "（语音）", MediaId=media_id, Format="amr", **more)

    async def locate(self, person: Person, latitude: float, longitude: float, label: str) -> Pushed:
        """A location that was sent as a message."""
        where = {"Location_X": f"{latitude}", "Location_Y": f"{longitude}", "Scale": "15", "Label": label}
        return await self._message(person, "location", label, **where)

    async def follow(self, person: Person, scene: str = "") -> Pushed:
        """Follow the account, from a QR code with a scene where one is given."""
        person.follows = True
        more = {"EventKey": f"qrscene_{scene}", "Ticket": "T"} if scene else {"EventKey": ""}
        return await self.event(person, "subscribe", **more)

    async def unfollow(self, person: Person) -> Pushed:
        """Stop following."""
        person.follows = False
        return await self.event(person, "unsubscribe", EventKey="")

    async def event(self, person: Person, name: str, **more: str) -> Pushed:
        """Any event."""
        if name in ACTS:
            person.grant(AFTER_ACT)
        return await self.push(person, {"MsgType": "event", "Event": name, **more})

    async def push(self, person: Person, more: Fields, at: datetime | None = None) -> Pushed:
        """Push these fields, and show the person what is answered."""
        fields = {
            "ToUserName": self.account.original_id,
            "FromUserName": person.openid,
            "CreateTime": str(int((at or now()).timestamp())),
            **more,
        }
        pushed = Pushed(fields)
        self.pushed.append(pushed)
        await self.repeat(pushed)
        self._show(person, pushed)
        return pushed

    async def repeat(self, pushed: Pushed) -> Pushed:
        """Push until it is answered in time, three times at most."""
        for _ in range(TRIES):
            pushed.tries += 1
            loop = asyncio.get_running_loop()
            began = loop.time()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    answer = await self.post(pushed.fields)
            except (ClientError, TimeoutError):
                pushed.status, pushed.answer = 0, ""
            else:
                pushed.status, pushed.answer = answer.status, answer.text
            pushed.seconds = loop.time() - began
            if pushed.status == 200:
                break
        return pushed

    async def post(self, fields: Fields) -> Answered:
        """One push, signed and in the account's mode."""
        query, content = self.sealed(fields)
        headers = {"Content-Type": "text/xml"}
        url = self.account.callback
        async with self._line().post(url, params=query, data=content, headers=headers) as answer:
            return Answered(answer.status, await answer.text())

    def sealed(self, fields: Fields, stamp: int | None = None) -> tuple[Fields, bytes]:
        """The query and the body of a push."""
        account, timestamp, nonce = self.account, str(stamp or int(now().timestamp())), secrets.token_hex(5)
        query = {
            "signature": sign(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": fields.get("FromUserName", ""),
        }
        plain = as_xml(fields)
        if account.mode == "plain":
            return query, f"<xml>{plain}</xml>".encode()
        encrypted = Envelope(account.app_id, account.aes_key).seal(f"<xml>{plain}</xml>".encode())
        query |= {"encrypt_type": "aes", "msg_signature": sign(account.token, timestamp, nonce, encrypted)}
        clear = plain if account.mode == "compatible" else f"<ToUserName>{account.original_id}</ToUserName>"
        return query, f"<xml>{clear}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()

    def _show(self, person: Person, pushed: Pushed) -> None:
        if pushed.status == 200 and pushed.answer == "success":
            return
        try:
            person.thread.append(self._read(person, pushed.answer if pushed.status == 200 else ""))
        except (ValueError, SyntaxError, LookupError):
            person.thread.append(Shown("fault", "text", FAULT))

    def _read(self, person: Person, answer: str) -> Shown:
        """A passive reply as the phone shows it. Raises ValueError for one that the platform does not take."""
        root = fromstring(answer)
        if encrypted := root.findtext("Encrypt"):
            parts = [root.findtext(name) or "" for name in ("TimeStamp", "Nonce")]
            if not is_signed(root.findtext("MsgSignature") or "", self.account.token, *parts, encrypted):
                raise ValueError("signature")
            root = fromstring(Envelope(self.account.app_id, self.account.aes_key).open(encrypted))
        elif self.account.mode == "safe":
            raise ValueError("plain in safe mode")
        names = (root.findtext("ToUserName"), root.findtext("FromUserName"))
        if names != (person.openid, self.account.original_id):
            raise ValueError("from and to")
        kind, words = root.findtext("MsgType") or "", root.findtext("Content") or ""
        if kind == "text" and 0 < len(words.encode()) <= LONGEST_PASSIVE:
            return Shown("passive", kind, words)
        if kind == "image" and (root.findtext("Image/MediaId") or "") in self.account.media:
            return Shown("passive", kind, media_id=root.findtext("Image/MediaId") or "")
        if kind == "news" and root.findtext("ArticleCount") == "1":
            item = {
                name: root.findtext(f"Articles/item/{name}") or "" for name in ("Title", "Description", "Url")
            }
            return Shown("passive", kind, f"{item['Title']}\n{item['Description']}".strip(), url=item["Url"])
        raise ValueError(kind)

    async def _message(
        self, person: Person, kind: str, words: str, media_id: str = "", **more: str
    ) -> Pushed:
        person.grant(AFTER_MESSAGE)
        person.thread.append(Shown("own", kind, words, media_id))
        return await self.push(person, {"MsgType": kind, "MsgId": str(self.account.next_number()), **more})

    def _line(self) -> ClientSession:
        """Made in the loop that uses it."""
        if self._client is None:
            timeout = ClientTimeout(total=ANSWER_SECONDS + 1)
            self._client = ClientSession(connector=TCPConnector(limit=0), timeout=timeout)
        return self._client


def as_xml(fields: Fields) -> str:
    """The inside of a push as the platform writes it: words in CDATA, numbers plain, a nested part as it is."""
    parts = []
    for name, value in fields.items():
        if value.isdecimal() or name in NESTED:
            parts.append(f"<{name}>{value}</{name}>")
        elif "]]>" in value:
            parts.append(f"<{name}>{escape(value)}</{name}>")
        else:
            parts.append(f"<{name}><![CDATA[{value}]]></{name}>")
    return "".join(parts)
