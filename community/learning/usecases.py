"""Staff settle a group: teach it as sentences of an intent, write an answer for it, or leave it. Each is an act."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.answers.file import Entry
from community.answers.usecases import write_entry
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.learning.intents import TEACHABLE
from community.learning.masking import mask
from community.learning.models import ActKind, LearnedExample, LearningAct, UnclearMessage
from community.learning.rights import may_learn, within
from community.parties.models import Staff

MOST_EXAMPLES = 50
LONGEST = 200
_MARKUP = str.maketrans({"[": "（", "]": "）", "{": "（", "}": "）", "\\": "、", "`": "'"})
_LIST_MARK = re.compile(r"^[-*•\s/]+")


async def teach_group(
    session: AsyncSession,
    actor: StaffActor,
    message_ids: Collection[UUID],
    intent: str,
    sentences: Sequence[str],
) -> LearningAct:
    """People who say these sentences want `intent`; masked once more, each kept once, at most 50.

    Raises NotAllowed, NotFound where nothing of the group is open, Refused("learning_choose_intent"),
    Refused("learning_no_sentence").
    """
    if intent not in TEACHABLE:
        raise Refused("learning_choose_intent")
    examples = clean_sentences(sentences)
    if not examples:
        raise Refused("learning_no_sentence")
    act = await _settle(session, actor, message_ids, ActKind.TEACH, intent)
    rows = [{"id": uuid4(), "act_id": act.id, "intent": intent, "words": words} for words in examples]
    taught = insert(LearnedExample).values(rows)
    await session.execute(
        taught.on_conflict_do_update(
            index_elements=[LearnedExample.words],
            set_={"intent": taught.excluded.intent, "act_id": taught.excluded.act_id},
        )
    )
    return act


async def answer_group(
    session: AsyncSession, actor: StaffActor, message_ids: Collection[UUID], entry: Entry
) -> LearningAct:
    """Write an answer for what the group asks: of the actor's community, or for all. Raises as `teach_group` does."""
    act = await _settle(session, actor, message_ids, ActKind.ANSWER, entry.title.zh)
    await write_entry(session, actor, entry)
    return act


async def ignore_group(
    session: AsyncSession, actor: StaffActor, message_ids: Collection[UUID]
) -> LearningAct:
    """Nothing is to be learned from it. Raises NotAllowed, NotFound."""
    return await _settle(session, actor, message_ids, ActKind.IGNORE, "")


def clean_sentences(sentences: Sequence[str]) -> list[str]:
    """As training data may hold them: masked, without the marks of Rasa's format, each once."""
    cleaned = (
        _LIST_MARK.sub("", " ".join(mask(sentence).translate(_MARKUP).split())) for sentence in sentences
    )
    return list(dict.fromkeys(words for words in cleaned if 1 < len(words) <= LONGEST))[:MOST_EXAMPLES]


async def _settle(
    session: AsyncSession, actor: StaffActor, message_ids: Collection[UUID], kind: ActKind, about: str
) -> LearningAct:
    """The open messages among these become this act's; who may not, and what is settled already, changes nothing."""
    if not may_learn(actor):
        raise NotAllowed
    wanted = (
        select(UnclearMessage.id)
        .where(UnclearMessage.id.in_(message_ids), UnclearMessage.act_id.is_(None))
        .where(within(actor, UnclearMessage.community_id))
        .with_for_update()
    )
    found = (await session.scalars(wanted)).all()
    if not found or await session.get(Staff, actor.staff_id) is None:
        raise NotFound
    act = LearningAct(
        id=uuid4(),
        at=now(),
        staff_id=actor.staff_id,
        community_id=actor.community_id,
        act=kind,
        about=about,
        messages=len(found),
    )
    session.add(act)
    await session.flush()
    await session.execute(update(UnclearMessage).where(UnclearMessage.id.in_(found)).values(act_id=act.id))
    return act
