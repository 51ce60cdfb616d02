"""The worker, and the app, are killed (SIGKILL) in mid-send against both stand-ins; then all is counted, there and in
the rows. What was on its way when a process died may come twice, and its row says so: nothing else does, and nothing is
lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text

from channels.contract import Grant, Incoming
from community.clock import now
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from linli.database import Sessions
from linli.settings import Settings
from operations.deployment import Deployment, explain_end
from operations.platforms.telegram import TOKEN, make_app, people
from operations.platforms.wechat import pushes
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.channels.conftest import until
from tests.channels.platform_stand_in import come
from tests.channels.telegram.conftest import Platform as Telegram
from tests.channels.wechat.stand_in import Platform as WeChat
from tests.channels.wechat.stand_in import platform_on_loopback

PEOPLE, EACH, KILLS = 6, 3, 3
PLENTY = Grant(50, timedelta(hours=48))
"""What a dead process had in its hands counts against the budget: of five, the last would wait for the person."""
SPENT = (OutboxState.WAITING, "budget_spent")
SLOW, PATIENCE = 0.15, 300.0
_LEASES = (
    "UPDATE outbox_messages SET lease_until = now() WHERE state = 'sending'",
    "UPDATE turn_leases SET until = now()",
    "UPDATE telegram_listeners SET until = now()",
)


@dataclass
class Scene:
    """Linli's processes and both platforms, on each of which people have phones."""

    linli: Deployment
    sessions: Sessions
    wechat: WeChat
    telegram: Telegram

    def heard(self) -> Counter[str]:
        """How often each words were shown on a phone."""
        followers = self.wechat.account.people.values()
        told = [words for person in followers for words in person.heard()]
        chats = self.telegram.state.chats.values()
        told += [row["text"] for chat in chats for row in chat if row["from"]["is_bot"]]
        return Counter(told)

    async def kill_in_mid_send(self, name: str, so_many: int) -> None:
        """Kill a process that is sending, once so many messages are shown; what it held is free, as time would do."""

        async def sends() -> bool:
            if (child := self.linli.ended()) is not None:
                raise AssertionError(explain_end(child))
            return self.heard().total() >= so_many and await self._count(OutboxState.SENDING) > 0

        await until(sends, PATIENCE)
        self.linli.kill(name)
        async with self.sessions.begin() as session:
            for statement in _LEASES:
                await session.execute(text(statement))
        self.linli.start(name)

    async def check(self, words: set[str]) -> int:
        """Everything is out, shown, and twice only where the row is uncertain; gives how many were uncertain.

        What dead processes had in their hands is counted against WeChat's five: when these are spent, a row that is
        uncertain waits for its person's next contact, though it was shown.
        """

        async def quiet() -> bool:
            waiting = {row.uncertain for row in await self._rows(OutboxState.WAITING)}
            going = await self._count(OutboxState.PENDING, OutboxState.SENDING)
            return not going and waiting <= {True} and words <= set(self.heard())

        try:
            await until(quiet, PATIENCE)
        except TimeoutError:
            lacks = sorted(words - set(self.heard()))
            raise AssertionError(f"not shown: {lacks}; not sent: {await self._left()}") from None
        rows = await self._rows(*OutboxState)
        assert {(row.state, row.reason) for row in rows if row.state is not OutboxState.SENT} <= {SPENT}
        assert sorted(row.values["words"] for row in rows) == sorted(words)
        uncertain = {row.values["words"] for row in rows if row.uncertain}
        heard = self.heard()
        assert set(heard) == words
        assert {said for said, times in heard.items() if times > 1} <= uncertain
        return len(uncertain)

    async def _rows(self, *states: OutboxState) -> Sequence[OutboxMessage]:
        async with self.sessions() as session:
            return (await session.scalars(select(OutboxMessage).where(OutboxMessage.state.in_(states)))).all()

    async def _left(self) -> list[tuple[object, ...]]:
        """What is not sent, and how it stands."""
        row = OutboxMessage
        facts = select(
            row.channel, row.values, row.state, row.reason, row.attempts, row.uncertain, row.due_at
        )
        async with self.sessions() as session:
            return [tuple(each) for each in await session.execute(facts.where(row.state != OutboxState.SENT))]

    async def _count(self, *states: OutboxState) -> int:
        async with self.sessions() as session:
            wanted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_(states))
            return await session.scalar(wanted) or 0


