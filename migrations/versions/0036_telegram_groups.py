"""Which community a Telegram group belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No group has said so yet."""
    op.create_table(
        "telegram_groups",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_telegram_groups_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_telegram_groups")),
    )


def downgrade() -> None:
    """Groups are of no community."""
    op.drop_table("telegram_groups")
