"""Later times of a series were stored without the terms by which notices are found: all are written anew."""

from __future__ import annotations

from alembic import op

from operations.search_terms import fill_notices

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The terms come from the texts that are there; written twice they are the same."""
    fill_notices(op.get_bind())


def downgrade() -> None:
    """Terms do no harm."""
