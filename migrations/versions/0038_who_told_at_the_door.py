"""Who of staff told a notice at a door, beside when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was told at the door yet."""
    op.add_column("notice_recipients", sa.Column("door_told_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notice_recipients_door_told_by_staff"),
        "notice_recipients",
        "staff",
        ["door_told_by"],
        ["id"],
    )


def downgrade() -> None:
    """Only when stays known."""
    op.drop_constraint(
        op.f("fk_notice_recipients_door_told_by_staff"), "notice_recipients", type_="foreignkey"
    )
    op.drop_column("notice_recipients", "door_told_by")
