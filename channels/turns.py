"""Take the turns of people: ask Rasa, record the answer, deliver it. Before: inbound; after: delivery.

No connection and no lock is held while Rasa is asked: Rasa calls back into the same app and the same pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.bot_client import BotAway, BotClient, BotFailed, Question
from channels.choices import find_chosen, may_choose
from channels.contract import Outgoing
from channels.delivery import Delivery
from channels.media import Gathered, MediaAway, MediaKeeper
from channels.signs import read_sign
from channels.working import shown_at_work
from community.clock import now
from community.inbox.usecases import (
    LEASE,
    LeaseLost,
    Reply,
    TurnAnswer,
    Waiting,
    claim_next,
    find_queues_to_run,
    keep_claims,
    record_answer,
    record_away,
    record_failure,
)
from community.outbox.models import Priority
from community.residents.languages import follow_language, language_of
from linli.database import Sessions, one_by_one
from linli.sealing import CannotSeal
from linli.text import words_for_bot

log = structlog.get_logger()
SWEEP_SECONDS = 1.0
KEEP_SECONDS = LEASE.total_seconds() / 3
MOST_QUEUES = 200
"""So many people's queues are in work or next here. Of more, the messages wait in the database for the sweep: a task, a
lease and statements for each would take from the doors what they need to store what arrives."""
SOON = 4
"""Turns that each room for one still gets done within the seconds that a platform keeps a request open."""
PHOTO_ONLY = "/send_photo"
EXCUSE = Reply("bot_away", {}, ())
BUTTON_RESTS = Reply("button_rests", {}, ())
SEND_AGAIN = Reply("media_send_again", {}, ())
PLEASE_WRITE = Reply("voice_please_write", {}, ())
PLACE_IN_WORDS = Reply("location_in_words", {}, ())
FREED_FIRST = 1.0
"""Seconds that an answer waits for what waited for this contact."""

RecordTrouble = Callable[[AsyncSession, Sequence[Reply], bool], Awaitable[Sequence[UUID]]]
Shown = Callable[[UUID, Sequence[Mapping[str, Any]]], None]


def _nobody_looks(*_: object) -> None:
    """Where no page is connected to this process."""


class TurnRunner:
    """Runs the queues of people in this process, `at_once` of them side by side. Other processes may do the same.

    `shown` is told what an answer adds to the thread at an address, for the pages that are connected here.
    """

    def __init__(
        self,
        sessions: Sessions,
        bot: BotClient,
        delivery: Delivery,
        *,
        process: str = "",
        shown: Shown = _nobody_looks,
        media: MediaKeeper | None = None,
        at_once: int = 16,
    ) -> None:
        """At most `at_once` turns ask the bot or write at a time; one that waits for a platform is not among them."""
        self._sessions, self._statements = sessions, one_by_one(sessions)
        self._bot, self._delivery, self._shown, self._media = bot, delivery, shown, media
        self._process = process or uuid4().hex
        self._at_once, self._room = at_once, asyncio.Semaphore(at_once)
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._woken_again: dict[UUID, Waiting | None] = {}
        self._freeing: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look for queues that were left or put off, and to keep the leases of those at work."""
        self._loops = [
            asyncio.create_task(_again_and_again(SWEEP_SECONDS, self._sweep)),
            asyncio.create_task(_again_and_again(KEEP_SECONDS, self._keep)),
        ]

    async def stop(self) -> None:
        """End at once; what was in work is taken up by the next process."""
        tasks = [*self._loops, *self._running.values(), *self._freeing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._delivery.close()

    def owner(self) -> str:
        """A new name to claim a queue with."""
        return f"{self._process}:{uuid4().hex[:8]}"

    @property
    def crowded(self) -> bool:
        """Whether so many wait for their turn that the next one's answer will take seconds."""
        return len(self._running) >= SOON * self._at_once

    def wake(self, resident_id: UUID, claimed: Waiting | None = None) -> None:
        """Run this person's queue; called after a message was stored, which may have claimed it already.

        Where too many are at work, one that is not claimed is left to the sweep, which takes the oldest first.
        """
        if resident_id in self._running:
            self._woken_again[resident_id] = claimed or self._woken_again.get(resident_id)
        elif claimed or len(self._running) < MOST_QUEUES:
            self._running[resident_id] = asyncio.create_task(self._run(resident_id, claimed))

    async def _run(self, resident_id: UUID, claimed: Waiting | None) -> None:
        try:
            await self._take_turns(resident_id, claimed)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("turn_put_off", error=type(error).__name__)
        except Exception:
            log.exception("turn_broke")  # the lease ends by itself, and the queue is found again
        finally:
            del self._running[resident_id]
            if resident_id in self._woken_again:
                self.wake(resident_id, self._woken_again.pop(resident_id))

    async def _take_turns(self, resident_id: UUID, claimed: Waiting | None) -> None:
        owner = claimed.owner if claimed else self.owner()
        waiting = claimed or await self._claim(resident_id, owner)
        while waiting:
            more = True
            try:
                more = await self._take_turn(waiting)
            except LeaseLost:
                log.info("turn_taken_over", message=waiting.id)
            waiting = await self._claim(resident_id, owner) if more else None

    async def _claim(self, resident_id: UUID, owner: str) -> Waiting | None:
        async with self._room, self._statements() as session:
            return await claim_next(session, resident_id, owner)

    async def _take_turn(self, waiting: Waiting) -> bool:
        """Answer this message; False where the queue is let go already because nothing more waits.

        Whatever breaks on the way counts as a try, or the person's later words would stand behind it for ever.
        """
        try:
            freed = self._begin_freed(waiting)
            gathered = await self._gather(waiting)
            waiting = gathered.waiting
            async with self._room:
                waiting = await self._follow_language(waiting)
                answer = await self._answer(waiting, gathered)
                more, told = await self._record(waiting, answer)
            if freed:
                await asyncio.wait([freed], timeout=FREED_FIRST)
            await self._delivery.deliver(told)
            return more
        except MediaAway as error:
            log.info("media_away", message=waiting.id, reason=str(error))
        except BotAway as error:
            await self._put_off(waiting, error)
        except BotFailed as error:
            await self._count_failure(waiting, error)
        except (LeaseLost, SQLAlchemyError, OSError, TimeoutError):
            raise  # somebody else has it, or the database is away: no try of this message
        except Exception as error:
            log.exception("turn_broke", message=waiting.id)
            await self._count_failure(waiting, BotFailed(type(error).__name__))
        return True

    def _begin_freed(self, waiting: Waiting) -> asyncio.Task[None] | None:
        """What waited for this contact goes out while the bot is asked, so that it stands before the answer."""
        if self._delivery.shown_inside(waiting.channel):
            return None
        freed = asyncio.create_task(self._deliver_freed(waiting))
        self._freeing.add(freed)
        freed.add_done_callback(self._freeing.discard)
        return freed

    async def _deliver_freed(self, waiting: Waiting) -> None:
        try:
            await self._delivery.deliver_freed(waiting.channel, waiting.address_id)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("freed_put_off", error=type(error).__name__)  # the worker finds it

    async def _gather(self, waiting: Waiting) -> Gathered:
        """Fetch what the platform still keeps of the message; no room is taken meanwhile."""
        if not waiting.media:
            return Gathered(waiting)
        if self._media is None:
            return Gathered(waiting, lost=len(waiting.media))
        return await self._media.gather(waiting, self._delivery.find_channel(waiting.channel))

    async def _answer(self, waiting: Waiting, gathered: Gathered) -> TurnAnswer:
        """What is said about media that could not be had, and what the bot answers to the rest."""
        first = [SEND_AGAIN] * bool(gathered.lost) + [PLEASE_WRITE] * bool(gathered.unheard)
        if waiting.with_staff:
            answer = await self._leave_to_staff(waiting)
        elif _says_nothing(waiting, lacks=bool(first)):
            answer = TurnAnswer([] if first else [PLACE_IN_WORDS])
        else:
            answer = await self._ask(waiting)
        return TurnAnswer([*first, *answer.replies], answer.state)

    async def _leave_to_staff(self, waiting: Waiting) -> TurnAnswer:
        """Silence while a person has the conversation, but for danger to life, and for buttons, which rest then.

        Raises BotAway or BotFailed: words in which nobody has looked for danger are not done with.
        """
        if waiting.payload:
            return TurnAnswer([BUTTON_RESTS])
        if waiting.text and await self._bot.is_alarm(words_for_bot(waiting.text)):
            return await self._ask(waiting)
        return TurnAnswer([])

    async def _follow_language(self, waiting: Waiting) -> Waiting:
        """Speak as the person writes, from this answer on."""
        language = None if waiting.payload else language_of(waiting.text)
        if language in (None, waiting.language):
            return waiting
        async with self._statements() as session:
            follows = await follow_language(session, waiting.resident_id, language)
        return replace(waiting, language=language) if follows else waiting

    async def _record(self, waiting: Waiting, answer: TurnAnswer) -> tuple[bool, Sequence[Outgoing]]:
        """Whether more waits, and what is still to be delivered."""
        channel = self._delivery.shown_inside(waiting.channel)
        try:
            if channel and not waiting.with_staff:
                async with self._statements() as session:
                    answered = await channel.answer(session, waiting, answer)
                self._shown(waiting.address_id, answered.items)
                return answered.more, ()
            async with self._sessions.begin() as session:
                ids = await record_answer(session, waiting, answer)
        except (DataError, CannotSeal) as error:
            raise BotFailed("answer that cannot be stored") from error
        return True, _outgoing(waiting, ids, answer.replies)

    async def _ask(self, waiting: Waiting) -> TurnAnswer:
        question = Question(
            resident_id=str(waiting.resident_id),
            message_id=waiting.id,
            text=waiting.payload or await self._read(waiting),
            channel=waiting.channel,
            language=waiting.language.value,
            files=waiting.files,
            state=waiting.state,
            staff_wait=waiting.staff_wait,
            first_try=waiting.first_try,
        )
        channel = self._delivery.find_channel(waiting.channel)
        async with shown_at_work(self._sessions, channel, waiting.outside_id):
            answer = await self._bot.ask(question)
        replies = [
            Reply(bubble.message, bubble.values, [button.model_dump() for button in bubble.buttons])
            for bubble in answer.messages
        ]
        return TurnAnswer(replies, answer.state)

    async def _read(self, waiting: Waiting) -> str:
        """What Rasa is told: the button that the words name, what a sign stands for, or the words."""
        if not waiting.text:
            return _label(waiting) or PHOTO_ONLY
        return await self._find_chosen(waiting) or read_sign(waiting.text) or words_for_bot(waiting.text)

    async def _find_chosen(self, waiting: Waiting) -> str | None:
        if waiting.files or not may_choose(waiting.text):
            return None
        async with self._statements() as session:
            channel = self._delivery.find_channel(waiting.channel)
            return await find_chosen(session, waiting, channel.abilities if channel else None)

    async def _put_off(self, waiting: Waiting, error: BotAway) -> None:
        log.warning("bot_away", message=waiting.id, reason=str(error))
        await self._excuse(
            waiting,
            lambda session, excuses, shown: record_away(session, waiting, excuses, shown=shown),
        )

    async def _count_failure(self, waiting: Waiting, error: BotFailed) -> None:
        log.error("bot_failed", message=waiting.id, reason=str(error), tries=waiting.tries + 1)
        await self._excuse(
            waiting,
            lambda session, excuses, shown: record_failure(
                session, waiting, str(error), excuses, shown=shown
            ),
        )

    async def _excuse(self, waiting: Waiting, record: RecordTrouble) -> None:
        """Record what went wrong and say it where it is new; shown at once, it never comes after the answer.

        While staff have the conversation nobody says so: they see the words, and it is they who answer.
        """
        channel = self._delivery.shown_inside(waiting.channel)
        said = [] if waiting.with_staff else [EXCUSE]
        async with self._sessions.begin() as session:
            excuses = _outgoing(waiting, await record(session, said, channel is not None), said)
            if channel and excuses:
                await channel.show(session, excuses)
        if not channel:
            await self._delivery.deliver(excuses)

    async def _sweep(self) -> None:
        room = MOST_QUEUES - len(self._running)
        if room <= 0:
            return
        async with self._sessions() as session:
            left = await find_queues_to_run(session, now(), room)
        for resident_id in left:
            self.wake(resident_id)

    async def _keep(self) -> None:
        if self._running:
            async with self._sessions.begin() as session:
                await keep_claims(session, list(self._running), self._process)


def _outgoing(waiting: Waiting, ids: Sequence[UUID], replies: Sequence[Reply]) -> list[Outgoing]:
    return [
        Outgoing(
            id=outbox_id,
            address_id=waiting.address_id,
            outside_id=waiting.outside_id,
            channel=waiting.channel,
            message=reply.message,
            values=reply.values,
            buttons=reply.buttons,
            language=waiting.language.value,
            zone=waiting.zone,
            attempts=1,
            resident_id=waiting.resident_id,
            answers_id=waiting.id,
            priority=Priority.REPLY,
        )
        for outbox_id, reply in zip(ids, replies, strict=False)
    ]


def _label(waiting: Waiting) -> str:
    """The words that the platform put to a place; the bot looks for them on the place tree."""
    label = str(waiting.location["label"]) if waiting.location else ""
    return words_for_bot(label) if label else ""


def _says_nothing(waiting: Waiting, *, lacks: bool) -> bool:
    """Nothing is left for the bot: a voice without words, a picture that is gone, a place without a name."""
    says = waiting.text or waiting.payload or waiting.files or _label(waiting)
    return not says and (lacks or waiting.location is not None)


async def _again_and_again(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work every so many seconds for ever: whatever goes wrong is logged, and the next time tries again."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("work_put_off", work=work.__name__, error=type(error).__name__)
        except Exception:
            log.exception("work_broke", work=work.__name__)
