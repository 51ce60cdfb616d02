"""The question for a consent in the chat: one message with its buttons, in words that a tired person understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.consents.models import Consent, ConsentField
from community.needs.models import Need
from community.needs.usecases.steps import tell_resident
from community.parties.models import Party

MARK = "consent"
YES, NO, WHAT, STOP = "yes", "no", "what", "stop"
NAMES: Mapping[str, Mapping[str, str]] = {
    ConsentField.NAME: {"zh": "您的称呼", "en": "your name"},
    ConsentField.PHONE: {"zh": "电话", "en": "your phone number"},
    ConsentField.PLACE: {"zh": "您的楼栋", "en": "your building"},
    ConsentField.KIND: {"zh": "是哪一类事", "en": "what kind of matter it is"},
    ConsentField.WORDS: {"zh": "您报的原话", "en": "your own words"},
    ConsentField.PHOTOS: {"zh": "照片", "en": "your photos"},
}
"""What is shared, as it is said to the resident; the sentence is said itself."""


async def ask_in_chat(
    session: AsyncSession, need: Need, consent: Consent, party: Party, actor: StaffActor
) -> None:
    """Queue the question."""
    values = consent_values(consent, party)
    await tell_resident(
        session,
        need,
        "consent_ask",
        f"consent:{consent.id}",
        staff_id=actor.staff_id,
        buttons=consent_buttons(consent.id),
        worker=actor.name,
        party=values["party"],
        what=values["what"],
        fields=values["fields"],
        sentence=values["sentence"],
        until=values["until"],
    )


def consent_values(consent: Consent, party: Party) -> dict[str, object]:
    """What fills every sentence about a consent."""
    named = [dict(NAMES[field]) for field in consent.fields if field in NAMES]
    return {
        "party": party.name,
        "what": consent.purpose,
        "fields": named,
        "sentence": consent.sentence,
        "until": consent.until.isoformat(),
    }


def consent_buttons(consent_id: UUID) -> Sequence[dict[str, object]]:
    """Yes, no, and what it means."""
    labels = {YES: "button_consent_yes", NO: "button_consent_no", WHAT: "button_consent_what"}
    return [{"label": label, "payload": consent_payload(consent_id, said)} for said, label in labels.items()]


def consent_payload(consent_id: UUID, said: str) -> str:
    """What a button says to the bot."""
    return f'/choose{{"value": "{MARK}:{consent_id}:{said}"}}'
