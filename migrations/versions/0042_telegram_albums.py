"""Which pictures of Telegram albums were taken in already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No album has come yet."""
    op.create_table(
        "telegram_album_parts",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_album_parts")),
    )


def downgrade() -> None:
    """Albums are single pictures."""
    op.drop_table("telegram_album_parts")
