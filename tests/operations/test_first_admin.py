"""The first admin of an empty Linli: invited at each start until somebody can sign in, by a link that works once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from community.access.invitations import set_first_password
from community.errors import Refused
from community.parties.models import Party, Staff
from linli.database import Sessions
from linli.settings import Settings
from operations.first_admin import invite_first_admin
from operations.problem import Problem
from operations.staff import invite_again


async def set_password(sessions: Sessions, token: str) -> None:
    async with sessions.begin() as session:
        await set_first_password(session, token, "lamplight over the river")


async def test_the_first_admin_is_invited_until_there_is_a_password(sessions: Sessions) -> None:
    first, second = await invite_first_admin(sessions), await invite_first_admin(sessions)
    assert first
    assert second
    with pytest.raises(Refused, match="invitation_over"):
        await set_password(sessions, first)
    await set_password(sessions, second)
    assert await invite_first_admin(sessions) is None


async def test_there_is_one_street_office_and_one_admin(sessions: Sessions) -> None:
    await invite_first_admin(sessions)
    await invite_first_admin(sessions)
    async with sessions() as session:
        assert [party.zh for party in await session.scalars(select(Party))] == ["本街道办事处"]
        assert await session.scalar(select(func.count()).select_from(Staff)) == 1


async def test_the_only_admin_who_lost_the_password_gets_a_new_link(
    sessions: Sessions, settings: Settings
) -> None:
    token = await invite_first_admin(sessions)
    assert token
    await set_password(sessions, token)
    link = await invite_again(sessions, settings, "Admin")
    assert link.startswith(f"{settings.address}/staff/invitation/")
    await set_password(sessions, link.rpartition("/")[2])
    with pytest.raises(Problem, match="Nobody signs in as nobody"):
        await invite_again(sessions, settings, "nobody")
