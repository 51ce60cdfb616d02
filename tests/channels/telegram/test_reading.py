"""What each kind of update means, and that nothing else than an update ever means anything."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Location, Media
from channels.telegram.happened import (
    CameBack,
    GroupAsked,
    GroupMoved,
    Happened,
    Nothing,
    NotRead,
    Said,
    Stopped,
    Tapped,
)
from channels.telegram.reading import Me, Unreadable, language_of_client, read_update
from community.residents.models import Language
from tests.channels.telegram.payloads import FILE, ME, UPDATES, message

US = Me(ME, "linli_demo_bot")


def read(name: str) -> Happened:
    return read_update(UPDATES[name], US)


def said(name: str) -> Said:
    happened = read(name)
    assert isinstance(happened, Said)
    return happened


@pytest.mark.parametrize(
    ("name", "text", "payload"),
    [
        ("words", "3号楼2单元的电梯坏了两天了", None),
        ("words with marks", "abc", None),
        ("a command of ours", "", "/help_menu"),
        ("start", "", "/greet"),
        ("a language", "", '/change_language{"value": "en"}'),
        ("which language", "", "/change_language"),
        ("a command of nobody", "/report something", None),
        ("the own phone", "我的电话是 13912345678", None),
        ("a sticker", "👍", None),
        ("a sticker without a face", "", "/send_sticker"),
        ("changed soon", "3号楼1单元", None),
        ("a photo with words", "楼道里的杂物", None),
    ],
)
def test_words_and_payloads(name: str, text: str, payload: str | None) -> None:
    incoming = said(name).incoming
    assert (incoming.text, incoming.payload) == (text, payload)
    assert (incoming.outside_id, incoming.message_id) == ("1111111", f"{ME}:10000")


@pytest.mark.parametrize(
    ("name", "kind", "file_id", "called"),
    [
        ("a photo", Media.IMAGE, f"{FILE}large", None),
        ("a photo of an album", Media.IMAGE, f"{FILE}large", None),
        ("a voice note", Media.VOICE, FILE, None),
        ("a video", Media.VIDEO, FILE, None),
        ("a video note", Media.VIDEO, FILE, None),
        ("a moving picture", Media.VIDEO, FILE, None),
        ("a document", Media.FILE, FILE, "通知.pdf"),
        ("a picture as a document", Media.IMAGE, FILE, "lift.png"),
    ],
)
def test_media(name: str, kind: Media, file_id: str, called: str | None) -> None:
    (ref,) = said(name).incoming.media
    assert (ref.kind, ref.id, ref.name) == (kind, file_id, called)


def test_pictures_that_were_sent_at_once() -> None:
    assert (said("a photo").album, said("a photo of an album").album) == (None, "13579")


def test_places() -> None:
    assert said("a place").incoming.location == Location(23.1291, 113.2644, "")
    assert said("a venue").incoming.location == Location(23.1, 113.2, "居民活动室 锦园路1号")


@pytest.mark.parametrize(
    ("name", "scene"),
    [
        ("start", None),
        ("start by a link", "20ac1b9e5b9a4b3a8d7f1f0c2a3b4c5d"),
        ("start to the bot by name", "JYL"),
    ],
)
def test_a_link_says_where(name: str, scene: str | None) -> None:
    assert said(name).scene == scene


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("somebody's phone", "phone_of_another"),
        ("a phone without an account", "phone_of_another"),
        ("a poll", "kind_not_read"),
        ("changed late", "edit_too_late"),
    ],
)
def test_what_cannot_be_taken_in_is_said(name: str, told: str) -> None:
    happened = read(name)
    assert isinstance(happened, NotRead)
    assert happened.message == told


@pytest.mark.parametrize(
    "name",
    [
        "a place that moves",
        "something pinned",
        "let into a group",
        "neighbours among themselves",
        "another bot's command",
        "a bot speaks",
        "a channel post",
        "a kind of tomorrow",
    ],
)
def test_what_needs_no_answer(name: str) -> None:
    assert read(name) == Nothing()


def test_a_tap() -> None:
    tapped = read("a tap")
    assert isinstance(tapped, Tapped)
    assert (tapped.outside_id, tapped.query_id, tapped.message_id) == ("1111111", "4382bfdwdsb323b2d9", 77)


@pytest.mark.parametrize(
    ("name", "message_id"), [("a tap on something old", 77), ("a tap in a group", None), ("a game", 77)]
)
def test_every_tap_is_one(name: str, message_id: int | None) -> None:
    tapped = read(name)
    assert isinstance(tapped, Tapped)
    assert tapped.message_id == message_id


def test_blocked_and_back() -> None:
    assert read("blocked") == Stopped("1111111")
    assert read("back") == CameBack("1111111")


@pytest.mark.parametrize(
    ("name", "words", "scene"),
    [
        ("the bot is named in a group", "居委会几点下班", None),
        ("the bot is answered in a group", "那周末呢", None),
        ("a group begins", "", "JYL"),
    ],
)
def test_in_a_group_it_hears_what_is_said_to_it(name: str, words: str, scene: str | None) -> None:
    asked = read(name)
    assert isinstance(asked, GroupAsked)
    assert (asked.words, asked.scene) == (words, scene)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-hans", Language.ZH),
        ("zh", Language.ZH),
        ("en-GB", Language.EN),
        ("es", Language.EN),
        (None, None),
        (7, None),
    ],
)
def test_a_first_guess_of_the_language(code: object, language: Language | None) -> None:
    assert language_of_client(code) is language


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(Unreadable):
        read_update(value, US)


PARTS = sorted(
    {key for update in UPDATES.values() for part in update.values() if isinstance(part, dict) for key in part}
)


@given(st.sampled_from(sorted(UPDATES)), st.sampled_from(PARTS), json_values)
def test_a_part_of_an_update_may_be_anything(name: str, part: str, value: object) -> None:
    update = dict(UPDATES[name])
    kind = next(key for key in update if key != "update_id")
    update[kind] = {**update[kind], part: value}
    with contextlib.suppress(Unreadable):
        read_update(update, US)


@pytest.mark.parametrize("number", [None, "10000", True, 2**70, 1.5])
def test_an_update_has_a_number(number: object) -> None:
    with pytest.raises(Unreadable):
        read_update({**message(text="在吗"), "update_id": number}, US)


def test_a_group_that_has_grown_is_said_in_both_chats() -> None:
    here = UPDATES["grown"]["message"]["chat"]["id"]
    assert read("grown") == GroupMoved(here, -1009)
    assert read("grown out of") == GroupMoved(-5, here)