async def two_bubbles(question: dict[str, Any]) -> Answer:
    """The first goes back with WeChat's own request, the second by message."""
    await asyncio.sleep(SLOW)
    bubbles = [{"words": f"{question['text']} {part}", "code": "", "name": ""} for part in ("一", "二")]
    return 200, {"messages": [{"message": "staff_answer", "values": values} for values in bubbles]}


@pytest.fixture
async def scene(
    database_url: str, sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    """Nothing of Linli runs yet; both platforms take their time for each call.

    How long a process takes to start is not told here, so WeChat's patience does not end before.
    """
    monkeypatch.setattr(pushes, "ANSWER_SECONDS", PATIENCE)
    bot, telegram = BotStandIn(two_bubbles), Telegram(make_app())
    await bot.start()
    await telegram.start()
    async with platform_on_loopback() as wechat:
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            data_dir=tmp_path,
            port=0,
            actions_port=0,
            bot_url=bot.url,
            database_pool=5,
            telegram_token=SecretStr(TOKEN),
            telegram_api_base=telegram.url,
            **wechat.settings(),
        )
        wechat.account.faults.seconds = telegram.state.faults.delay = SLOW
        with Deployment(settings) as linli:
            wechat.account.callback = f"{linli.url}/channels/wechat"
            yield Scene(linli, sessions, wechat, telegram)
    await telegram.stop()
    await bot.stop()


async def test_a_worker_killed_in_mid_send_loses_nothing(scene: Scene) -> None:
    said = {
        words
        for number in range(PEOPLE)
        for channel in ("wechat", "telegram")
        for words in await _queue(scene, channel, number)
    }
    scene.linli.start("worker")
    for number in range(KILLS):
        await scene.kill_in_mid_send("worker", len(said) * (number + 1) // (KILLS + 2))
    assert await scene.check(said) > 0


async def test_an_app_killed_while_it_answers_loses_nothing(scene: Scene) -> None:
    scene.linli.start("web", "worker")
    pushes = [_say(scene, channel, number) for number in range(PEOPLE) for channel in ("wechat", "telegram")]
    talking = asyncio.gather(*pushes)
    for number in range(2):
        await scene.kill_in_mid_send("web", number * PEOPLE)
    await talking
    said = {f"{channel} {number}" for number in range(PEOPLE) for channel in ("wechat", "telegram")}
    await scene.check({f"{words} {part}" for words in said for part in ("一", "二")})
    async with scene.sessions() as session:
        stored = (await session.scalars(select(InboundMessage.text))).all()
    assert sorted(stored) == sorted(said)


async def _queue(scene: Scene, channel: str, number: int) -> list[str]:
    """Somebody who wrote a while ago is to be told so many things."""
    person = scene.wechat.account.person(f"o{number}")
    person.follows = True
    person.grant((PLENTY.messages, PLENTY.lasts))
    friend = people.meet(scene.telegram.state, 100 + number)
    friend.started = True
    outside_id = person.openid if channel == "wechat" else str(friend.id)
    incoming = Incoming(
        channel, outside_id, f"m{number}", "在吗", grant=PLENTY if channel == "wechat" else None
    )
    resident_id = (await come(scene.sessions, incoming)).known.resident_id
    said = [f"{channel} {number} {each}" for each in range(EACH)]
    async with scene.sessions.begin() as session:
        for words in said:
            values = {"words": words, "code": "", "name": ""}
            await enqueue_message(session, resident_id, "staff_answer", words, values=values)
        handled = text("UPDATE inbound_messages SET state = 'handled', handled_at = :at")
        await session.execute(handled, {"at": now()})
    return said


async def _say(scene: Scene, channel: str, number: int) -> None:
    """Somebody writes; WeChat asks for the answer three times if need be."""
    await asyncio.sleep(number * SLOW)
    words = f"{channel} {number}"
    if channel == "telegram":
        await people.say(scene.telegram.state, people.meet(scene.telegram.state, 100 + number), words)
        return
    person = scene.wechat.account.person(f"o{number}")
    person.follows = True
    await scene.wechat.pusher.say(person, words)
