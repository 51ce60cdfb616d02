"""Puts messages that mean much the same into groups: around the one that has most near it, then around the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from community.answers.search import read_vectors
from community.learning.models import UnclearMessage

ALIKE = 0.62
"""Cosine from which two messages count as the same wish; paraphrases reach .65 to .9, strangers stay under .5."""


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one wish; the first is the most typical one, the others follow by nearness."""

    messages: Sequence[UnclearMessage]

    @property
    def typical(self) -> UnclearMessage:
        """The message that stands for the group."""
        return self.messages[0]

    @property
    def newest(self) -> UnclearMessage:
        """The message that was said last."""
        return max(self.messages, key=lambda message: message.said_on)

    @property
    def words(self) -> list[str]:
        """What was said, each wording once."""
        return list(dict.fromkeys(message.words for message in self.messages))

    def most_often(self, names: Sequence[str]) -> str | None:
        """The commonest of some names."""
        return max(names, key=names.count, default=None)

    @property
    def picked(self) -> str | None:
        """What people of this group wanted most often, as was seen afterwards."""
        return self.most_often([message.picked for message in self.messages if message.picked])

    @property
    def guessed(self) -> list[str]:
        """What was offered to them, the commonest first."""
        offered = [guess for message in self.messages for guess in message.guesses]
        return sorted(dict.fromkeys(offered), key=lambda guess: -offered.count(guess))


def make_groups(messages: Sequence[UnclearMessage]) -> list[Group]:
    """Groups of messages, the largest first, among equals the newest; one without a vector stands alone."""
    measured = [message for message in messages if message.vector is not None]
    groups = [Group([message]) for message in messages if message.vector is None]
    groups += [Group([measured[at] for at in members]) for members in _cluster(measured)]
    return sorted(groups, key=lambda group: (len(group.messages), group.newest.said_on), reverse=True)


def _cluster(messages: Sequence[UnclearMessage]) -> list[list[int]]:
    """Positions, a list a group, the middle of the group first."""
    if not messages:
        return []
    vectors = read_vectors([message.vector or b"" for message in messages])
    likeness = vectors @ vectors.T
    free = np.ones(len(messages), dtype=bool)
    clusters = []
    closeness = np.where(likeness >= ALIKE, likeness, 0).sum(axis=1)
    for middle in np.argsort(-closeness, kind="stable"):
        if free[middle]:
            near = np.flatnonzero(free & (likeness[middle] >= ALIKE))
            ordered = near[np.argsort(-likeness[middle][near], kind="stable")]
            members = [int(middle), *(int(at) for at in ordered if at != middle)]
            free[members] = False
            clusters.append(members)
    return clusters
