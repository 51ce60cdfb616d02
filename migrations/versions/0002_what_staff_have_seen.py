"""When a staff member last looked at a need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a staff member and need."""
    op.create_table(
        "need_seen",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_seen_need_id_needs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_need_seen_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "need_id", name=op.f("pk_need_seen")),
    )
    op.create_index(op.f("ix_need_seen_need_id"), "need_seen", ["need_id"])


def downgrade() -> None:
    """Without it everything is new to everybody."""
    op.drop_table("need_seen")
