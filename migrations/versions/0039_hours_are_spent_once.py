"""The form that spends hours of the time bank: when it comes twice, they are spent once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One line a form."""
    op.add_column("credit_lines", sa.Column("request_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_credit_lines_request_id"), "credit_lines", ["request_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_column("credit_lines", "request_id")
