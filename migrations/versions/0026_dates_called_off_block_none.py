"""An activity has one standing shift at a time: a date that was called off blocks none that is moved there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only shifts that stand are kept apart."""
    op.drop_constraint(op.f("uq_shifts_activity_id_starts_at"), "shifts", type_="unique")
    op.create_index(
        "uq_shifts_standing",
        "shifts",
        ["activity_id", "starts_at"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )


def downgrade() -> None:
    """All shifts are kept apart; fails where a date was called off and held again."""
    op.drop_index("uq_shifts_standing", table_name="shifts")
    op.create_unique_constraint(
        op.f("uq_shifts_activity_id_starts_at"), "shifts", ["activity_id", "starts_at"]
    )
