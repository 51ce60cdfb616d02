"""A word that is the topic of a notice is looked up in notices, as the action sees it, without Rasa in front."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.clock import now
from community.notices.models import Notice, NoticeState
from linli.database import Sessions
from tests.cast import Cast
from tests.dialogue.test_joining_steps import Person

REPORT = "validate_report_form"


@pytest.fixture
async def person(sessions: Sessions, cast: Cast) -> Person:
    """Somebody for whom a notice of a water cut holds."""
    async with sessions.begin() as session:
        session.add(
            Notice(
                community_id=cast.here.community.id,
                category="utilities",
                state=NoticeState.SENT,
                title_zh="停水通知",
                text_zh="明天 9:00 到 12:00 停水。",
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=1),
            )
        )
    return Person(sessions, cast.owner.resident_id)


@pytest.mark.parametrize("said", ["停水", "停水通知", "water"])
async def test_two_characters_find_the_notice(person: Person, said: str) -> None:
    assert (await person.say(said, "report_need", REPORT))[-2:] == ["notice", "notice_or_report"]
    assert person.slots["requested_slot"] is None


@pytest.mark.parametrize("said", ["停电", "我家停水了，没通知啊", "停水了"])
async def test_what_no_notice_is_about_or_what_tells_more_is_a_report(person: Person, said: str) -> None:
    assert "notice_or_report" not in await person.say(said, "report_need", REPORT)
