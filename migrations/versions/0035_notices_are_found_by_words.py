"""Notices are found by words: their terms, and the vocabulary in which a misspelt word is looked up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from operations.search_terms import fill_notices

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TERMS = postgresql.ARRAY(sa.String(length=40))


def upgrade() -> None:
    """The index is made after the terms of what is there are written."""
    op.add_column("notices", sa.Column("terms", TERMS, server_default="{}", nullable=False))
    op.create_table(
        "notice_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("trigrams", postgresql.ARRAY(sa.String(length=3)), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_notice_words")),
    )
    op.create_index("ix_notice_words_trigrams", "notice_words", ["trigrams"], postgresql_using="gin")
    fill_notices(op.get_bind())
    op.create_index(
        "ix_notices_terms",
        "notices",
        ["terms"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def downgrade() -> None:
    """Nothing is found by words."""
    op.drop_index("ix_notices_terms", "notices")
    op.drop_column("notices", "terms")
    op.drop_table("notice_words")
