"""Runs one piece of the domain from a command: an engine for as long as it takes, and refusals as sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import DBAPIError

from community.errors import Refused
from linli.database import Sessions, make_engine, make_sessions
from operations.database import unreachable
from operations.problem import Problem

Result = TypeVar("Result")


def run_with_sessions(url: str, work: Callable[[Sessions], Awaitable[Result]]) -> Result:
    """Do the work with sessions on this database and return what it gave."""
    return asyncio.run(_run(url, work))


async def _run(url: str, work: Callable[[Sessions], Awaitable[Result]]) -> Result:
    engine = make_engine(url, pool=5)
    try:
        return await work(make_sessions(engine))
    except Refused as refused:
        raise Problem(f"That was refused: {refused.message}.") from refused
    except DBAPIError as error:
        raise _explain(error) from error
    finally:
        await engine.dispose()


def _explain(error: DBAPIError) -> Exception:
    """What an operator can put right is a sentence, anything else the error itself."""
    if isinstance(error.orig, psycopg.OperationalError):
        return unreachable(error.orig)
    if isinstance(error.orig, UndefinedTable | UndefinedColumn):
        return Problem(
            "The database is not of this version of Linli: run linli db upgrade, or start Linli (make run)."
        )
    return error
