"""What goes back with the open request: one message of words as XML, sealed where the push was.

[source] developers.weixin.qq.com, 公众号: 被动回复用户消息. One message only, at most 2047 bytes of
text. It costs nothing of the person's budget.
"""

from __future__ import annotations

import re
import secrets

from channels.wechat.crypto import Envelope, sign

NOTHING = "success"
"""The one answer by which the platform neither repeats the push nor shows the person an error."""
LONGEST_BYTES = 2047
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_reply(words: str, *, to: str, account: str, at: int) -> str:
    """The XML of a reply to the person `to` from our account; `at` in seconds."""
    head = f"<ToUserName>{_quoted(to)}</ToUserName><FromUserName>{_quoted(account)}</FromUserName>"
    inner = f"<MsgType><![CDATA[text]]></MsgType><Content>{_quoted(words)}</Content>"
    return f"<xml>{head}<CreateTime>{at}</CreateTime>{inner}</xml>"


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
