"""Rows that are stored in one statement are stored as a flush of each would have stored them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from community.actors import ResidentActor
from community.clock import now
from community.needs.models import CameBy, Need, NeedHistory, NeedState, Visibility
from community.needs.usecases.steps import bell_of, first_line
from community.together import store_together
from linli.database import Sessions
from tests.cast import Cast


def a_need(cast: Cast, code: str = "ABCDE") -> Need:
    at = now()
    return Need(
        id=uuid4(),
        code=code,
        community_id=cast.here.community.id,
        resident_id=cast.owner.resident_id,
        kind="elevator",
        words="电梯停了",
        visibility=Visibility.PUBLIC,
        state=NeedState.REPORTED,
        first_answer_due_at=at,
        created_at=at,
        changed_at=at,
    )


async def test_rows_have_their_defaults_seals_and_order(sessions: Sessions, cast: Cast) -> None:
    need = a_need(cast)
    lines = [first_line(need, ResidentActor(cast.owner.resident_id)) for _ in range(3)]
    for line, why in zip(lines, "abc", strict=True):
        line.why = why
    async with sessions.begin() as session:
        await store_together(session, [need, *lines], told=bell_of(need.community_id, None))
        need.declines = 1  # it is the session's: a change of it is stored
    async with sessions() as session:
        stored = await session.get_one(Need, need.id)
        whys = (await session.scalars(select(NeedHistory.why).order_by(NeedHistory.id))).all()
        plain = await session.scalar(text("SELECT words = '电梯停了' FROM needs"))
    assert (stored.words, stored.came_by, stored.contact_phones, stored.rounds) == (
        "电梯停了",
        CameBy.CHAT,
        [],
        1,
    )
    assert stored.declines == 1
    assert whys == ["a", "b", "c"]
    assert plain is False


async def test_nothing_of_it_is_stored_where_one_row_cannot_be(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await store_together(session, [a_need(cast)], told=bell_of(cast.here.community.id, None))
    again = a_need(cast)
    line = first_line(again, ResidentActor(cast.owner.resident_id))
    with pytest.raises(IntegrityError):
        async with sessions.begin() as session:
            await store_together(session, [again, line], told=bell_of(again.community_id, None))
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(NeedHistory)) == 0
