"""Who reads what is confidential signs in with a second factor as well."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The key of a colleague's authenticator; a session of which the code is still missing."""
    op.add_column("staff", sa.Column("second_factor_key", sa.Text()))
    op.add_column("staff", sa.Column("second_factor_since", sa.DateTime(timezone=True)))
    op.add_column("staff", sa.Column("second_factor_step", sa.BigInteger()))
    op.add_column(
        "staff_sessions", sa.Column("whole", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    """Without it; sessions that lack their code end, or they would be whole."""
    op.execute("DELETE FROM staff_sessions WHERE NOT whole")
    op.drop_column("staff_sessions", "whole")
    for column in ("second_factor_step", "second_factor_since", "second_factor_key"):
        op.drop_column("staff", column)
