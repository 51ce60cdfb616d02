"""Words that pages ask for by a name made of data are there for every state, kind of event, claim and channel."""

from __future__ import annotations

import pytest

from channels.registry import make_channels
from community.needs.clocks import WEEKDAYS
from community.needs.models import EntryKind, NeedState, Visibility
from community.residents.models import HomeClaim
from linli.database import Sessions
from linli.settings import Settings
from web.residents.drawing import DONE
from web.words import all_words

STATES = [state.value for state in NeedState]
SAID = [*STATES, EntryKind.ADDITION.value, EntryKind.ANSWER.value, "passed_on", "closed_unheard", "photo"]
NAMES = [
    *(f"state_{name}" for name in STATES),
    *(f"now_{name}" for name in STATES),
    *(f"public_{name}" for name in STATES if name != NeedState.WITHDRAWN),
    *(f"story_{name}" for name in SAID if name != NeedState.DECLINED),
    *(f"sees_{level.value}" for level in Visibility),
    *(f"claim_{claim.value}" for claim in HomeClaim),
    *(f"done_{name}" for name in sorted(DONE)),
    *(f"star_{score}" for score in range(1, 6)),
    *(f"day_{day}" for day in WEEKDAYS),
    *(f"tab_{name}" for name in ("chat", "needs", "board", "notices", "me")),
    *("needs", "board", "notices", "me"),
]


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_word_for(name: str) -> None:
    assert f"m.{name}" in all_words()


def test_every_channel_has_a_name(sessions: Sessions) -> None:
    assert all(f"m.channel_{name}" in all_words() for name in make_channels(Settings(), sessions))
