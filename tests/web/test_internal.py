"""The action door: answers calls as Rasa sends them, without the domain and more than once, and each has one effect."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.actions.running import Tools
from community.conversations.models import Handover
from community.needs.usecases.residents import ReportLimits
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Cast
from web.internal import create_action_app


def call(cast: Cast, action: str) -> dict[str, Any]:
    """What Rasa posts in the middle of a turn."""
    message = {
        "text": "你好",
        "intent": {"name": "greet"},
        "entities": [],
        "metadata": {"message_id": "1", "files": []},
    }
    tracker = {
        "sender_id": str(cast.owner.resident_id),
        "slots": {},
        "latest_message": message,
        "events": [],
        "active_loop": {},
    }
    return {"next_action": action, "sender_id": tracker["sender_id"], "tracker": tracker}


async def ask(sessions: Sessions, body: dict[str, Any]) -> httpx.Response:
    """One call to a door that was asked nothing before."""
    door = httpx.ASGITransport(create_action_app(Tools(sessions, ReportLimits())))
    async with httpx.AsyncClient(transport=door, base_url="http://door") as client:
        return await client.post("/webhook", json=body)


@pytest.mark.parametrize("action", ["action_greet", "action_follow_need", "validate_withdraw_form"])
async def test_an_action_needs_no_domain(sessions: Sessions, cast: Cast, action: str) -> None:
    answer = await ask(sessions, call(cast, action))
    assert answer.status_code == 200
    assert answer.json()["responses"]


async def test_a_call_that_comes_again_also_at_the_same_moment_has_one_effect(
    sessions: Sessions, cast: Cast
) -> None:
    body = call(cast, "action_talk_to_human")
    answers = [answer.json() for answer in await asyncio.gather(*(ask(sessions, body) for _ in range(4)))]
    answers.append((await ask(sessions, body)).json())
    assert all(answer == answers[0] for answer in answers)
    async with sessions() as session:
        wished = select(Handover).where(Handover.resident_id == cast.owner.resident_id)
        assert len((await session.scalars(wished)).all()) == 1


async def test_an_unknown_action_is_404(sessions: Sessions, cast: Cast) -> None:
    assert (await ask(sessions, call(cast, "action_unheard_of"))).status_code == 404


async def test_a_database_that_is_away_is_503(cast: Cast) -> None:
    nowhere = make_sessions(make_engine("postgresql://nobody@/nothing?host=/nowhere"))
    assert (await ask(nowhere, call(cast, "action_follow_need"))).status_code == 503
