"""Voluntary service: what a resident did as a volunteer; whoever takes part in an activity serves nobody by it."""

from __future__ import annotations

from sqlalchemy import and_, exists

from community.activities.models import Part, ShiftPlaces
from community.signups.models import SignUp, SignUpState

SERVED = and_(
    SignUp.state == SignUpState.COMPLETED,
    exists().where(ShiftPlaces.id == SignUp.places_id, ShiftPlaces.part == Part.VOLUNTEER),
)
"""The sign-ups that count as service: hours, certificates and lists of hours are made of these."""
