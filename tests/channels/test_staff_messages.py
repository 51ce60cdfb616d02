"""A message to staff on a channel: a number, a plain link into the console that signs nobody in, and no words."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import SecretStr

from channels.contract import Abilities, Outgoing
from channels.links import PageLinks
from channels.render import Card, Words, has_message, show
from channels.wechat.any_time import MESSAGES
from linli.settings import Settings

PLAIN = Abilities(buttons=8, button_text=64, longest_text=4096, idempotent=False)
CARDS = replace(PLAIN, cards=True)
LINKS = PageLinks(
    Settings(_env_file=None, public_url="https://linli.example.org", secret_key=SecretStr("of this test"))
)
NEED = uuid4()
ROW = Outgoing(
    id=uuid4(),
    address_id=uuid4(),
    outside_id="42",
    channel="telegram",
    message="staff_crisis",
    values={"code": "N7K4P", "console": f"/staff/needs/{NEED}"},
    buttons=(),
    language="zh",
    zone="Asia/Shanghai",
    attempts=1,
    resident_id=uuid4(),
)
URL = f"https://linli.example.org/staff/needs/{NEED}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_link_is_plain_and_in_the_words(language: str) -> None:
    [words] = show(replace(ROW, language=language), PLAIN, LINKS.make)
    assert isinstance(words, Words)
    assert "N7K4P" in words.text
    assert words.text.endswith(URL)
    assert "/m/enter" not in words.text


def test_where_links_are_drawn_it_is_a_card() -> None:
    _, card = show(ROW, CARDS, LINKS.make)
    assert isinstance(card, Card)
    assert card.url == URL


def test_no_link_leads_out_of_the_console() -> None:
    for path in ("/staff/../m", "//evil.example", "/staff?next=https://evil.example", "/api/needs"):
        with pytest.raises(ValueError, match="not a residents' page"):
            LINKS.make(uuid4(), path)


def test_what_is_urgent_may_go_out_after_the_window_and_has_words() -> None:
    urgent = {"staff_crisis", "staff_crisis_taken", "staff_urgent_need", "staff_bad_rating", "staff_clock"}
    assert urgent <= set(MESSAGES)
    assert all(has_message(name) for name in MESSAGES)
