"""What is checked of every request at WeChat's door, and how its body is opened; nothing here touches the database.

[source] developers.weixin.qq.com, 公众号: 接入指南, 消息加解密说明. The platform names no window for replays, so
there is one of ours: outside it a request is refused, inside it a repeat is known by its id (parsing.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from channels.wechat.crypto import Envelope, WrongEnvelope, is_signed
from channels.wechat.parsing import Push, find_encrypted, read_fields, read_push
from channels.wechat.replying import seal_reply, write_reply
from community.clock import now
from linli.settings import Settings

SKEW = timedelta(minutes=5)
_SECONDS = re.compile(r"[0-9]{1,12}")
Query = Mapping[str, str]


class Forged(Exception):
    """Not from the platform, or too old; `reason` is for the log and quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Desk:
    """Checks and opens for one account. With an EncodingAESKey only what is encrypted is taken.

    A plain signature covers the timestamp and the nonce and not the body, so whoever has seen one address could send
    any body with it for a while; the encrypted one covers the body.
    """

    def __init__(self, settings: Settings) -> None:
        self._token = settings.wechat_token.get_secret_value()
        key = settings.wechat_aes_key.get_secret_value()
        self._envelope = Envelope(settings.wechat_app_id, key) if key else None

    def check(self, query: Query) -> None:
        """The request is the platform's and of now. Raises Forged."""
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signed(query.get("signature", ""), self._token, stamp, nonce):
            raise Forged("signature")
        if not _SECONDS.fullmatch(stamp) or abs(int(stamp) - now().timestamp()) > SKEW.total_seconds():
            raise Forged("timestamp")

    def read(self, query: Query, content: bytes) -> Push:
        """The push in a checked request. Raises Forged, and WrongShape for what is no push."""
        root = read_fields(content)
        if self._envelope is None:
            return read_push(root)
        encrypted = find_encrypted(root)
        signed = (query.get("timestamp", ""), query.get("nonce", ""), encrypted)
        if not is_signed(query.get("msg_signature", ""), self._token, *signed):
            raise Forged("msg_signature")
        try:
            return read_push(read_fields(self._envelope.open(encrypted)))
        except WrongEnvelope as error:
            raise Forged(str(error)) from None

    def write(self, push: Push, words: str) -> str:
        """The reply to a push, sealed where pushes are."""
        seconds = int(now().timestamp())
        xml = write_reply(words, to=push.openid, account=push.account, at=seconds)
        return seal_reply(xml, self._envelope, self._token, seconds) if self._envelope else xml
