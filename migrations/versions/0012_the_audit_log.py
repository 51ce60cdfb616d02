"""The audit log; its rows and those of who looked at confidential needs are only added for three years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHO = ("staff", "resident", "linli", "nobody")
GUARDED = ("audit_acts", "need_views")
GUARD = """
CREATE FUNCTION linli_rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF OLD.at < now() - interval '3 years' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """A guard on both tables: no row is changed, none is deleted before its three years are over."""
    op.create_table(
        "audit_acts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column(
            "who_kind",
            sa.Enum(*WHO, name="whokind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("who_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_acts")),
    )
    op.create_index("ix_audit_acts_at", "audit_acts", ["at"])
    op.create_index("ix_audit_acts_community_id_at", "audit_acts", ["community_id", "at"])
    op.create_index("ix_audit_acts_who_id_at", "audit_acts", ["who_id", "at"])
    op.create_index("ix_audit_acts_subject_id_at", "audit_acts", ["subject_id", "at"])
    op.create_index("ix_need_views_at", "need_views", ["at"])
    op.create_index("ix_need_views_staff_id_at", "need_views", ["staff_id", "at"])
    op.execute(GUARD)
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION linli_rows_are_only_added()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION linli_rows_are_only_added()"
        )


def downgrade() -> None:
    """Views are kept, unguarded; who did what is forgotten."""
    for table in GUARDED:
        op.execute(f"DROP TRIGGER only_added ON {table}")
        op.execute(f"DROP TRIGGER never_emptied ON {table}")
    op.execute("DROP FUNCTION linli_rows_are_only_added()")
    op.drop_index("ix_need_views_staff_id_at", "need_views")
    op.drop_index("ix_need_views_at", "need_views")
    op.drop_table("audit_acts")
