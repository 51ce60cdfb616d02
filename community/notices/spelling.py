"""English words that are misspelt: near words of the vocabulary of all notices, by trigrams and then letter by letter.

The trigrams are ours, in an array with an index, so that no database needs an extension for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.topics import TOPIC_WORDS, find_topics
from community.notices.words import NoticeWord

LONG = 8
"""A word of so many letters may have two slips, a shorter one has one."""
MOST_NEAR = 6


def trigrams(word: str) -> list[str]:
    """Three letters each, the beginning counted twice: `vaccine` has `  v`, ` va`, `vac` ... `ne `."""
    padded = f"  {word} "
    return list(dict.fromkeys(padded[at : at + 3] for at in range(len(padded) - 2)))


def keep_words(connection: Connection, words: Iterable[str]) -> None:
    """Remember the words of a notice that is being written."""
    rows = [{"word": word, "trigrams": trigrams(word)} for word in sorted(set(words))]
    if rows:
        connection.execute(insert(NoticeWord).on_conflict_do_nothing(), rows)


async def find_near_words(session: AsyncSession, word: str) -> list[str]:
    """The words that notices hold and that `word` may have been meant to be, nearest first; itself where it is one."""
    wanted = select(NoticeWord.word).where(NoticeWord.trigrams.overlap(trigrams(word)))
    known = (await session.scalars(wanted)).all()
    if word in known:
        return [word]
    most = _most_slips(word)
    near = [(slips, one) for one in known if (slips := count_slips(word, one, most)) <= most]
    return [one for _, one in sorted(near)][:MOST_NEAR]


def find_near_topics(word: str) -> frozenset[str]:
    """The topics of the long words that `word` may have been meant to be, which no notice has to hold."""
    near = [one for one in TOPIC_WORDS if count_slips(word, one, _most_slips(one)) <= _most_slips(one)]
    return find_topics(" ".join(near))


def _most_slips(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def count_slips(one: str, other: str, most: int) -> int:
    """How many letters are missing, too many, wrong or swapped with their neighbour; more than `most` is `most + 1`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row, previous = row, [at], before
        for to, letter_there in enumerate(other, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != letter_there))
            is_swap = at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == letter_there
            row.append(min(cost, previous[to - 2] + 1) if is_swap else cost)
        before = last
    return min(row[-1], most + 1)
