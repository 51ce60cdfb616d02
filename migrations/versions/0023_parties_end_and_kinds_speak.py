"""A party's work may end; and a community says in its own words what happens with a kind of need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No party has ended, no community says anything yet."""
    op.add_column("parties", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "kind_texts",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_kind_texts_changed_by_staff")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_kind_texts_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("community_id", "kind", name=op.f("pk_kind_texts")),
    )


def downgrade() -> None:
    """Communities say nothing of their own; parties that ended are there again."""
    op.drop_table("kind_texts")
    op.drop_column("parties", "ended_at")
