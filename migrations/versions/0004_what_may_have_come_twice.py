"""Messages that may have reached their person twice: few, and counted for /metrics without reading the rest."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index over the few."""
    op.create_index("ix_outbox_messages_uncertain", "outbox_messages", ["id"], postgresql_where="uncertain")


def downgrade() -> None:
    """Counting works without it, slower."""
    op.drop_index("ix_outbox_messages_uncertain", table_name="outbox_messages")
