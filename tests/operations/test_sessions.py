"""A command whose database does not answer, or is of another version, ends with a sentence and no traceback."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from linli.database import Sessions
from operations.embedded_postgres import ROLE, EmbeddedPostgres
from operations.problem import Problem
from operations.sessions import run_with_sessions
from tests.databases import execute


async def count(sessions: Sessions) -> object:
    """Any work of a command."""
    async with sessions() as session:
        return await session.scalar(text("SELECT count(*) FROM residents"))


async def test_a_database_that_does_not_answer() -> None:
    with pytest.raises(Problem, match="The database cannot be reached"):
        await asyncio.to_thread(run_with_sessions, "postgresql://linli@127.0.0.1:1/linli", count)


async def test_a_database_without_our_tables(postgres: EmbeddedPostgres) -> None:
    execute(postgres, f"CREATE DATABASE still_empty OWNER {ROLE}")
    with pytest.raises(Problem, match="run linli db upgrade"):
        await asyncio.to_thread(run_with_sessions, postgres.url("still_empty"), count)
