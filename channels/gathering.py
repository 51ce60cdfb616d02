"""Doing several things side by side, all to their end: one that fails does not cut off the others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def gather_all(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results in order, when all have ended; then raises the first error, if there was one."""
    results = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
