"""Questions of groups, one after the other: claimed by a row, answered by asking.py, sent; the words go then.

Not the outbox's way, which is to one person: a group is nobody. An answer that failed three times is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from channels.bot_client import BotAway, BotClient, BotFailed
from channels.render import render_text, split_text
from channels.telegram.asking import answer_group, understand
from channels.telegram.bot import Bot
from channels.telegram.models import TelegramGroup, TelegramGroupQuestion
from channels.telegram.moving import move_group
from channels.telegram.reading import Me
from community.base import count_changed
from community.clock import now
from community.places.models import Community
from community.places.scenes import find_scene
from community.residents.languages import language_of
from linli.database import Sessions

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
LOOK_SECONDS = 2.0
TAKES, KEPT = timedelta(seconds=60), timedelta(days=1)
TRIES = 3
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Question:
    """A question that this process answers."""

    id: str
    chat_id: int
    message_id: int
    words: str
    scene: str | None = None
    asked_by: int | None = None
    is_last_try: bool = False


class Groups:
    """Answers groups until it is cancelled; `wake` says that a question came in."""

    def __init__(self, sessions: Sessions, bot: Bot, brain: BotClient) -> None:
        self._sessions, self._bot, self._brain = sessions, bot, brain
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """A question waits."""
        self._woken.set()

    async def run(self, me: Me) -> None:
        """Take what waits, whoever stored it."""
        while True:
            try:
                while await self.answer_one(me):
                    pass
            except AWAY as error:
                log.warning("telegram_group_put_off", error=type(error).__name__)
            except Exception:
                log.exception("telegram_group_broke")
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    async def answer_one(self, me: Me) -> bool:
        """Answer the question that waits longest; False where none does."""
        async with self._sessions.begin() as session:
            question = await _claim(session)
        if question is None:
            return False
        try:
            words = await (self._name_community(question) if question.scene else self._answer(question))
            async with self._sessions() as session:
                scene = await _scene_of(session, question.chat_id)
            await self._send(question, words, _link(me, scene, question.words))
        except (BotAway, BotFailed) as error:
            log.warning("telegram_group_not_understood", error=type(error).__name__)
            return True
        except ChatMigrated as error:
            async with self._sessions.begin() as session:
                await move_group(session, question.chat_id, error.new_chat_id)
            return True
        except (BadRequest, Forbidden) as error:
            log.warning("telegram_group_refused", error=type(error).__name__)
        except TelegramError as error:
            log.warning("telegram_group_not_answered", error=type(error).__name__)
            return True
        async with self._sessions.begin() as session:
            await _finish(session, question.id)
        return True

    async def _answer(self, question: Question) -> str:
        """Raises BotAway or BotFailed where nobody can say whether the words tell of danger."""
        asked = await understand(self._brain, question.words)
        async with self._sessions() as session:
            return await answer_group(session, question.chat_id, asked)

    async def _name_community(self, question: Question) -> str:
        """The group belongs to the community that one of its administrators named; anybody else changes nothing.

        Raises TelegramError where the platform cannot say who they are now, and may soon.
        """
        try:
            may = question.asked_by is None or question.asked_by in await self._find_administrators(question)
        except TelegramError as error:
            if not isinstance(error, (BadRequest, Forbidden)) and not question.is_last_try:
                raise
            log.warning("telegram_administrators_not_found", error=type(error).__name__)
            return _in_both("group_administrators_unknown")
        if not may:
            return _in_both("group_needs_administrator")
        async with self._sessions.begin() as session:
            await _keep_community(session, question.chat_id, question.scene or "")
        return await self._answer(question)

    async def _find_administrators(self, question: Question) -> Sequence[int]:
        """The list, not the one: that the platform also gives to a bot that is no administrator itself."""
        return [member.user.id for member in await self._bot.get_chat_administrators(question.chat_id)]

    async def _send(self, question: Question, words: str, keyboard: InlineKeyboardMarkup | None) -> None:
        answered = ReplyParameters(question.message_id, allow_sending_without_reply=True)
        *first, last = split_text(words, LONGEST, "characters")[:2]
        for part in first:
            await self._bot.send_message(question.chat_id, part, reply_parameters=answered)
        await self._bot.send_message(question.chat_id, last, reply_parameters=answered, reply_markup=keyboard)


def _in_both(message: str) -> str:
    """Naming a community is a command, in no language."""
    return "\n".join(render_text(message, language, {}) for language in ("zh", "en"))


def _link(me: Me, scene: str | None, words: str) -> InlineKeyboardMarkup | None:
    """The way into the private chat, which knows then which community it is about."""
    if not me.username:
        return None
    label = render_text("button_private_chat", language_of(words) or "zh", {})
    url = f"https://t.me/{me.username}?start={scene or 'group'}"
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])


async def _claim(session: AsyncSession) -> Question | None:
    moment = now()
    waiting = (
        select(TelegramGroupQuestion)
        .where(TelegramGroupQuestion.answered_at.is_(None), TelegramGroupQuestion.due_at <= moment)
        .order_by(TelegramGroupQuestion.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = await session.scalar(waiting)
    if found is None:
        return None
    if found.tries >= TRIES:
        await _finish(session, found.id)
        return None
    found.tries, found.due_at = found.tries + 1, moment + TAKES
    asked = (found.id, found.chat_id, found.message_id, found.words or "")
    return Question(*asked, found.scene, found.asked_by, is_last_try=found.tries == TRIES)


async def _finish(session: AsyncSession, question_id: str) -> None:
    """Answered or left: its words are kept no longer."""
    await session.execute(
        update(TelegramGroupQuestion)
        .where(TelegramGroupQuestion.id == question_id)
        .values(answered_at=now(), words=None, scene=None, asked_by=None)
        .execution_options(synchronize_session=False)
    )


async def _keep_community(session: AsyncSession, chat_id: int, scene: str) -> None:
    if place := await find_scene(session, scene):
        belongs = insert(TelegramGroup).values(chat_id=chat_id, community_id=place.community_id)
        named = {"community_id": place.community_id}
        await session.execute(belongs.on_conflict_do_update(index_elements=["chat_id"], set_=named))


async def _scene_of(session: AsyncSession, chat_id: int) -> str | None:
    wanted = (
        select(Community.code)
        .join(TelegramGroup, TelegramGroup.community_id == Community.id)
        .where(TelegramGroup.chat_id == chat_id)
    )
    code: str | None = await session.scalar(wanted)
    return code


async def forget_old_group_questions(session: AsyncSession, at: datetime) -> int:
    """Delete the rows of questions a day after they came: until then a repeat is known by them."""
    old = delete(TelegramGroupQuestion).where(TelegramGroupQuestion.received_at < at - KEPT)
    return count_changed(await session.execute(old))
