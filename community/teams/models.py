"""A team 队伍 of volunteers with its leader, and who belongs to it. Next: usecases.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, PrimaryKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId


class Team(Base):
    """A team of a community; its name is for everybody. `code` is what a resident says to become a member."""

    __tablename__ = "teams"
    __table_args__ = (
        Index("ix_teams_community_id", "community_id"),
        Index("ix_teams_leader_id", "leader_id"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TeamMember(Base):
    """A resident who belongs to a team, the leader too."""

    __tablename__ = "team_members"
    __table_args__ = (
        PrimaryKeyConstraint("team_id", "resident_id"),
        Index("ix_team_members_resident_id", "resident_id"),
    )

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
