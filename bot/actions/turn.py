"""One turn as an action sees it: what the person said, what is known so far, and what is to be answered and remembered.

Made from the tracker that Rasa sends, read and filled by a skill's step, given back to Rasa as events and bubbles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from community.needs.usecases.residents import ReportLimits

REQUESTED = "requested_slot"
BEGIN = "begin"
REPORT_FORM = "report_form"
SURE = 0.55
ASIDE = frozenset(
    {
        "ask_contact",
        "bot_challenge",
        "change_language",
        "follow_need",
        "greet",
        "help_menu",
        "read_notices",
        "talk_to_human",
        "thank",
    }
)
"""Intents that are answered in the middle of a form, which then goes on."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a bubble: the message that names it, with values, and what tapping it says to Rasa."""

    label: str
    payload: str
    values: Values = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The button as the app reads it."""
        return {"label": self.label, "values": dict(self.values), "payload": self.payload}


@dataclass(slots=True)
class Turn:
    """A person's message with its understanding, and the answer while it is made.

    `asked` is the question that is open in the active form, None where there is none. `text` is empty where the
    person tapped a button or sent a photo without words.
    """

    resident_id: UUID
    message_id: int
    text: str
    intent: str
    ranking: Sequence[tuple[str, float]]
    entities: Mapping[str, str]
    files: tuple[UUID, ...]
    slots: Mapping[str, Any]
    form: str | None
    asked: str | None
    limits: ReportLimits
    bubbles: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    next_form: str | None = None

    @property
    def confidence(self) -> float:
        """How sure the understanding is; a tapped button is."""
        return self.ranking[0][1] if self.ranking else 1.0

    @property
    def failures(self) -> int:
        """How many messages in a row were not understood before this one."""
        return int(self.slots.get("failures") or 0)

    @property
    def is_asking(self) -> bool:
        """Whether this turn has decided what the active form waits for, or that it is over."""
        return REQUESTED in self.kept

    @property
    def is_over(self) -> bool:
        """Whether the active form ends with this turn."""
        return self.is_asking and self.kept[REQUESTED] is None

    @property
    def is_clearly_aside(self) -> bool:
        """Whether the message is surely something else than an answer to an open question for words."""
        return self.intent in ASIDE and self.confidence >= SURE

    @property
    def answer(self) -> dict[str, Any]:
        """All that this turn answers and remembers."""
        return {"bubbles": self.bubbles, "kept": self.kept, "next_form": self.next_form}

    def answer_as_before(self, earlier: Mapping[str, Any]) -> None:
        """Answer as an earlier run of this message did."""
        self.bubbles, self.kept, self.next_form = earlier["bubbles"], earlier["kept"], earlier["next_form"]

    def slot(self, name: str) -> object:
        """What is known: the value of this turn where it was kept in it, else the one from before."""
        return self.kept.get(name, self.slots.get(name))

    def keep(self, **values: Any) -> None:
        """Remember for the next turns; None forgets."""
        self.kept.update(values)

    def say(self, message: str, *buttons: Button, **values: Any) -> None:
        """Answer with one bubble."""
        self.bubbles.append(
            {"message": message, "values": values, "buttons": [button.as_json() for button in buttons]}
        )

    def ask(self, question: str, message: str, *buttons: Button, **values: Any) -> None:
        """Answer with a question of the active form, and wait for what is said to it."""
        self.kept[REQUESTED] = question
        self.say(message, *buttons, **values)

    def ask_again(self) -> None:
        """Leave the open question open."""
        self.kept[REQUESTED] = self.asked

    def end(self) -> None:
        """The form is over; what it collected is forgotten."""
        self.kept |= dict.fromkeys(FORGOTTEN, None)
        self.kept[REQUESTED] = None

    def switch_to(self, form: str) -> None:
        """Go over to another form, which begins with this same message."""
        self.end()
        self.next_form = form
        self.kept[REQUESTED] = BEGIN

    def count_failure(self) -> int:
        """Remember that this message was not understood; how many in a row that makes."""
        self.kept["failures"] = self.failures + 1
        return self.failures + 1


FORGOTTEN = ("draft", "need", "words", "survey")


def read_turn(tracker: Mapping[str, Any], limits: ReportLimits) -> Turn:
    """The turn that Rasa's tracker tells of."""
    message = tracker["latest_message"]
    metadata = message.get("metadata") or {}
    text = message.get("text") or ""
    asked = tracker["slots"].get(REQUESTED)
    return Turn(
        resident_id=UUID(tracker["sender_id"]),
        message_id=int(metadata["message_id"]),
        text="" if text.startswith("/") else text.strip(),
        intent=message["intent"]["name"],
        ranking=[(row["name"], row["confidence"]) for row in message.get("intent_ranking", ())],
        entities={row["entity"]: str(row["value"]) for row in message.get("entities", ())},
        files=tuple(UUID(file) for file in metadata.get("files", ())),
        slots=tracker["slots"],
        form=(tracker.get("active_loop") or {}).get("name"),
        asked=None if asked == BEGIN else asked,
        limits=limits,
    )
