"""Who acts: a resident, a staff member with role and party, or Linli itself. Every use-case is told, and checks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from community.parties.models import Role


@dataclass(frozen=True, slots=True)
class ResidentActor:
    """A resident, known by a channel."""

    resident_id: UUID


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A signed-in staff member. `community_id` is None for the street office, which sees all of its street."""

    staff_id: UUID
    role: Role
    party_id: UUID
    community_id: UUID | None
    street_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SystemActor:
    """Linli itself: the worker and its jobs."""


Actor = ResidentActor | StaffActor | SystemActor
SYSTEM = SystemActor()
