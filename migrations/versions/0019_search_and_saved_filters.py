"""Search terms of needs and phones, none of a confidential need; filters that staff keep; an assignee's past by its age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from operations.search_terms import fill_search_terms

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CLEARED = """
CREATE FUNCTION clear_terms_of_confidential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.terms := '{}';
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER needs_clear_terms BEFORE INSERT OR UPDATE OF visibility, terms ON needs
FOR EACH ROW WHEN (NEW.visibility = 'confidential' AND NEW.terms <> '{}')
EXECUTE FUNCTION clear_terms_of_confidential()
"""


def upgrade() -> None:
    """The index is made after the terms are written."""
    terms = postgresql.ARRAY(sa.String(length=8))
    op.add_column("needs", sa.Column("terms", terms, server_default="{}", nullable=False))
    op.add_column("residents", sa.Column("phone_term", sa.String(length=8), nullable=True))
    op.execute(CLEARED)
    op.execute(TRIGGER)
    fill_search_terms(op.get_bind())
    op.create_index(
        "ix_needs_terms", "needs", ["terms"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    op.create_index(op.f("ix_residents_phone_term"), "residents", ["phone_term"])
    op.drop_index("ix_needs_assignee_id", "needs")
    op.create_index(
        "ix_needs_assignee_id_state_created_at", "needs", ["assignee_id", "state", "created_at"]
    )
    _make_saved_filters()


def downgrade() -> None:
    """Nothing is found by words, and filters are forgotten."""
    op.drop_table("saved_filters")
    op.drop_index("ix_needs_assignee_id_state_created_at", "needs")
    op.create_index("ix_needs_assignee_id", "needs", ["assignee_id"])
    op.drop_index("ix_residents_phone_term", "residents")
    op.drop_column("residents", "phone_term")
    op.execute("DROP TRIGGER needs_clear_terms ON needs")
    op.execute("DROP FUNCTION clear_terms_of_confidential")
    op.drop_column("needs", "terms")


def _make_saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_saved_filters_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    op.create_index(op.f("ix_saved_filters_staff_id"), "saved_filters", ["staff_id"])
