"""Who may speak with residents who want a person, and read what is said: staff of the party that was asked."""

from __future__ import annotations

from community.actors import StaffActor
from community.conversations.models import Handover
from community.parties.models import Role


def may_speak(actor: StaffActor) -> bool:
    """Everybody but admins, who manage accounts."""
    return actor.role is not Role.ADMIN


def may_hold(actor: StaffActor, handover: Handover) -> bool:
    """Read, take, write in or give back this conversation while it is open."""
    return may_speak(actor) and handover.party_id == actor.party_id and handover.ended_at is None
