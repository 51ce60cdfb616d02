"""What was not understood, without the people who said it; what staff made of it; and the sentences they taught."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """An act of staff stands first: messages and sentences name the one that settled them."""
    op.create_table(
        "learning_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("act", _closed_list(("teach", "answer", "ignore"), "actkind"), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_learning_acts_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_learning_acts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_acts")),
    )
    op.create_index("ix_learning_acts_at", "learning_acts", ["at"])
    op.create_table(
        "learned_examples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["learning_acts.id"], name=op.f("fk_learned_examples_act_id_learning_acts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_examples")),
        sa.UniqueConstraint("words", name=op.f("uq_learned_examples_words")),
    )
    op.create_table(
        "unclear_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("guesses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("picked", sa.String(length=40), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"], ["learning_acts.id"], name=op.f("fk_unclear_messages_act_id_learning_acts")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_unclear_messages_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear_messages")),
    )
    op.create_index("ix_unclear_messages_said_on", "unclear_messages", ["said_on"])
    op.create_index(
        "ix_unclear_messages_open",
        "unclear_messages",
        ["community_id", "said_on"],
        postgresql_where=sa.text("act_id IS NULL"),
    )
    op.create_index(
        "ix_unclear_messages_unmeasured",
        "unclear_messages",
        ["id"],
        postgresql_where=sa.text("vector IS NULL"),
    )


def downgrade() -> None:
    """Nothing is learned from what was not understood."""
    op.drop_table("unclear_messages")
    op.drop_table("learned_examples")
    op.drop_table("learning_acts")
