"""What residents of the demo said that was not understood, for the page of learning. All is invented."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.learning.noting import Unclear, note_picked, note_unclear

SAID: Sequence[tuple[str, str | None]] = (
    ("社区有没有书可以借呀", "find_activities"),
    ("咱们那个图书角几点开门", None),
    ("想借两本书看，去哪儿借", None),
    ("can I borrow books somewhere here", None),
    ("凉亭晚上能不能不要放歌了喂", "report_need"),
    ("那个亭子天天唱到十点", "report_need"),
    ("我叫孙秀英，电话13900000009，孙子的篮球打不打得", None),
    ("嗯呐就那个啥", None),
)
"""Words, and what the person wanted then."""


async def note_demo_words(session: AsyncSession, resident_ids: Sequence[UUID]) -> None:
    """As if the bot had not understood them; the worker measures them as soon as the bot is there."""
    for number, (words, wanted) in enumerate(SAID):
        noted = await note_unclear(session, resident_ids[number % len(resident_ids)], Unclear(words))
        if noted and wanted:
            await note_picked(session, noted, wanted)
