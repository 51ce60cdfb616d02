"""What a door says by itself goes where the person wrote, although they wish notices on another channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from channels.contract import Incoming
from channels.telegram import happened as on_telegram
from channels.telegram import taking as by_telegram
from channels.wechat import happened as on_wechat
from channels.wechat import taking as by_wechat
from community.clock import now
from community.contact.models import ContactPreference
from community.inbox.models import InboundMessage, InboundState
from community.outbox.models import OutboxMessage
from community.residents.models import Address
from community.residents.usecases import meet_person
from linli.database import Sessions

pytestmark = pytest.mark.usefixtures("cast")
CASES = [
    ("telegram", "wechat", on_telegram, by_telegram.take),
    ("wechat", "telegram", on_wechat, by_wechat.take),
]
Take = Callable[..., Awaitable[Any]]


async def _meet(sessions: Sessions, here: str, notices: str) -> None:
    """Somebody who is reached by both, and wishes notices by one."""
    async with sessions.begin() as session:
        known = await meet_person(session, here, "7")
        session.add(
            Address(resident_id=known.resident_id, channel=notices, outside_id="8", last_seen_at=now())
        )
        session.add(ContactPreference(resident_id=known.resident_id, channel=notices, changed_at=now()))


async def _told(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        told = await session.execute(select(OutboxMessage.message, Address.channel).join(Address))
        return [(message, channel) for message, channel in told]


@pytest.mark.parametrize(("here", "notices", "happened", "take"), CASES)
async def test_what_cannot_be_read_is_a_contact_and_is_answered_there_once(
    sessions: Sessions, here: str, notices: str, happened: ModuleType, take: Take
) -> None:
    await _meet(sessions, here, notices)
    for _ in range(2):
        async with sessions.begin() as session:
            unread = happened.NotRead(Incoming(here, "7", "m1", ""), "kind_not_read")
            await take(session, unread, most_a_minute=9)
    assert await _told(sessions) == [("kind_not_read", here)]
    async with sessions() as session:
        stored = (await session.scalars(select(InboundMessage))).one()
    assert stored.state is InboundState.HANDLED


@pytest.mark.parametrize(("here", "notices", "happened", "take"), CASES)
async def test_who_writes_too_much_is_told_there(
    sessions: Sessions, here: str, notices: str, happened: ModuleType, take: Take
) -> None:
    await _meet(sessions, here, notices)
    with time_machine.travel(now(), tick=False):  # it is said once in each minute
        for number in range(3):
            async with sessions.begin() as session:
                said = happened.Said(Incoming(here, "7", f"m{number}", "在吗"))
                await take(session, said, most_a_minute=1)
    assert await _told(sessions) == [("too_many", here)]
