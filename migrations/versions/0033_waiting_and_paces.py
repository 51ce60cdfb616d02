"""Messages that wait for the next contact, what may be sent until then, and how fast each channel may go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = ("pending", "sending", "sent", "failed", "expired", "suppressed", "held")
ADDRESS_COLUMNS = ("may_send", "window_until", "next_send_at")


def upgrade() -> None:
    """States, columns and indexes of the outbox; budgets at the addresses; paces; media and places that came in."""
    _allow_states(*STATES, "waiting")
    op.drop_index("ix_outbox_messages_due", table_name="outbox_messages")
    _index("due", ["channel", "priority", "due_at", "seq"], "state = 'pending'")
    _index("sending", ["address_id"], "state = 'sending'")
    _index("waiting", ["resident_id", "seq"], "state = 'waiting'")
    _index("expires", ["expires_at"], "state IN ('pending', 'waiting') AND expires_at IS NOT NULL")
    op.add_column("addresses", sa.Column("may_send", sa.Integer(), nullable=True))
    op.add_column("addresses", sa.Column("window_until", MOMENT, nullable=True))
    op.add_column("addresses", sa.Column("next_send_at", MOMENT, nullable=True))
    for column in ("media", "location"):
        op.add_column("inbound_messages", sa.Column(column, postgresql.JSONB(), nullable=True))
    op.create_table(
        "channel_paces",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("rests_until", MOMENT, nullable=True),
        sa.Column("fruitless", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_paces")),
    )
    op.create_table(
        "outbox_watch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("tidied_at", MOMENT, nullable=False),
        sa.Column("inbound_seen", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_watch")),
    )


def downgrade() -> None:
    """What waits goes out when it is due."""
    op.drop_table("outbox_watch")
    op.drop_table("channel_paces")
    for column in ("media", "location"):
        op.drop_column("inbound_messages", column)
    for column in ADDRESS_COLUMNS:
        op.drop_column("addresses", column)
    for name in ("expires", "waiting", "sending", "due"):
        op.drop_index(f"ix_outbox_messages_{name}", table_name="outbox_messages")
    op.execute("UPDATE outbox_messages SET state = 'pending' WHERE state = 'waiting'")
    _index("due", ["priority", "due_at"], "state = 'pending'")
    _allow_states(*STATES)


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(f"ix_outbox_messages_{name}", "outbox_messages", columns, postgresql_where=sa.text(where))


def _allow_states(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(op.f("ck_outbox_messages_outboxstate"), "outbox_messages", type_="check")
    op.create_check_constraint(
        op.f("ck_outbox_messages_outboxstate"), "outbox_messages", f"state IN ({listed})"
    )
