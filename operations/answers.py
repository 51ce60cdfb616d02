"""`linli answers load`: a file of answers is checked, stored, and measured by the bot where that is there."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM
from community.answers.file import SHIPPED, BadFile, Entry, read_file
from community.answers.usecases import find_unmeasured, load_entries
from community.clock import now
from community.places.models import Community
from linli.database import Sessions
from linli.settings import Settings
from operations.database import find_database_url
from operations.problem import Problem
from operations.sessions import run_with_sessions
from scheduler.jobs.vectors import vectors
from scheduler.tools import make_tools

MOST_WAITING = 10_000


def load_file(settings: Settings, path: Path | None, community: str | None) -> str:
    """Load the file (None = the shipped one) for a community's code (None = all); says what was done.

    Raises Problem with every line that is wrong, before anything is stored.
    """
    entries = _read(path or SHIPPED)

    async def load(sessions: Sessions) -> str:
        async with sessions.begin() as session:
            loaded = await load_entries(session, SYSTEM, entries, await _find_community(session, community))
        waiting = await _measure(settings, sessions)
        done = f"{loaded.entries} answers for {community or 'all communities'}, {loaded.gone} taken out."
        return (
            done
            if not waiting
            else f"{done} The bot is away: {waiting} questions are measured when it is back."
        )

    return run_with_sessions(find_database_url(settings), load)


def _read(path: Path) -> list[Entry]:
    try:
        return read_file(path)
    except BadFile as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None


async def _find_community(session: AsyncSession, code: str | None) -> UUID | None:
    if code is None:
        return None
    found: UUID | None = await session.scalar(select(Community.id).where(Community.code == code))
    if found is None:
        codes = (await session.scalars(select(Community.code).order_by(Community.code))).all()
        raise Problem(f"There is no community {code}; there are: {', '.join(codes) or 'none yet'}.")
    return found


async def _measure(settings: Settings, sessions: Sessions) -> int:
    """Ask the bot as long as it answers; gives how many questions wait for it."""
    while await vectors(make_tools(settings, sessions), now()):
        pass
    async with sessions() as session:
        return len(await find_unmeasured(session, MOST_WAITING))
