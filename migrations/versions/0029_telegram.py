"""Who listens for a Telegram bot and how far, which buttons were tapped, what groups asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody listens yet."""
    op.create_table(
        "telegram_listeners",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_telegram_listeners")),
    )
    op.create_table(
        "telegram_taps",
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("button", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox_messages.id"],
            name=op.f("fk_telegram_taps_outbox_id_outbox_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("outbox_id", "button", name=op.f("pk_telegram_taps")),
    )
    op.create_table(
        "telegram_group_questions",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_group_questions")),
    )
    op.create_index(
        "ix_telegram_group_questions_waiting",
        "telegram_group_questions",
        ["due_at"],
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    """Without Telegram."""
    op.drop_table("telegram_group_questions")
    op.drop_table("telegram_taps")
    op.drop_table("telegram_listeners")
