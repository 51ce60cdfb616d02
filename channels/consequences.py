"""What follows from each send error, in one table; channels/delivery.py does it, and nobody else decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from channels.errors import SendError


class Then(StrEnum):
    """What becomes of the message."""

    AGAIN = "again"
    """It is due again, after a while."""
    WAIT = "wait"
    """It waits for the person's next contact."""
    GIVE_UP = "give_up"
    """It has failed; staff see it and decide."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from one error. The first line that fits is what happens.

    `partly`: what becomes of it instead where a part of it has gone. `counts`: it was a try of this message, and after
    three of them staff decide. `platform`: where nothing of a batch went out, it is the platform's fault and no
    message's: the channel rests a while and no try is counted. `rests`: the whole channel rests, as long as the
    platform said. `until_tomorrow`: until midnight. `empties`: what is known of the address from now on. `elsewhere`:
    another channel of the person may carry it. `stops` the address.
    `operator`: somebody has to do something, and `linli check` and the page of undelivered messages say so.
    """

    then: Then
    partly: Then | None = None
    counts: bool = True
    platform: bool = False
    rests: bool = False
    until_tomorrow: bool = False
    empties: str | None = None
    elsewhere: bool = False
    stops: bool = False
    operator: bool = False


CONSEQUENCES: Mapping[SendError, Consequence] = {
    SendError.BUSY: Consequence(Then.AGAIN, platform=True),
    SendError.UNREACHABLE: Consequence(Then.AGAIN, platform=True),
    SendError.LOST_ANSWER: Consequence(Then.AGAIN),
    SendError.RATE_LIMITED: Consequence(Then.AGAIN, counts=False, rests=True),
    SendError.QUOTA_SPENT: Consequence(
        Then.AGAIN, counts=False, rests=True, until_tomorrow=True, elsewhere=True, operator=True
    ),
    SendError.KIND_SPENT: Consequence(Then.WAIT, partly=Then.GIVE_UP, elsewhere=True, operator=True),
    SendError.KIND_CLOSED: Consequence(Then.WAIT, partly=Then.GIVE_UP, elsewhere=True, operator=True),
    SendError.WINDOW_OVER: Consequence(Then.WAIT, empties="window", elsewhere=True),
    SendError.BUDGET_SPENT: Consequence(Then.WAIT, empties="budget", elsewhere=True),
    SendError.NEEDS_CONSENT: Consequence(Then.WAIT, elsewhere=True),
    SendError.TOO_LONG: Consequence(Then.GIVE_UP),
    SendError.REFUSED: Consequence(Then.GIVE_UP),
    SendError.NOBODY_THERE: Consequence(Then.GIVE_UP, elsewhere=True, stops=True),
    SendError.MISCONFIGURED: Consequence(Then.AGAIN, platform=True, operator=True),
}
