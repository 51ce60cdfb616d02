"""Residents of a community are found by year of birth and by language without a look at their rows."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two narrow indexes in place of a wide one, in which only the home came before what is asked for."""
    op.drop_index("ix_residents_audience", table_name="residents")
    op.create_index("ix_residents_age", "residents", ["community_id", "birth_year", "id"])
    op.create_index("ix_residents_language", "residents", ["community_id", "language", "id"])


def downgrade() -> None:
    """The wide one again."""
    op.drop_index("ix_residents_language", table_name="residents")
    op.drop_index("ix_residents_age", table_name="residents")
    op.create_index(
        "ix_residents_audience", "residents", ["community_id", "home_id", "birth_year", "language", "id"]
    )
