"""One turn as an action sees it: what the person said, what is known so far, and what is to be answered and remembered.

Made from the tracker that Rasa sends, read and filled by a skill's step, given back to Rasa as events and bubbles.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from community.clock import now
from community.needs.models import Urgency
from community.needs.usecases.residents import ReportLimits

REQUESTED = "requested_slot"
BEGIN = "begin"
REPORT_FORM = "report_form"
CRISIS_FORM = "crisis_form"
CARE_FORM = "care_form"
ACTIVITY_FORM = "activity_form"
SUBSCRIPTION_FORM = "subscription_form"
PASS_ON_FORM = "pass_on_form"  # noqa: S105 - no password
SURE = 0.55
ASIDE = frozenset(
    {
        "ask_contact",
        "bot_challenge",
        "ask_procedure",
        "change_language",
        "check_in",
        "find_activities",
        "follow_need",
        "greet",
        "help_menu",
        "manage_subscription",
        "my_data",
        "my_signups",
        "read_notices",
        "send_sticker",
        "talk_to_human",
        "thank",
    }
)
"""Intents that are answered in the middle of a form, which then goes on."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NeedGuess:
    """What kind of need a message tells of, and how soon, as the bot understood it; little where it tells of none."""

    kind: str = "other"
    confidence: float = 0.0
    urgency: Urgency = Urgency.NORMAL

    @classmethod
    def read(cls, told: Mapping[str, Any] | None) -> NeedGuess:
        """The guess that Rasa tells, none where a button was tapped."""
        return cls(told["kind"], told["confidence"], Urgency(told["urgency"])) if told else cls()

    @property
    def sure(self) -> bool:
        """Whether the message names this kind, and not just leans to it."""
        return self.kind != "other" and self.confidence >= SURE

    def as_json(self) -> dict[str, Any]:
        """The guess as a slot keeps it."""
        return {"kind": self.kind, "confidence": self.confidence, "urgency": self.urgency.value}


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
    person tapped a button or sent a photo without words, and then `vector` is None; otherwise it holds the 512 numbers
    of two bytes that say what the text means. `matters` are the parts of a text that tells of several needs.
    `staff_wait` where staff may have asked the person something, `first_try` where nobody can have begun to answer this
    message before.
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
    need: NeedGuess = NeedGuess()
    vector: bytes | None = None
    matters: Sequence[Mapping[str, Any]] = ()
    staff_wait: bool = True
    first_try: bool = False
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
        self.kept |= {REQUESTED: question, "asked_at": now().isoformat()}
        self.say(message, *buttons, **values)

    def ask_again(self) -> None:
        """Leave the open question open."""
        self.kept |= {REQUESTED: self.asked, "asked_at": now().isoformat()}

    def end(self) -> None:
        """The form is over; what it collected is forgotten."""
        self.kept |= dict.fromkeys(FORGOTTEN, None)
        self.kept[REQUESTED] = None

    def switch_to(self, form: str) -> None:
        """Go over to another form, which begins with this same message."""
        self.end()
        self.next_form = form
        self.kept[REQUESTED] = BEGIN

    def keep_unclear(self) -> None:
        """Remember words that were not understood: they count when the person then says what they are about."""
        if self.text:
            self.keep(unclear={"words": self.text, "need": self.need.as_json()})
        else:
            self.keep(unclear=self.slots.get("unclear"))

    def unclear(self) -> tuple[str, NeedGuess]:
        """The words that were not understood just before, empty where there are none."""
        kept = self.slots.get("unclear")
        if not isinstance(kept, Mapping):
            return "", NeedGuess()
        return kept["words"], NeedGuess.read(kept["need"])

    def count_failure(self) -> int:
        """Remember that this message was not understood; how many in a row that makes."""
        self.kept["failures"] = self.failures + 1
        return self.failures + 1


FORGOTTEN = ("draft", "need", "words", "survey", "errand", "crisis", "care")


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
        need=NeedGuess.read(message.get("need")),
        vector=b64decode(message["vector"]) if message.get("vector") else None,
        matters=message.get("matters") or (),
        staff_wait=bool(metadata.get("staff_wait", True)),
        first_try=bool(metadata.get("first_try")),
    )
