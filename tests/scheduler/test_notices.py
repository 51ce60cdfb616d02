"""The job of notices, as an operator runs it for a moment: `linli job run notices --at`."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import time_machine

from community.notices.models import NoticeRecipient, NoticeState
from community.residents.usecases import meet_person
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.deliver import deliver
from scheduler.jobs.notices import notices
from scheduler.tools import Tools, make_tools
from tests.cast import Cast
from tests.community.notices.sent import TEN, approve, recipients
from tests.community.notices.test_on_its_way import DAY, HOUR, state_of


def make(sessions: Sessions, database_url: str, folder: Path) -> Tools:
    return make_tools(Settings(_env_file=None, database_url=database_url, data_dir=folder), sessions)


async def rows(sessions: Sessions, notice_id: UUID) -> list[NoticeRecipient]:
    return list((await recipients(sessions, notice_id)).values())


async def test_from_the_hour_it_is_due_to_the_day_it_is_over(
    sessions: Sessions, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    tools = make(sessions, database_url, tmp_path)
    notice_id = await approve(sessions, cast.here, send_at=TEN)
    with time_machine.travel(TEN, tick=False):
        await notices(tools, TEN - HOUR)
        assert await rows(sessions, notice_id) == []
        assert await notices(tools, TEN) == 1 + 2
        assert await deliver(tools, TEN) == 2
        await notices(tools, TEN)
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, False)
    async with sessions.begin() as session:
        await meet_person(session, "web", "new", community_id=cast.here.community.id)
    with time_machine.travel(TEN + HOUR, tick=False):
        assert await notices(tools, TEN + HOUR) == 1
    assert len(await rows(sessions, notice_id)) == 3
    with time_machine.travel(TEN + 2 * DAY, tick=False):
        await deliver(tools, TEN + 2 * DAY)
        await notices(tools, TEN + 2 * DAY)
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, True)
    assert await notices(tools, TEN + 3 * DAY) == 0
    assert {row.state.value for row in await rows(sessions, notice_id)} == {"sent", "failed"}
