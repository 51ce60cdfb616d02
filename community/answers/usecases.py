"""Writing answers: a file is loaded for all or for one community, staff write one, the bot's vectors are put beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, Actor, StaffActor
from community.answers.file import Entry
from community.answers.models import AnswerEntry, AnswerQuestion
from community.answers.queries import forget_kept
from community.answers.search import SIZE
from community.audit.usecases import note_act
from community.base import count_changed
from community.errors import NotAllowed, Refused
from community.residents.models import Language

VECTOR_BYTES = SIZE * 2


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file did: entries that are there now, entries that are gone, questions that wait for vectors."""

    entries: int
    gone: int
    unmeasured: int


async def load_entries(
    session: AsyncSession, actor: Actor, entries: Sequence[Entry], community_id: UUID | None = None
) -> Loaded:
    """Put the entries of a file in place of those loaded before, for one community or (None) for all.

    What staff wrote stays, unless the file now has an entry of that id; a question that is the same as before keeps
    its vector. Raises NotAllowed for all but Linli itself: a file is an operator's.
    """
    if actor is not SYSTEM:
        raise NotAllowed
    before = {row.code: row for row in await _find_written(session, community_id)}
    for entry in entries:
        row = before.pop(entry.id, None)
        if row is None:
            row = AnswerEntry(community_id=community_id, code=entry.id)
            session.add(row)
        row.written_by = None
        await _write(session, row, entry)
    gone = [row for row in before.values() if row.written_by is None]
    for row in gone:
        await session.delete(row)
    await session.flush()
    forget_kept()
    note_act(
        session,
        actor,
        "answers_loaded",
        subject_kind="answers",
        subject_id=None,
        community_id=community_id,
        entries=len(entries),
        gone=len(gone),
    )
    return Loaded(len(entries), len(gone), len(await find_unmeasured(session, 10_000)))


async def write_entry(session: AsyncSession, actor: StaffActor, entry: Entry) -> AnswerEntry:
    """Staff write an answer of their community; those without one (the street office) write for all.

    The caller has checked that the actor may (community/learning/rights.py). Raises Refused("answer_code_taken").
    """
    taken = select(AnswerEntry.id).where(
        AnswerEntry.code == entry.id, AnswerEntry.community_id.is_not_distinct_from(actor.community_id)
    )
    if await session.scalar(taken) is not None:
        raise Refused("answer_code_taken")
    row = AnswerEntry(community_id=actor.community_id, code=entry.id, written_by=actor.staff_id)
    session.add(row)
    await _write(session, row, entry)
    forget_kept()
    note_act(
        session,
        actor,
        "answer_written",
        subject_kind="answer",
        subject_id=row.id,
        community_id=actor.community_id,
    )
    return row


async def find_unmeasured(session: AsyncSession, most: int) -> Sequence[tuple[UUID, str]]:
    """Questions that have no vector yet: the bot was away when they were written."""
    wanted = select(AnswerQuestion.id, AnswerQuestion.words).where(AnswerQuestion.vector.is_(None))
    rows = await session.execute(wanted.order_by(AnswerQuestion.id).limit(most))
    return [(question_id, words) for question_id, words in rows]


async def keep_vectors(session: AsyncSession, vectors: Mapping[UUID, bytes]) -> int:
    """Put the bot's vectors beside their questions; gives how many. One that is gone meanwhile is no matter."""
    kept = 0
    for question_id, vector in vectors.items():
        if len(vector) != VECTOR_BYTES:
            raise ValueError("a vector of another size")
        changed = update(AnswerQuestion).where(AnswerQuestion.id == question_id).values(vector=vector)
        kept += count_changed(await session.execute(changed))
    forget_kept()
    return kept


async def _find_written(session: AsyncSession, community_id: UUID | None) -> Sequence[AnswerEntry]:
    wanted = select(AnswerEntry).where(AnswerEntry.community_id.is_not_distinct_from(community_id))
    return (await session.scalars(wanted)).all()


async def _write(session: AsyncSession, row: AnswerEntry, entry: Entry) -> None:
    row.topic, row.checked_on = entry.topic, entry.checked
    row.title_zh, row.title_en = entry.title.zh, entry.title.en
    row.answer_zh, row.answer_en = entry.answer.zh, entry.answer.en
    row.source_zh, row.source_en = entry.source.zh, entry.source.en
    row.source_url = str(entry.source.url) if entry.source.url else None
    row.office, row.phones, row.buttons = entry.office, list(entry.phones), list(entry.buttons)
    await session.flush()
    await _write_questions(session, row.id, entry)


async def _write_questions(session: AsyncSession, entry_id: UUID, entry: Entry) -> None:
    wanted = dict.fromkeys(entry.questions.zh, Language.ZH)
    wanted |= dict.fromkeys(entry.questions.en, Language.EN)
    own = AnswerQuestion.entry_id == entry_id
    await session.execute(delete(AnswerQuestion).where(own, AnswerQuestion.words.not_in(wanted)))
    there = set((await session.scalars(select(AnswerQuestion.words).where(own))).all())
    session.add_all(
        AnswerQuestion(entry_id=entry_id, language=language, words=words)
        for words, language in wanted.items()
        if words not in there
    )
    await session.flush()
