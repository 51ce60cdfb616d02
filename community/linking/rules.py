"""What becomes of each row of a person who turns out to be another one: it moves, it ends, the better one stays.

A table with a foreign key to residents has its line here; tests/contract/test_linking.py names one that is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Move:
    """The row goes to the person who stays. Where both have one that only one may have, the `better` in this order.

    Without an order the row of the person who stays is kept. `settled` says that merging.py has ended one of the two
    before, because other tables lead to them.
    """

    better: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """The row ends with the person: it says something of a moment."""


RULES: Mapping[str, Move | Drop] = MappingProxyType(
    {
        "activity_follows.resident_id": Move("since"),
        "addresses.resident_id": Move(),
        "calendar_feeds.resident_id": Move("made_at DESC"),
        "category_follows.resident_id": Move("changed_at DESC"),
        "certificates.resident_id": Move(),
        "consents.resident_id": Move(),
        "contact_preferences.resident_id": Move("changed_at DESC"),
        "credit_lines.resident_id": Move(),
        "dialogue_states.resident_id": Drop(),
        "files.owner_id": Move(),
        "handovers.resident_id": Move(settled=True),
        "home_confirmations.member_id": Move(),
        "home_confirmations.resident_id": Move(),
        "household_codes.resident_id": Drop(),
        "inbound_messages.resident_id": Move(),
        "link_codes.resident_id": Drop(),
        "link_codes.typed_by": Drop(),
        "need_entries.resident_id": Move(),
        "need_followers.resident_id": Move("at"),
        "need_history.resident_id": Move(),
        "needs.resident_id": Move(),
        "notice_digest_items.resident_id": Move("due_at"),
        "notice_recipients.resident_id": Move("confirmed_at NULLS LAST, sent_at NULLS LAST"),
        "outbox_messages.resident_id": Move(),
        "qualifications.resident_id": Move("expires_at DESC NULLS FIRST"),
        "reminder_wishes.resident_id": Move(),
        "resident_tags.resident_id": Move("since"),
        "sign_up_history.resident_id": Move(),
        "sign_ups.resident_id": Move(settled=True),
        "staff_links.resident_id": Move(),
        "substitute_asks.resident_id": Move("said NULLS LAST, asked_at DESC"),
        "surveys.resident_id": Move(),
        "swap_asks.resident_id": Move("said NULLS LAST, asked_at DESC"),
        "swaps.resident_id": Move(),
        "team_members.resident_id": Move("since"),
        "teams.leader_id": Move(),
        "turn_leases.resident_id": Drop(),
        "volunteers.resident_id": Move("since"),
    }
)

PROFILE = frozenset(
    {
        "birth_year",
        "community_id",
        "created_at",
        "home_claim",
        "home_id",
        "id",
        "language",
        "language_chosen",
        "name",
        "phone",
        "phone_term",
        "room",
    }
)
"""The columns of a resident that profile.py takes over."""
