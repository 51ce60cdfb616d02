"""From a piece of a message to the body of a customer-service message.

[source] developers.weixin.qq.com, 公众号: 客服消息. The only buttons are those of `msgmenu`, each on a line of its own.
"""

from __future__ import annotations

from typing import Any

from channels.render import Card, Document, Words

Body = dict[str, Any]


def words_body(openid: str, words: Words) -> Body:
    """A text, or a msgmenu whose items say the key of our button when they are tapped."""
    if not words.choices:
        return {"touser": openid, "msgtype": "text", "text": {"content": words.text}}
    listed = [{"id": choice.key, "content": choice.label} for choice in words.choices]
    menu = {"head_content": words.text, "list": listed, "tail_content": ""}
    return {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}


def card_body(openid: str, card: Card) -> Body:
    """A link with a title: one article."""
    article = {"title": card.title, "description": card.text, "url": card.url, "picurl": ""}
    return {"touser": openid, "msgtype": "news", "news": {"articles": [article]}}


def document_body(openid: str, document: Document) -> Body:
    """The platform sends no files: the person reads that there is one."""
    return {"touser": openid, "msgtype": "text", "text": {"content": f"📄 {document.name}"}}


def image_body(openid: str, media_id: str) -> Body:
    """A picture that the platform holds."""
    return {"touser": openid, "msgtype": "image", "image": {"media_id": media_id}}
