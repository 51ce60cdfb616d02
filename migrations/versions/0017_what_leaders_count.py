"""Indexes for the figures of those who lead: what came, what was solved or opened again, which clocks were kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each holds what a period asks for, and nothing else."""
    op.create_index("ix_needs_community_id_created_at", "needs", ["community_id", "created_at"])
    turns = sa.text("event IS NULL AND to_state IN ('resolved', 'reopened')")
    op.create_index("ix_need_history_turns", "need_history", ["at"], postgresql_where=turns)
    measured = sa.text("outcome IN ('met', 'late')")
    op.create_index("ix_need_clocks_measured", "need_clocks", ["ended_at"], postgresql_where=measured)


def downgrade() -> None:
    """Figures take longer."""
    op.drop_index("ix_need_clocks_measured", "need_clocks")
    op.drop_index("ix_need_history_turns", "need_history")
    op.drop_index("ix_needs_community_id_created_at", "needs")
