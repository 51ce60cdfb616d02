"""From a push to what happened. Before: parsing.py read the XML; after: taking.py stores it.

[source] developers.weixin.qq.com, 公众号: 接收普通消息, 接收事件推送, 订阅通知事件推送.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from channels.contract import Incoming, Location, Media, MediaRef
from channels.wechat.happened import (
    AFTER_ACT,
    AFTER_MESSAGE,
    CHANNEL,
    Agreed,
    Happened,
    Left,
    Nothing,
    NotRead,
    Reported,
    Said,
)
from channels.wechat.keys import payload_of
from channels.wechat.parsing import Push
from linli.text import MOST_CHARACTERS, clean_text

WITHOUT_WORDS = "?"
LONGEST_ID = 200
FROM_QR = "qrscene_"
GREET = "/greet"
_STICKER = "【收到不支持的消息类型，暂无法显示】"
"""What the platform writes in place of a sticker."""
_MEDIA = {"image": Media.IMAGE, "video": Media.VIDEO, "shortvideo": Media.VIDEO, "voice": Media.VOICE}


def read_push(push: Push) -> Happened:
    """What happened; anything that is not known is Nothing, or NotRead where a person waits for an answer."""
    if push.kind == "event":
        return _EVENTS.get(push.event, _nothing)(push)
    return _MESSAGES.get(push.kind, _unknown)(push)


def _text(push: Push) -> Happened:
    if push.get("Content").strip() == _STICKER:
        return _unknown(push)
    words = clean_text(push.get("Content"))[:MOST_CHARACTERS] or WITHOUT_WORDS
    return Said(_incoming(push, words), tapped=push.get("bizmsgmenuid").strip()[:LONGEST_ID] or None)


def _media(push: Push) -> Happened:
    media_id = push.get("MediaId").strip()
    if not 0 < len(media_id) <= LONGEST_ID:
        return _unknown(push)
    return Said(_incoming(push, "", media=[MediaRef(_MEDIA[push.kind], media_id)]))


def _voice(push: Push) -> Happened:
    """The platform turns it into words where the account has asked it to; otherwise the person is asked to write."""
    words = clean_text(push.get("Recognition"))[:MOST_CHARACTERS]
    return Said(_incoming(push, words)) if words else _media(push)


def _location(push: Push) -> Happened:
    """Location_X is the latitude, Location_Y the longitude."""
    latitude, longitude = _degrees(push.get("Location_X"), 90), _degrees(push.get("Location_Y"), 180)
    label = clean_text(push.get("Label"))[:MOST_CHARACTERS]
    if latitude is None or longitude is None:
        return _unknown(push)
    return Said(_incoming(push, "", location=Location(latitude, longitude, label)))


def _link(push: Push) -> Happened:
    words = clean_text(f"{push.get('Title')} {push.get('Url')}")[:MOST_CHARACTERS] or WITHOUT_WORDS
    return Said(_incoming(push, words))


def _unknown(push: Push) -> Happened:
    return NotRead(_incoming(push, ""), "kind_not_read")


def _subscribe(push: Push) -> Happened:
    """The scene is there where the person came by a QR code of ours, and says so with a prefix."""
    scene = push.get("EventKey").strip()
    scene = scene.removeprefix(FROM_QR) if scene.startswith(FROM_QR) else ""
    return Said(_act(push, GREET), scene=clean_text(scene) or None)


def _scan(push: Push) -> Happened:
    return Said(_act(push, GREET), scene=clean_text(push.get("EventKey")) or None)


def _click(push: Push) -> Happened:
    return Said(_act(push, payload_of(push.get("EventKey").strip())))


def _unsubscribe(push: Push) -> Happened:
    return Left(push.openid)


def _agreed(push: Push) -> Happened:
    """One accepted popup is one notice; who refuses in the settings gets none."""
    notices = [
        (item["TemplateId"][:64], item.get("SubscribeStatusString") == "accept")
        for item in push.lists
        if item.get("TemplateId")
    ]
    return Agreed(push.openid, push.id, notices) if notices else Nothing()


def _notice_sent(push: Push) -> Happened:
    item: Mapping[str, str] = push.lists[0] if push.lists else {}
    return Reported(push.openid, item.get("MsgID", "")[:LONGEST_ID], item.get("ErrorCode") == "0")


def _template_sent(push: Push) -> Happened:
    return Reported(push.openid, push.get("MsgID")[:LONGEST_ID], push.get("Status").strip() == "success")


def _nothing(_: Push) -> Happened:
    return Nothing()


def _incoming(
    push: Push, words: str, *, media: list[MediaRef] | None = None, location: Location | None = None
) -> Incoming:
    return Incoming(
        CHANNEL, push.openid, push.id, words, media=media or (), location=location, grant=AFTER_MESSAGE
    )


def _act(push: Push, payload: str) -> Incoming:
    return Incoming(CHANNEL, push.openid, push.id, "", payload=payload, grant=AFTER_ACT)


def _degrees(raw: str, most: int) -> float | None:
    try:
        degrees = float(raw)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


_MESSAGES: Mapping[str, Callable[[Push], Happened]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "shortvideo": _media,
    "voice": _voice,
    "location": _location,
    "link": _link,
}
_EVENTS: Mapping[str, Callable[[Push], Happened]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "scan": _scan,
    "click": _click,
    "subscribe_msg_popup_event": _agreed,
    "subscribe_msg_change_event": _agreed,
    "subscribe_msg_sent_event": _notice_sent,
    "templatesendjobfinish": _template_sent,
}
"""VIEW, LOCATION, view_miniprogram and the rest need no answer, and the whereabouts of people are not kept."""
