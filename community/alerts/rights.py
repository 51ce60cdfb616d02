"""Whom an open alert calls: who was called, while that person still works where it lies, or for the street."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_

from community.actors import StaffActor
from community.alerts.models import Alert, AlertCall, CallStep
from community.parties.models import Role


def rings_for(actor: StaffActor) -> ColumnElement[bool]:
    """A condition on alerts; who moved to another party after the call hears and learns nothing more of it."""
    works_there = Alert.party_id == actor.party_id
    if actor.role is Role.STREET:
        works_there = or_(works_there, AlertCall.step == CallStep.STREET)
    return exists().where(AlertCall.alert_id == Alert.id, AlertCall.staff_id == actor.staff_id, works_there)
