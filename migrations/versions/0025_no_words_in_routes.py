"""Why a party leads is a code: what staff wrote when they handed a need over stands sealed in its history and moves."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CODES = (
    "'confidential', 'crisis', 'matrix', 'place', 'after_hours', 'absent', 'assisting', 'committee', 'named', "
    "'street', 'street_decided', 'errand', 'handed_over'"
)


def upgrade() -> None:
    """Words become the code; the rows of the history have them."""
    op.execute(f"UPDATE needs SET routing_why = 'handed_over' WHERE routing_why NOT IN ({CODES})")  # noqa: S608


def downgrade() -> None:
    """The words stay where they are sealed."""
