"""Needs that are closed or withdrawn, by age: read in pages without sorting them all."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PAST = "state IN ('closed', 'withdrawn')"


def upgrade() -> None:
    """For a party, a community, and the whole street."""
    op.create_index("ix_needs_past", "needs", ["created_at"], postgresql_where=PAST)
    op.create_index("ix_needs_past_of_party", "needs", ["lead_party_id", "created_at"], postgresql_where=PAST)
    op.create_index(
        "ix_needs_past_of_community", "needs", ["community_id", "created_at"], postgresql_where=PAST
    )


def downgrade() -> None:
    """The lists work without them, slower."""
    op.drop_index("ix_needs_past", table_name="needs")
    op.drop_index("ix_needs_past_of_community", table_name="needs")
    op.drop_index("ix_needs_past_of_party", table_name="needs")
