"""A group's community is named by its administrators: who asked, and for which, is kept until the platform has said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "telegram_group_questions"


def upgrade() -> None:
    """What waits already names no community."""
    op.add_column(TABLE, sa.Column("scene", sa.String(64)))
    op.add_column(TABLE, sa.Column("asked_by", sa.BigInteger()))


def downgrade() -> None:
    """What was asked and not answered yet is asked again by the group."""
    op.drop_column(TABLE, "asked_by")
    op.drop_column(TABLE, "scene")
