"""Canned answers; needs that staff file; files of staff; who looks, what was seen, what was told in another way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CAME_BY = ("chat", "page", "phone", "visit", "letter")
CAME_BY_CHECK = "ck_needs_cameby"
FITS = ("answer", "ask", "resolve")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Needs from before came by the chat."""
    _make_canned_answers()
    _let_staff_file_needs()
    _let_staff_attach_files()
    _tell_who_looks_and_what_was_seen()


def downgrade() -> None:
    """What staff filed, attached and kept is forgotten; needs stay."""
    op.drop_table("need_lookers")
    op.drop_index("ix_handovers_need_id", "handovers")
    op.drop_column("handovers", "seen_at")
    op.drop_column("handovers", "need_id")
    for column in ("told_at", "told_by", "seen_at"):
        op.drop_column("outbox_messages", column)
    op.drop_table("need_entry_files")
    op.execute("DELETE FROM files WHERE width IS NULL")
    op.drop_index("ix_files_created_at", "files")
    op.alter_column("files", "width", nullable=False)
    op.alter_column("files", "height", nullable=False)
    op.alter_column("files", "media_type", type_=sa.String(60))
    op.drop_column("files", "name")
    op.drop_column("files", "staff_id")
    op.drop_constraint(op.f(CAME_BY_CHECK), "needs")
    for column in ("request_id", "filed_by", "came_by"):
        op.drop_column("needs", column)
    op.drop_table("canned_answers")


def _make_canned_answers() -> None:
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fits",
            sa.Enum(*FITS, name="cannedfor", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["parties.id"], name=op.f("fk_canned_answers_party_id_parties")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name=op.f("fk_canned_answers_changed_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
    )
    op.create_index(
        "ix_canned_answers_party_id_used",
        "canned_answers",
        ["party_id", "used"],
        postgresql_where="retired_at IS NULL",
    )


def _let_staff_file_needs() -> None:
    came_by = sa.Enum(*CAME_BY, name="cameby", native_enum=False, length=40)
    op.add_column("needs", sa.Column("came_by", came_by, server_default="chat", nullable=False))
    op.create_check_constraint(op.f(CAME_BY_CHECK), "needs", sa.column("came_by").in_(CAME_BY))
    op.add_column("needs", sa.Column("filed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_needs_filed_by_staff"), "needs", "staff", ["filed_by"], ["id"])
    op.add_column("needs", sa.Column("request_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_needs_request_id"), "needs", ["request_id"])


def _let_staff_attach_files() -> None:
    op.add_column("files", sa.Column("staff_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_files_staff_id_staff"), "files", "staff", ["staff_id"], ["id"])
    op.add_column("files", sa.Column("name", sa.Text(), nullable=True))
    op.alter_column("files", "media_type", type_=sa.String(100))
    op.alter_column("files", "width", nullable=True)
    op.alter_column("files", "height", nullable=True)
    op.create_index("ix_files_created_at", "files", ["created_at"])
    op.create_table(
        "need_entry_files",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["need_entries.id"], name=op.f("fk_need_entry_files_entry_id_need_entries")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_need_entry_files_file_id_files")),
        sa.PrimaryKeyConstraint("entry_id", "file_id", name=op.f("pk_need_entry_files")),
    )
    op.create_index("ix_need_entry_files_file_id", "need_entry_files", ["file_id"])


def _tell_who_looks_and_what_was_seen() -> None:
    op.add_column("outbox_messages", sa.Column("seen_at", MOMENT, nullable=True))
    op.add_column("outbox_messages", sa.Column("told_by", sa.Uuid(), nullable=True))
    op.add_column("outbox_messages", sa.Column("told_at", MOMENT, nullable=True))
    op.create_foreign_key(
        op.f("fk_outbox_messages_told_by_staff"), "outbox_messages", "staff", ["told_by"], ["id"]
    )
    op.add_column("handovers", sa.Column("need_id", sa.Uuid(), nullable=True))
    op.add_column("handovers", sa.Column("seen_at", MOMENT, nullable=True))
    op.create_foreign_key(op.f("fk_handovers_need_id_needs"), "handovers", "needs", ["need_id"], ["id"])
    op.create_index("ix_handovers_need_id", "handovers", ["need_id"], postgresql_where="need_id IS NOT NULL")
    op.create_table(
        "need_lookers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["needs.id"], name=op.f("fk_need_lookers_need_id_needs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_need_lookers_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_lookers")),
    )
    for column in ("need_id", "staff_id", "until"):
        op.create_index(f"ix_need_lookers_{column}", "need_lookers", [column])
