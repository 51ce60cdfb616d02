"""What was taught and written as files for the repository: a person reads them before the bot is trained with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import StringIO
from itertools import groupby
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.answers.models import AnswerEntry, AnswerQuestion
from community.residents.models import Language

HEAD = (
    "# Sentences that staff taught from what was not understood; personal data are masked. Read them, take out what\n"
    "# does not fit, and put the file into bot/data/nlu/learned.yml: the next training learns them.\n"
)


def write_sentences(examples: Sequence[tuple[str, str]], known: Collection[str] = ()) -> str:
    """Rasa's training data of these sentences, sorted; what is `known` already is left out."""
    fresh = sorted((intent, words) for intent, words in examples if words not in known)
    blocks = [
        {
            "intent": intent,
            "examples": LiteralScalarString("".join(f"- {words}\n" for _, words in rows)),
        }
        for intent, rows in groupby(fresh, key=lambda row: row[0])
    ]
    return HEAD + dump({"version": "3.1", "nlu": blocks})


async def write_answers(session: AsyncSession) -> str:
    """Answers that staff wrote, as entries of an answers file."""
    wanted = select(AnswerEntry).where(AnswerEntry.written_by.is_not(None)).order_by(AnswerEntry.code)
    return dump([await _entry(session, row) for row in (await session.scalars(wanted)).all()])


async def _entry(session: AsyncSession, row: AnswerEntry) -> dict[str, Any]:
    wanted = select(AnswerQuestion).where(AnswerQuestion.entry_id == row.id).order_by(AnswerQuestion.words)
    asked = (await session.scalars(wanted)).all()
    return {
        "id": row.code,
        "topic": row.topic,
        "title": {"zh": row.title_zh, "en": row.title_en},
        "questions": {
            language.value: [one.words for one in asked if one.language is language] for language in Language
        },
        "answer": {"zh": row.answer_zh, "en": row.answer_en},
        "source": {"zh": row.source_zh, "en": row.source_en},
        "checked": row.checked_on,
    }


def dump(data: object) -> str:
    """YAML as people read it."""
    yaml = YAML()
    yaml.width = 110
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = StringIO()
    yaml.dump(data, written)
    return written.getvalue()
