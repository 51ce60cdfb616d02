"""Answers on procedures and contacts, and the ways of asking for them with their vectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTY_TYPES = (
    "committee",
    "social_work_team",
    "social_organisation",
    "volunteer_team",
    "property_company",
    "department",
    "street_office",
)


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Entries for all (no community) or for one; questions of an entry go with it."""
    op.create_table(
        "answer_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("answer_zh", sa.Text(), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=False),
        sa.Column("source_zh", sa.Text(), nullable=False),
        sa.Column("source_en", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("office", _closed_list(PARTY_TYPES, "partytype"), nullable=True),
        sa.Column("phones", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("buttons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_answer_entries_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_answer_entries_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_entries")),
        sa.UniqueConstraint(
            "community_id",
            "code",
            name=op.f("uq_answer_entries_community_id_code"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "answer_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("language", _closed_list(("zh", "en"), "language"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["answer_entries.id"],
            name=op.f("fk_answer_questions_entry_id_answer_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_questions")),
        sa.UniqueConstraint("entry_id", "words", name=op.f("uq_answer_questions_entry_id_words")),
    )
    op.create_index(
        "ix_answer_questions_unmeasured",
        "answer_questions",
        ["id"],
        postgresql_where=sa.text("vector IS NULL"),
    )


def downgrade() -> None:
    """Questions are answered by people alone again."""
    op.drop_table("answer_questions")
    op.drop_table("answer_entries")
