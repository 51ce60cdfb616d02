"""What waited for a person and may go now is found by their address, so that it goes before the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NAME = "ix_outbox_messages_freed"


def upgrade() -> None:
    """An index of the few rows that were freed and not sent yet."""
    where = sa.text("state = 'pending' AND reason = 'freed'")
    op.create_index(NAME, "outbox_messages", ["address_id"], postgresql_where=where)


def downgrade() -> None:
    """Without it."""
    op.drop_index(NAME, table_name="outbox_messages")
