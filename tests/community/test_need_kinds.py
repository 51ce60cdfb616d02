"""The list of kinds is whole, and each kind is known to the bot."""

from __future__ import annotations

import pytest

from community.needs.kinds import KINDS, Kind, get_kind
from community.needs.models import Visibility
from community.parties.models import PartyType

CODES = [
    "sanitation_environment", "noise", "elevator", "parking_vehicles", "property_management", "repair_utilities",
    "roads_transit_streetlights", "fire_public_safety", "illegal_building_occupation",
    "housing_purchase_demolition", "neighbour_dispute", "elderly_care", "education", "mental_health",
    "poverty_disability_aid", "medical_insurance_health", "employment_social_insurance", "consumer_fraud",
    "admin_policy_consult", "culture_sports_activity", "pets", "other",
]  # fmt: skip


def test_the_kinds_are_listed_in_their_order() -> None:
    assert list(KINDS) == CODES


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_is_whole(kind: Kind) -> None:
    assert kind.zh
    assert kind.en
    assert len(kind.zh) <= 8, "a button holds eight Chinese characters"
    assert kind.name == {"zh": kind.zh, "en": kind.en}
    assert 0 < kind.urgent_minutes <= kind.answer_minutes
    shares = [kind.lead, *kind.assist, *kind.inform]
    assert len(shares) == len(set(shares)), "a party has one share"
    assert PartyType.STREET_OFFICE not in shares, "the street office decides, it is no party of the matrix"
    assert not kind.asks_unit or kind.asks_place


def test_what_only_social_workers_may_read_has_no_other_party() -> None:
    confidential = [kind for kind in KINDS.values() if kind.visibility is Visibility.CONFIDENTIAL]
    assert {kind.code for kind in confidential} == {"mental_health", "poverty_disability_aid"}
    assert all(kind.lead is PartyType.SOCIAL_WORK_TEAM for kind in confidential)
    assert all(not kind.assist and not kind.inform for kind in confidential)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        get_kind("broken_spaceship")
