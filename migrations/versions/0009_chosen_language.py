"""Whether a person chose the language, or is spoken to as they write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen yet: the next message in the other language shows."""
    op.add_column(
        "residents",
        sa.Column("language_chosen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    """The language stays as it is."""
    op.drop_column("residents", "language_chosen")
