"""Wrong tries are counted for who types, no longer at the codes that happen to be open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was counted is forgotten with the codes, in ten minutes at most."""
    op.drop_column("link_codes", "misses")


def downgrade() -> None:
    """Count from the beginning again."""
    misses = sa.Column("misses", sa.SmallInteger(), server_default="0", nullable=False)
    op.add_column("link_codes", misses)
