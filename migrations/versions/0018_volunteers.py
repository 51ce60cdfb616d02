"""Who helps in a community, and how often they were asked to step in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whom to ask next is read in order from the index."""
    op.create_table(
        "volunteers",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_volunteers_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_volunteers_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", "community_id", name=op.f("pk_volunteers")),
    )
    op.create_index("ix_volunteers_least_asked", "volunteers", ["community_id", "asked", "asked_at"])


def downgrade() -> None:
    """Nobody is known to help."""
    op.drop_table("volunteers")
