"""Where the sending of each notice stands, what waits for a digest, and the recipients that are still under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is being sent yet."""
    op.create_table(
        "notice_sendings",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminding", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reminder_cursor", sa.Uuid(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_sendings_notice_id_notices")
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_sendings")),
    )
    op.create_index(
        "ix_notice_sendings_open",
        "notice_sendings",
        ["notice_id"],
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_table(
        "notice_digest_items",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_digest_items_notice_id_notices")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_notice_digest_items_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", "notice_id", name=op.f("pk_notice_digest_items")),
    )
    op.create_index("ix_notice_digest_items_due_at", "notice_digest_items", ["due_at"])
    op.create_index("ix_notice_digest_items_notice_id", "notice_digest_items", ["notice_id"])
    op.create_index(
        "ix_notice_recipients_under_way",
        "notice_recipients",
        ["notice_id", "resident_id"],
        postgresql_where=sa.text("state IN ('queued', 'waiting', 'failed')"),
    )


def downgrade() -> None:
    """Notices stay where they are."""
    op.drop_index("ix_notice_recipients_under_way", table_name="notice_recipients")
    op.drop_table("notice_digest_items")
    op.drop_table("notice_sendings")
