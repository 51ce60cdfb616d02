"""Reading answers into memory for the search, and keeping them there for a moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.answers.models import AnswerEntry, AnswerQuestion
from community.answers.search import Answers, Asked, Known

KEPT_SECONDS = 30.0  # so long a new answer may be unknown
_kept: dict[UUID | None, tuple[float, Answers]] = {}


async def get_answers(session: AsyncSession, community_id: UUID | None) -> Answers:
    """What holds for a community, as it was half a minute ago at most; for everybody where the community is unknown."""
    moment = time.monotonic()
    read_at, answers = _kept.get(community_id, (0.0, None))
    if answers is None or moment - read_at > KEPT_SECONDS:
        answers = await read_answers(session, community_id)
        _kept[community_id] = (moment, answers)
    return answers


def forget_kept() -> None:
    """Read anew when next asked; for who has just written."""
    _kept.clear()


async def read_answers(session: AsyncSession, community_id: UUID | None) -> Answers:
    """All entries for everybody, and the community's own in place of those with the same code."""
    wanted = select(AnswerEntry).where(_holds_for(community_id)).order_by(AnswerEntry.code)
    rows = (await session.scalars(wanted)).all()
    own = {row.code for row in rows if row.community_id is not None}
    entries = [row for row in rows if row.community_id is not None or row.code not in own]
    return Answers([_known(row) for row in entries], await _read_asked(session, [row.id for row in entries]))


def _holds_for(community_id: UUID | None) -> ColumnElement[bool]:
    for_all = AnswerEntry.community_id.is_(None)
    return for_all if community_id is None else or_(for_all, AnswerEntry.community_id == community_id)


async def _read_asked(session: AsyncSession, entry_ids: Sequence[UUID]) -> list[Asked]:
    position = {entry_id: number for number, entry_id in enumerate(entry_ids)}
    wanted = select(AnswerQuestion.entry_id, AnswerQuestion.words, AnswerQuestion.vector)
    rows = await session.execute(wanted.where(AnswerQuestion.entry_id.in_(entry_ids)))
    return [Asked(position[entry_id], words, vector) for entry_id, words, vector in rows]


def _known(row: AnswerEntry) -> Known:
    return Known(
        id=row.id,
        code=row.code,
        topic=row.topic,
        title={"zh": row.title_zh, "en": row.title_en},
        answer=tuple(
            {"zh": zh, "en": en}
            for zh, en in zip(row.answer_zh.splitlines(), row.answer_en.splitlines(), strict=True)
        ),
        source={"zh": row.source_zh, "en": row.source_en},
        checked_on=row.checked_on,
        office=row.office,
        phones=tuple(row.phones),
        buttons=tuple(row.buttons),
    )
