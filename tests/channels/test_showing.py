"""What a channel shows of a message follows from what it can: buttons, numbers, pieces, pictures, links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from channels.choices import chosen
from channels.contract import Abilities, Media, Outgoing
from channels.render import Card, Document, Picture, Words, render_text, show
from channels.render.showing import is_numbered

PICTURE, LETTER = uuid4(), uuid4()
MANY = Abilities(buttons=8, button_text=64, longest_text=4096, idempotent=False)
FEW = replace(MANY, buttons=2)
NONE = replace(MANY, buttons=0)
BYTES = replace(NONE, longest_text=2047, unit="bytes")
YES = {"label": "button_report_it", "payload": "/affirm"}
CHANGE = {"label": "button_change", "payload": "/deny"}
PHOTO = {"label": "button_add_photo", "payload": "/photo"}
CALL = {"label": "button_call", "payload": "tel:110", "values": {"number": "110"}}


def _row(message: str = "person_says", words: str = "水管修好了。", **changes: Any) -> Outgoing:
    row = Outgoing(
        id=UUID(int=7),
        address_id=uuid4(),
        outside_id="o1",
        channel="test",
        message=message,
        values={"words": words},
        buttons=(),
        language="zh",
        zone="Asia/Shanghai",
        attempts=1,
        resident_id=uuid4(),
    )
    return replace(row, **changes)


def _page(resident_id: UUID, path: str) -> str:
    return f"https://linli.example.org/m/enter?t={resident_id.hex[:4]}{path}"


def test_words_alone() -> None:
    assert show(_row(), MANY) == [Words("水管修好了。")]


def test_buttons_stand_under_the_words_by_a_key_that_says_nothing() -> None:
    [words] = show(_row(buttons=[YES, CHANGE]), MANY)
    assert isinstance(words, Words)
    assert [choice.payload for choice in words.choices] == ["/affirm", "/deny"]
    assert [choice.key for choice in words.choices] == [f"{UUID(int=7).hex}:0", f"{UUID(int=7).hex}:1"]
    assert all(len(choice.key.encode()) <= 64 for choice in words.choices)


@pytest.mark.parametrize("abilities", [NONE, FEW, replace(MANY, button_text=2)])
def test_what_is_not_drawn_is_numbered_and_the_number_finds_it(abilities: Abilities) -> None:
    buttons = [YES, CHANGE, PHOTO]
    [words] = show(_row(buttons=buttons), abilities)
    assert isinstance(words, Words)
    assert not words.choices
    label = render_text("button_change", "zh", {})
    assert f"\n2. {label}\n" in words.text
    assert words.text.endswith("回复数字就行。")
    assert is_numbered(buttons, "zh", abilities)
    assert is_numbered(buttons, "zh", replace(MANY, may_number=True))
    assert not is_numbered(buttons, "zh", MANY)
    for said in ("2", "第二个", "选二", "２", "the second one"):
        assert chosen(said, buttons, numbered=True) == "/deny"


def test_a_number_before_a_place_is_not_the_place_s_own() -> None:
    buttons = [
        {
            "label": "button_place",
            "payload": f"/{number}",
            "values": {"place": {"zh": f"{number}单元", "en": ""}},
        }
        for number in (3, 1, 2)
    ]
    assert chosen("2", buttons) == "/2"
    assert chosen("2", buttons, numbered=True) == "/1"


def test_more_than_nine_choices_have_numbers_too() -> None:
    buttons = [{"label": "button_call", "payload": f"/{n}", "values": {"number": n}} for n in range(1, 21)]
    [words] = show(_row(buttons=buttons), MANY)
    assert isinstance(words, Words)
    assert "\n20. " in words.text
    said = {
        "12": "/12",
        "十二": "/12",
        "第十个": "/10",
        "选二十": "/20",
        "the tenth one": "/10",
        "20": "/20",
        "九": "/9",
    }
    assert {words: chosen(words, buttons, numbered=True) for words in said} == said


def test_a_number_to_call_is_read_in_the_words() -> None:
    [words] = show(_row(buttons=[CALL, YES]), FEW)
    assert isinstance(words, Words)
    assert words.text.endswith("拨 110")
    assert [choice.payload for choice in words.choices] == ["/affirm"]


def test_long_words_are_cut_and_the_buttons_stand_under_the_last() -> None:
    row = _row(words="水。" * 1000, buttons=[YES])
    pieces = show(row, replace(MANY, longest_text=2047, unit="bytes"))
    assert len(pieces) == 3
    assert all(isinstance(piece, Words) and len(piece.text.encode()) <= 2047 for piece in pieces)
    assert [bool(piece.choices) for piece in pieces if isinstance(piece, Words)] == [False, False, True]
    assert all(isinstance(piece, Words) for piece in show(row, BYTES))


def test_who_of_staff_speaks_is_named() -> None:
    assert show(_row(sender="居委会 王敏"), MANY) == [Words("居委会 王敏：\n水管修好了。")]


def test_pictures_and_documents_where_the_channel_has_them() -> None:
    files = [
        {"id": str(PICTURE), "name": "", "photo": True},
        {"id": str(LETTER), "name": "说明.pdf", "photo": False},
    ]
    row = _row(values={"words": "请看", "files": files})
    both = replace(MANY, media=frozenset({Media.IMAGE, Media.FILE}))
    assert show(row, both)[1:] == [Picture(PICTURE), Document(LETTER, "说明.pdf")]
    assert show(row, replace(MANY, media=frozenset({Media.IMAGE})))[1:] == [Picture(PICTURE)]
    assert show(row, MANY) == [Words("请看")]


def test_the_page_of_a_need_is_a_card_or_a_line_and_nothing_where_buttons_ask() -> None:
    row = _row("staff_answer", need_id=UUID(int=9))
    [_, card] = show(row, replace(MANY, cards=True), _page)
    assert isinstance(card, Card)
    assert card.url.endswith(f"/m/needs/{UUID(int=9)}")
    [words] = show(row, MANY, _page)
    assert isinstance(words, Words)
    assert words.text.startswith("水管修好了。\n看看这件事：https://")
    [counted] = show(row, replace(MANY, cards=True, budget=True), _page)
    assert counted == words
    assert len(show(replace(row, buttons=[YES]), replace(MANY, cards=True), _page)) == 1


def test_a_message_whose_words_are_gone_says_so() -> None:
    [words] = show(_row("no_such_message"), MANY)
    assert words == Words(render_text("words_gone", "zh", {}))
