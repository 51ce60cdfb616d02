"""A batch on its way to a platform: people side by side, each person's messages in their order.

Before: channels/delivery.py hands a channel its batch; the channel says how one message is sent.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import structlog

from channels.consequences import CONSEQUENCES
from channels.contract import Outcome, Outgoing
from channels.errors import SendError

log = structlog.get_logger()
SendOne = Callable[[Outgoing], Awaitable[Outcome]]
AT_ONCE = 20
"""People of one batch; so many calls at most are on their way when the platform says that it takes no more."""
_PASSES = frozenset({SendError.REFUSED, SendError.TOO_LONG, SendError.KIND_SPENT, SendError.KIND_CLOSED})
"""What is the fault of one message: the person's next one may go."""
_ENDS_THE_BATCH = frozenset({SendError.MISCONFIGURED}) | {
    error for error, follows in CONSEQUENCES.items() if follows.rests
}
"""What the platform says to the whole account: from then on nothing of the batch is tried."""


async def send_by_person(batch: Sequence[Outgoing], begin: Callable[[], SendOne]) -> list[Outcome]:
    """One outcome a row. `begin` is called for each person, and gives what sends that person's rows one by one."""
    people: defaultdict[str, list[Outgoing]] = defaultdict(list)
    for row in batch:
        people[row.outside_id].append(row)
    room, limits = asyncio.Semaphore(AT_ONCE), list[Outcome]()

    async def send_to_one(rows: Sequence[Outgoing]) -> list[Outcome]:
        async with room:
            return await _send_in_order(rows, begin(), limits)

    done = await asyncio.gather(*(send_to_one(rows) for rows in people.values()))
    return [outcome for part in done for outcome in part]


async def _send_in_order(rows: Sequence[Outgoing], send: SendOne, limits: list[Outcome]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for row in rows:
        before = next(iter([*limits, *outcomes[-1:]]), None)
        if before and before.error and before.error not in _PASSES:
            outcomes.append(_waits(row, before))
            continue
        outcomes.append(await _send(row, send))
        limits += [last for last in outcomes[-1:] if last.error in _ENDS_THE_BATCH]
    return outcomes


async def _send(row: Outgoing, send: SendOne) -> Outcome:
    """A row of which nobody foresaw what it led to stops nobody else's, which may be on their way already."""
    try:
        return await send(row)
    except Exception as error:  # noqa: BLE001 - whatever the row holds or the platform's answer led to
        log.error("row_broke", row=str(row.id), channel=row.channel, error=type(error).__name__)
        return Outcome(row.id, SendError.LOST_ANSWER)


def _waits(row: Outgoing, before: Outcome) -> Outcome:
    """A row behind one that has not gone: it goes after it, and was not tried."""
    return Outcome(row.id, before.error, retry_after=before.retry_after, used=0, tried=False)
