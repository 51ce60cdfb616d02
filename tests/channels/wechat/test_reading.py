"""What pushes mean: bodies as the platform's documentation shows them, and what is to happen with each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.contract import Location, Media, MediaRef
from channels.wechat.happened import AFTER_ACT, AFTER_MESSAGE, Agreed, Left, Nothing, NotRead, Reported, Said
from channels.wechat.parsing import Push, WrongShape, read_fields
from channels.wechat.parsing import read_push as parse
from channels.wechat.reading import read_push
from linli.text import MOST_CHARACTERS

HEAD = (
    "<ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>"
    "<FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName><CreateTime>1395658920</CreateTime>"
)
OPENID = "oia2TjuEGTNoeX76QEjQNrcURxG8"


def push(inner: str) -> Push:
    """The push with these fields after the head."""
    return parse(read_fields(f"<xml>{HEAD}{inner}</xml>".encode()))


def message(kind: str, inner: str) -> Push:
    """A message of this kind."""
    return push(f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}<MsgId>1234567890123456</MsgId>")


def event(name: str, inner: str = "") -> Push:
    """An event."""
    return push(f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{inner}")


def test_words() -> None:
    happened = read_push(message("text", "<Content><![CDATA[this is a test 电梯]]></Content>"))
    assert isinstance(happened, Said)
    assert happened.incoming.text == "this is a test 电梯"
    assert (happened.incoming.outside_id, happened.incoming.message_id) == (OPENID, "1234567890123456")
    assert (happened.incoming.grant, happened.tapped) == (AFTER_MESSAGE, None)


def test_a_tap_on_an_item_of_a_menu() -> None:
    happened = read_push(message("text", "<Content>办好了</Content><bizmsgmenuid>0a:1</bizmsgmenuid>"))
    assert isinstance(happened, Said)
    assert happened.tapped == "0a:1"


@pytest.mark.parametrize(
    ("kind", "media"), [("image", Media.IMAGE), ("video", Media.VIDEO), ("shortvideo", Media.VIDEO)]
)
def test_media(kind: str, media: Media) -> None:
    inner = "<PicUrl><![CDATA[http://mmbiz.qpic.cn/x]]></PicUrl><MediaId><![CDATA[mId-1]]></MediaId>"
    happened = read_push(message(kind, inner))
    assert isinstance(happened, Said)
    assert happened.incoming.media == [MediaRef(media, "mId-1")]


def test_a_voice_with_and_without_its_words() -> None:
    inner = "<MediaId><![CDATA[mId]]></MediaId><Format><![CDATA[amr]]></Format>"
    heard = read_push(message("voice", f"{inner}<Recognition><![CDATA[电梯坏了。]]></Recognition>"))
    unheard = read_push(message("voice", f"{inner}<Recognition><![CDATA[]]></Recognition>"))
    assert isinstance(heard, Said)
    assert isinstance(unheard, Said)
    assert (heard.incoming.text, list(heard.incoming.media)) == ("电梯坏了。", [])
    assert (unheard.incoming.text, unheard.incoming.media) == ("", [MediaRef(Media.VOICE, "mId")])


def test_a_location_has_its_latitude_first() -> None:
    where = "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
    happened = read_push(message("location", f"{where}<Label><![CDATA[天河路 1 号]]></Label>"))
    assert isinstance(happened, Said)
    assert happened.incoming.location == Location(23.134521, 113.358803, "天河路 1 号")


@pytest.mark.parametrize("x", ["nan", "inf", "91", "north", ""])
def test_a_place_that_is_nowhere_is_not_read(x: str) -> None:
    where = f"<Location_X>{x}</Location_X><Location_Y>113</Location_Y>"
    assert isinstance(read_push(message("location", where)), NotRead)


def test_a_link_is_its_words() -> None:
    inner = (
        "<Title><![CDATA[停水通知]]></Title><Description>x</Description><Url><![CDATA[https://a.cn]]></Url>"
    )
    happened = read_push(message("link", inner))
    assert isinstance(happened, Said)
    assert happened.incoming.text == "停水通知 https://a.cn"


@pytest.mark.parametrize("kind", ["file", "miniprogrampage", "hologram"])
def test_what_cannot_be_taken_in_is_said(kind: str) -> None:
    happened = read_push(message(kind, ""))
    assert isinstance(happened, NotRead)
    assert happened.message == "kind_not_read"


def test_a_sticker_is_no_words() -> None:
    inner = "<Content><![CDATA[【收到不支持的消息类型，暂无法显示】]]></Content>"
    assert isinstance(read_push(message("text", inner)), NotRead)


@pytest.mark.parametrize(
    ("key", "scene"), [("qrscene_123123", "123123"), ("", None), ("last_trade_no_4200", None)]
)
def test_a_follow_says_by_which_code(key: str, scene: str | None) -> None:
    happened = read_push(event("subscribe", f"<EventKey><![CDATA[{key}]]></EventKey><Ticket>T</Ticket>"))
    assert isinstance(happened, Said)
    assert (happened.scene, happened.incoming.payload) == (scene, "/greet")
    assert happened.incoming.grant == AFTER_ACT


def test_a_scan_of_a_follower_has_no_prefix() -> None:
    happened = read_push(event("SCAN", "<EventKey><![CDATA[SCENE_VALUE]]></EventKey>"))
    assert isinstance(happened, Said)
    assert happened.scene == "SCENE_VALUE"


def test_a_click_says_only_what_a_menu_may_say() -> None:
    for key, payload in (("report_need", "/report_need"), ("/crisis", "/help_menu"), ("old", "/help_menu")):
        happened = read_push(event("CLICK", f"<EventKey><![CDATA[{key}]]></EventKey>"))
        assert isinstance(happened, Said)
        assert happened.incoming.payload == payload


def test_who_leaves() -> None:
    assert read_push(event("unsubscribe")) == Left(OPENID)


def test_outcomes_of_templates_and_notices() -> None:
    told = {"success": True, "failed:user block": False, "failed: system failed": False}
    for status, arrived in told.items():
        inner = f"<MsgID>200163836</MsgID><Status><![CDATA[{status}]]></Status>"
        assert read_push(event("TEMPLATESENDJOBFINISH", inner)) == Reported(OPENID, "200163836", arrived)
    item = "<TemplateId>T1</TemplateId><MsgID>17</MsgID><ErrorCode>{}</ErrorCode><ErrorStatus>x</ErrorStatus>"
    for code, arrived in (("0", True), ("43101", False)):
        nested = f"<SubscribeMsgSentEvent><List>{item.format(code)}</List></SubscribeMsgSentEvent>"
        assert read_push(event("subscribe_msg_sent_event", nested)) == Reported(OPENID, "17", arrived)


def test_consents_come_in_a_nested_list() -> None:
    item = "<List><TemplateId>{}</TemplateId><SubscribeStatusString>{}</SubscribeStatusString></List>"
    nested = "".join(item.format(*each) for each in (("T1", "accept"), ("T2", "reject")))
    for name, around in (("popup", "SubscribeMsgPopupEvent"), ("change", "SubscribeMsgChangeEvent")):
        happened = read_push(event(f"subscribe_msg_{name}_event", f"<{around}>{nested}</{around}>"))
        assert isinstance(happened, Agreed)
        assert happened.notices == [("T1", True), ("T2", False)]


@pytest.mark.parametrize("name", ["VIEW", "LOCATION", "view_miniprogram", "user_authorization_revoke", "new"])
def test_other_events_concern_nobody(name: str) -> None:
    assert read_push(event(name, "<EventKey>x</EventKey><Latitude>23.1</Latitude>")) == Nothing()


def test_times_are_in_seconds_and_ids_tell_events_apart() -> None:
    first = event("CLICK", "<EventKey>a</EventKey>")
    assert first.at == datetime(2014, 3, 24, 11, 2, tzinfo=UTC)
    assert (
        first.id != event("CLICK", "<EventKey>b</EventKey>").id != event("SCAN", "<EventKey>b</EventKey>").id
    )
    long = event("SCAN", f"<EventKey>{'a' * 500}</EventKey>")
    assert len(long.id) <= 200
    assert long.id != event("SCAN", f"<EventKey>{'a' * 499}b</EventKey>").id


def test_an_id_that_is_made_fits_where_it_is_kept() -> None:
    longest = HEAD.replace(OPENID, "o" * 64)
    for inner in (f"<MsgType>{'k' * 80}</MsgType>", f"<MsgType>event</MsgType><Event>{'e' * 80}</Event>"):
        made = parse(read_fields(f"<xml>{longest}{inner}<EventKey>{'s' * 64}</EventKey></xml>".encode())).id
        assert len(made) <= 200
        assert made.endswith(f":{'s' * 64}")


def test_words_are_made_safe_and_never_empty() -> None:
    for raw, words in (("\u202e\u200b", "?"), ("长" * 9000, "长" * MOST_CHARACTERS)):
        happened = read_push(message("text", f"<Content>{raw}</Content>"))
        assert isinstance(happened, Said)
        assert happened.incoming.text == words


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><xml>&x;</xml>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><xml/>',
        "<xml>" + "<a/>" * 200 + "</xml>",
        "<xml><MsgType>text</MsgType></xml>",
        f"<xml>{HEAD}</xml>",
        f"<xml>{HEAD}<MsgType>text</MsgType><MsgId>x</MsgId></xml>",
        f"<xml>{HEAD.replace('1395658920', '99999999999')}<MsgType>text</MsgType></xml>",
    ],
)
def test_wrong_shapes_are_refused(body: str) -> None:
    with pytest.raises(WrongShape) as wrong:
        parse(read_fields(body.encode()))
    assert OPENID not in str(wrong.value)
