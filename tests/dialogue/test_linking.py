"""Linking with the trained Rasa: whatever it takes the words for, a code is shown here and typed there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from community.residents.models import Language, Resident
from community.residents.usecases import meet_person
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot


@dataclass
class Phone(Talk):
    """The same person on Telegram, whom nobody knows yet."""

    known: UUID | None = None

    @property
    def resident_id(self) -> UUID:
        """Who talks here."""
        assert self.known is not None
        return self.known


@pytest.fixture
async def phone(talk: Talk) -> Phone:
    async with talk.sessions.begin() as session:
        community_id = talk.cast.here.community.id
        met = await meet_person(session, "telegram", "42", community_id=community_id, language=Language.ZH)
    return Phone(talk.client, talk.sessions, talk.cast, talk.break_actions, known=met.resident_id)


async def test_what_was_told_here_is_known_there(talk: Talk, phone: Phone) -> None:
    await talk.play(
        """
        > 3号楼2单元的电梯坏了
        - report_read_back
        > [button_report_it]
        - need_saved
        > 把Telegram也连上
        - link_code
        """
    )
    digits = talk.bubbles[-1]["values"]["code"]
    await phone.play(
        f"""
        > 你好
        - greeting
        > {digits}
        - link_done: 网页
        > [button_where]
        - notices_go_there: Telegram
        > 我报的事办得怎么样了
        - need_progress: 电梯
        = needs: elevator routed
        > 断开网页
        - unlinked: 网页
        """
    )
    async with talk.sessions() as session:
        assert await session.get(Resident, talk.resident_id) is None


async def test_digits_in_the_middle_of_a_report_link_and_the_report_goes_on(talk: Talk, phone: Phone) -> None:
    await talk.play(
        """
        > link my Telegram
        - link_code
        """
    )
    digits = talk.bubbles[-1]["values"]["code"]
    await phone.play(
        f"""
        > 我要报修
        - report_ask_what
        > {digits}
        - link_done
        > 3号楼2单元的电梯坏了
        - report_read_back
        """
    )


async def test_other_digits_are_no_code(talk: Talk) -> None:
    await talk.play(
        """
        > 绑定 000000
        - link_wrong
        > 通知发到哪
        - notices_where
        > 医保怎么绑定微信
        """
    )
    assert "link_code" not in {bubble["message"] for bubble in talk.bubbles}
