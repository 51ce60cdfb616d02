"""What goes back with the open request: one message as XML, sealed where the push was.

[source] developers.weixin.qq.com, 公众号: 被动回复用户消息. One message only; text at most 2047 bytes.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from channels.wechat.crypto import Envelope, sign

NOTHING = "success"
"""The one answer by which the platform neither repeats the push nor shows the person an error."""
LONGEST_BYTES = 2047
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """A reply of words."""

    text: str

    def as_xml(self) -> str:
        """The fields that belong to this kind."""
        return f"<MsgType><![CDATA[text]]></MsgType><Content>{_quoted(self.text)}</Content>"


@dataclass(frozen=True, slots=True)
class Picture:
    """A reply of one picture that the platform holds already."""

    media_id: str

    def as_xml(self) -> str:
        """The fields that belong to this kind."""
        inner = f"<Image><MediaId>{_quoted(self.media_id)}</MediaId></Image>"
        return f"<MsgType><![CDATA[image]]></MsgType>{inner}"


@dataclass(frozen=True, slots=True)
class Article:
    """A reply of one card with a link."""

    title: str
    text: str
    url: str

    def as_xml(self) -> str:
        """The fields that belong to this kind."""
        item = (
            f"<Title>{_quoted(self.title)}</Title><Description>{_quoted(self.text)}</Description>"
            f"<PicUrl><![CDATA[]]></PicUrl><Url>{_quoted(self.url)}</Url>"
        )
        count = "<ArticleCount>1</ArticleCount>"
        return f"<MsgType><![CDATA[news]]></MsgType>{count}<Articles><item>{item}</item></Articles>"


Reply = Words | Picture | Article


def write_reply(reply: Reply, *, to: str, account: str, at: int) -> str:
    """The XML of a reply to the person `to` from our account; `at` in seconds."""
    head = f"<ToUserName>{_quoted(to)}</ToUserName><FromUserName>{_quoted(account)}</FromUserName>"
    return f"<xml>{head}<CreateTime>{at}</CreateTime>{reply.as_xml()}</xml>"


def seal_reply(xml: str, envelope: Envelope, token: str, at: int) -> str:
    """The reply as safe mode wants it: encrypted, with a signature over what is encrypted."""
    encrypted, nonce = envelope.seal(xml.encode()), secrets.token_hex(8)
    signature = sign(token, str(at), nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
        f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{at}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )


def _quoted(text: str) -> str:
    """CDATA cannot hold its own end, so that is cut in two; what XML has no room for is left out."""
    return f"<![CDATA[{_NOT_XML.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
