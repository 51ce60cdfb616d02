"""What is collected of a report while it is talked about: a slot between the turns, a need once it is confirmed."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from bot.actions.report_privacy import narrower, wanted_privacy
from bot.actions.turn import NeedGuess, Turn
from community.needs.kinds import Kind, get_kind
from community.needs.models import Urgency, Visibility
from community.needs.told import Told
from community.needs.usecases.residents import MOST_FILES, Report
from community.places.tree import PlaceNode

_SOONER = [urgency.value for urgency in (Urgency.NORMAL, Urgency.URGENT, Urgency.CRISIS)]
_EMPTY_TALK = re.compile(
    r"(?:我|俺|你们?|帮|请|麻烦|问|想|要|能|可以|给|有|个|一个|一些|点|些|下|一下|这边|小区|社区|情况|问题|事情?|困难|反映|报告|"
    r"投诉|报修|报|登记|管|说|来|吗|吧|了|不|啊|呢|人|派|看|看看|过来|求助|帮忙|帮助|需要|有事|先|"
    r"i|to|a|an|the|have|want|would|like|need|'d|d|make|report|complain|complaint|problem|issue|something|help|please|"
    r"with|can|could|you|me|file|some|is|there|us|about|my|\W)+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A report under way.

    `building` is known while its unit is still asked for, `asked_near` says that near places were offered already.
    `sureness` is how sure the kind is, `soon` the highest urgency that was told. `beyond` are words for where that no
    tree holds (后面垃圾房, 501), `happened`, `people` and `phones` what `report_facts.py` found,
    `meaning` the vector of the words, `offered` the need like it that was offered (`report_duplicates.py`),
    `wanted` who alone may see it, where the person says so (`report_privacy.py`), `about` the notice that it is about.
    """

    id: str
    words: str = ""
    kind_code: str = "other"
    sureness: float = 0.0
    soon: str = Urgency.NORMAL.value
    place: Mapping[str, Any] | None = None
    building: UUID | None = None
    photos: list[str] = field(default_factory=list)
    asked_near: bool = False
    beyond: str | None = None
    happened: Mapping[str, Any] | None = None
    people: Mapping[str, Any] | None = None
    phones: list[str] = field(default_factory=list)
    meaning: str | None = None
    offered: str | None = None
    wanted: str | None = None
    about: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, turn: Turn) -> Draft:
        """The draft of the person, a new one where there is none."""
        kept = turn.slots.get("draft")
        if not kept:
            return cls(id=str(turn.message_id))
        building = kept["building"]
        return cls(**{**kept, "building": UUID(building) if building else None})

    def keep_in(self, turn: Turn) -> None:
        """Leave the draft for the next turn."""
        turn.keep(draft=asdict(self) | {"building": str(self.building) if self.building else None})

    @property
    def kind(self) -> Kind:
        """The kind of need that it is."""
        return get_kind(self.kind_code)

    @property
    def urgency(self) -> Urgency:
        """How soon: what all that was said asks for."""
        return Urgency(self.soon)

    @property
    def is_confidential(self) -> bool:
        """Whether only social workers will read it."""
        return self.visibility is Visibility.CONFIDENTIAL

    @property
    def visibility(self) -> Visibility:
        """Who may read it: as the kind says, or fewer where the person wants that."""
        return Visibility(narrower(self.wanted, None, self.kind.visibility) or self.kind.visibility)

    def hear_privacy(self, words: str) -> bool:
        """Note who alone may see it; False where the words say nothing of that, or nothing new."""
        before, self.wanted = self.wanted, narrower(self.wanted, wanted_privacy(words), Visibility.PUBLIC)
        return self.wanted != before

    def add_words(self, words: str, need: NeedGuess) -> None:
        """Add what the person says; of several messages the one that names its kind most surely counts."""
        self.hear_privacy(words)
        self.words = f"{self.words}\n{words}" if self.words else words
        self.soon = max(self.soon, need.urgency.value, key=_SOONER.index)
        if need.kind != "other" and need.confidence > self.sureness:
            self.kind_code, self.sureness = need.kind, need.confidence

    def replace_words(self, words: str, need: NeedGuess) -> None:
        """The person says it anew."""
        self.hear_privacy(words)
        self.words, self.soon, self.meaning = words, need.urgency.value, None
        if need.sure:
            self.kind_code, self.sureness = need.kind, need.confidence

    def put_under(self, need: NeedGuess) -> None:
        """The person says what kind it is: no later guess is surer."""
        self.kind_code, self.sureness = need.kind, 1.0
        self.soon = max(self.soon, need.urgency.value, key=_SOONER.index)

    def add_photos(self, turn: Turn) -> None:
        """Add the photos of this message."""
        fresh = [str(file) for file in turn.files if str(file) not in self.photos]
        self.photos = [*self.photos, *fresh][:MOST_FILES]

    def put_at(self, node: PlaceNode) -> None:
        """It is at this place of the tree."""
        self.place = {"id": str(node.id), **node.name}
        self.building = None

    def forget_place(self) -> None:
        """It is somewhere else."""
        self.place, self.building, self.beyond, self.asked_near = None, None, None, False

    def put_where_told(self, words: str) -> None:
        """It is where the person says, which is not on the tree; a building known so far stands before it."""
        self.place = {"id": None, "zh": words, "en": words}

    def as_report(self, told: Told) -> Report:
        """What is stored once it is confirmed; `told` are its facts."""
        place = self.place or {}
        told_only = bool(place) and not place["id"]
        return Report(
            kind=self.kind_code,
            words=f"【{self.about['zh']}】{self.words}" if self.about else self.words,
            place_id=UUID(place["id"]) if place.get("id") else self.building,
            place_words=str(place["zh"]) if told_only else self.beyond,
            file_ids=tuple(UUID(photo) for photo in self.photos),
            urgency=self.urgency,
            visibility=self.visibility,
            told=told,
            meaning=b64decode(self.meaning) if self.meaning else None,
        )


def is_empty_talk(words: str) -> bool:
    """Whether the words only say that there is something to report, and not what."""
    return _EMPTY_TALK.fullmatch(words) is not None
