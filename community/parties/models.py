"""Who can be responsible: parties, their staff, the duty roster, and who leads which kind of need (责任清单)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText, closed_list
from community.residents.models import Language


class PartyType(StrEnum):
    """The kinds of parties in the five-society linkage, and the street office above them."""

    COMMITTEE = "committee"
    SOCIAL_WORK_TEAM = "social_work_team"
    SOCIAL_ORGANISATION = "social_organisation"
    VOLUNTEER_TEAM = "volunteer_team"
    PROPERTY_COMPANY = "property_company"
    DEPARTMENT = "department"
    STREET_OFFICE = "street_office"


class Role(StrEnum):
    """What a staff member is, which decides what may be seen and done."""

    COMMITTEE = "committee"
    SOCIAL_WORKER = "social_worker"
    PARTNER = "partner"
    STREET = "street"
    ADMIN = "admin"


class Share(StrEnum):
    """A party's share in a kind of need."""

    LEAD = "lead"
    ASSIST = "assist"
    INFORM = "inform"


class Applies(StrEnum):
    """When a line of the list applies: always, or to what is urgent while the office is closed."""

    ALWAYS = "always"
    URGENT_AFTER_HOURS = "urgent_after_hours"


class Party(Base):
    """A party 主体 of one community; the street office has no community, it sees all of its street.

    One whose work has ended takes on nothing any more and stays in what was.
    """

    __tablename__ = "parties"

    id: Mapped[RandomId]
    street_id: Mapped[UUID] = mapped_column(ForeignKey("streets.id"))
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"), index=True)
    type: Mapped[PartyType] = mapped_column(closed_list(PartyType))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


class Staff(Base):
    """A person who works for a party. `sign_in` is kept in lower case, so case does not dodge the throttle.

    `leads` marks who leads the party: called when something runs late or an alert is not taken. The second factor is
    in use since a first right code; `second_factor_step` is the last half minute whose code was used.
    """

    __tablename__ = "staff"

    id: Mapped[RandomId]
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    role: Mapped[Role] = mapped_column(closed_list(Role))
    sign_in: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(Text)
    leads: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    password_hash: Mapped[str | None] = mapped_column(Text)
    second_factor_key: Mapped[str | None] = mapped_column(SealedText("staff.second_factor_key"))
    second_factor_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    second_factor_step: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[Language] = mapped_column(closed_list(Language), default=Language.ZH)
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]


class Responsibility(Base):
    """Kind x party -> lead, assist or inform, per community. One lead a line is held by an index.

    A line may be narrower: for a grid or building, or for urgent needs while the office is closed. The narrowest one
    that fits a need holds for it.
    """

    __tablename__ = "responsibilities"
    __table_args__ = (
        UniqueConstraint(
            "community_id", "kind", "party_id", "place_id", "applies", postgresql_nulls_not_distinct=True
        ),
        Index(
            "uq_responsibilities_lead",
            "community_id",
            "kind",
            "place_id",
            "applies",
            unique=True,
            postgresql_where="share = 'lead'",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_responsibilities_place_id", "place_id", postgresql_where="place_id IS NOT NULL"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[str] = mapped_column(String(60))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    share: Mapped[Share] = mapped_column(closed_list(Share))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    applies: Mapped[Applies] = mapped_column(
        closed_list(Applies), default=Applies.ALWAYS, server_default=Applies.ALWAYS.value
    )


class DutyShift(Base):
    """A line of the duty roster 值班表: who is reached for a party between two moments, and by what."""

    __tablename__ = "duty_shifts"
    __table_args__ = (Index("ix_duty_shifts_party_id_starts_at", "party_id", "starts_at"),)

    id: Mapped[RandomId]
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    phone: Mapped[str | None] = mapped_column(Text)
