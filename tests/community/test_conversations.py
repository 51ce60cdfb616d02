"""Who holds a conversation with a resident, and that none stays with a person who is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from community.clock import now
from community.conversations.models import Handover
from community.conversations.queries import count_waiting, find_open_handovers, get_handover_conversation
from community.conversations.usecases import (
    QUIET,
    ask_for_person,
    end_quiet_conversations,
    give_back,
    take_conversation,
    write_in_conversation,
)
from community.errors import NotFound
from community.inbox.usecases import Reply, claim_next, record_answer
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType, Role
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.conftest import say

HOUR = timedelta(hours=1)


async def _take(sessions: Sessions, cast: Cast) -> Handover:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        return await take_conversation(session, cast.here.staff[PartyType.COMMITTEE], wish.id)


async def _end_quiet(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return await end_quiet_conversations(session, now())


async def test_an_admin_manages_accounts_and_reads_no_conversation(sessions: Sessions, cast: Cast) -> None:
    admin = replace(cast.here.staff[PartyType.COMMITTEE], role=Role.ADMIN)
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
        assert await find_open_handovers(session, admin) == []
        assert await count_waiting(session, admin) == 0
        with pytest.raises(NotFound):
            await get_handover_conversation(session, admin, wish.id)
        with pytest.raises(NotFound):
            await take_conversation(session, admin, wish.id)


async def test_what_was_confided_to_the_bot_while_waiting_is_not_in_the_conversation(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "想问问居住证")
    confided = ("report_read_back_private", "crisis_self", "care_offer")
    for words, reply in (("证丢了", "unclear"), *(("我老公打我", name) for name in confided)):
        await say(sessions, cast.owner, words)
        async with sessions.begin() as session:
            waiting = await claim_next(session, cast.owner.resident_id, "test")
            assert waiting is not None
            await record_answer(session, waiting, [Reply(reply, {}, ())])
    async with sessions() as session:
        actor = cast.here.staff[PartyType.COMMITTEE]
        _, said = await get_handover_conversation(session, actor, wish.id)
    assert [line.text or line.message for line in said] == ["证丢了", "unclear"]


async def test_a_colleague_gives_back_for_who_is_away(sessions: Sessions, cast: Cast) -> None:
    taken = await _take(sessions, cast)
    holder, colleague = cast.here.staff[PartyType.COMMITTEE], cast.here.colleagues[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await give_back(session, colleague, taken.id)
    async with sessions() as session:
        told = await session.scalars(
            select(OutboxMessage.values).where(OutboxMessage.message == "person_leaves")
        )
        assert [values["name"] for values in told] == [holder.name]


async def test_a_conversation_that_nobody_gives_back_ends_by_itself(sessions: Sessions, cast: Cast) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        taken = await _take(sessions, cast)
        clock.move_to(start + QUIET - HOUR)
        assert await _end_quiet(sessions) == 0
        async with sessions.begin() as session:
            holder = cast.here.staff[PartyType.COMMITTEE]
            await write_in_conversation(session, holder, taken.id, "还在查", uuid4())
        clock.move_to(start + QUIET + HOUR)
        assert await _end_quiet(sessions) == 0
        clock.move_to(start + QUIET * 2)
        assert await _end_quiet(sessions) == 1
        assert await _end_quiet(sessions) == 0
    async with sessions() as session:
        told = await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))
        assert list(told) == ["person_joins", "person_says", "person_leaves"]
        assert await session.scalar(select(Handover.ended_at)) is not None
