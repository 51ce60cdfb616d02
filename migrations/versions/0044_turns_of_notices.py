"""Notices that are on their way are followed in turns: when each had its last one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was looked at yet: every notice has its turn."""
    op.add_column("notice_sendings", sa.Column("followed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """The oldest ones first again."""
    op.drop_column("notice_sendings", "followed_at")
