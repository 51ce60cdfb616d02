"""Which folded parts of the composer stand open: those in which something is chosen, so that nobody overlooks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from community.notices.composing import Branch, Choices

_PARTS = {
    "more": ("channel-", "follow-", "activity-", "unconfirmed"),
    "without": ("not_place-", "not_tag-", "without_confirmed"),
}


def opened_by(fields: Mapping[str, str], choices: Choices) -> frozenset[str]:
    """The parts by name, the branches of the trees of places as their boxes are called."""
    chosen = [name for name, value in fields.items() if value]
    found = {part for part, prefixes in _PARTS.items() if any(name.startswith(prefixes) for name in chosen)}
    for prefix in ("place-", "not_place-"):
        for community, branches in choices.trees:
            below = set(_open(prefix, branches, chosen))
            found |= below
            if below or _is_chosen(prefix, branches, chosen):
                found.add(f"{prefix}{community.id}")
    return frozenset(found)


def _open(prefix: str, branches: Sequence[Branch], chosen: Sequence[str]) -> Iterator[str]:
    for branch in branches:
        below = list(_open(prefix, branch.below, chosen))
        yield from below
        if below or _is_chosen(prefix, (branch, *branch.below), chosen):
            yield f"{prefix}{branch.place.id}"


def _is_chosen(prefix: str, branches: Sequence[Branch], chosen: Sequence[str]) -> bool:
    return any(f"{prefix}{branch.place.id}" in chosen for branch in branches)
