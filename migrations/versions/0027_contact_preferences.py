"""Where a person wants to be told, when not, how often and about what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said anything yet: everybody is told on the channel used last."""
    op.create_table(
        "contact_preferences",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notices_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("most_a_day", sa.SmallInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439",
            name=op.f("ck_contact_preferences_quiet_minutes"),
        ),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_contact_preferences_quiet_both")
        ),
        sa.CheckConstraint("most_a_day > 0", name=op.f("ck_contact_preferences_most_a_day")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_contact_preferences_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_contact_preferences")),
    )
    op.create_table(
        "category_follows",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_category_follows_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", "category", name=op.f("pk_category_follows")),
    )


def downgrade() -> None:
    """Nobody has said anything."""
    op.drop_table("category_follows")
    op.drop_table("contact_preferences")
