"""The room where a resident lives, for lists by floor of those who are told at the door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody's room is known yet."""
    op.add_column("residents", sa.Column("room", sa.Text(), nullable=True))


def downgrade() -> None:
    """Rooms are known to nobody."""
    op.drop_column("residents", "room")
