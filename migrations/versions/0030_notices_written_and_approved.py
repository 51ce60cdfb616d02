"""Notices are written, approved and sent to an audience; what is noted about residents so that they are in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "approved", "sending", "sent", "cancelled")
ACTS = (
    "drafted",
    "copied",
    "edited",
    "submitted",
    "taken_back",
    "rejected",
    "approved",
    "sent_as_emergency",
    "sending",
    "sent",
    "cancelled",
)
CATEGORIES = {"water": "utilities", "maintenance": "utilities", "volunteers": "activity"}
NEW_COLUMNS = (
    "sent_as_emergency",
    "approved_at",
    "approved_by",
    "created_by",
    "version",
    "series_id",
    "repeat",
    "send_at",
    "audience",
    "image_id",
    "activity_id",
    "help_button",
    "need_receipt",
    "urgency",
    "request_id",
    "street_id",
)


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Notices that are out stay as they are; categories get the names of the list that now is data."""
    _widen_notices()
    _make_recipients()
    _make_what_goes_with_notices()
    _make_tags()
    for old, new in CATEGORIES.items():
        op.execute(f"UPDATE notices SET category = '{new}' WHERE category = '{old}'")  # noqa: S608


def _widen_notices() -> None:
    for column in (
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("urgency", sa.String(length=40), server_default="normal", nullable=False),
        sa.Column("need_receipt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("help_button", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("image_id", sa.Uuid(), nullable=True),
        sa.Column("audience", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeat", sa.Text(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_as_emergency", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("notices", column)
    op.alter_column("notices", "community_id", existing_type=sa.Uuid(), nullable=True)
    _guard_notices()


def _guard_notices() -> None:
    op.create_check_constraint(op.f("ck_notices_noticeurgency"), "notices", "urgency IN ('normal', 'urgent')")
    op.create_check_constraint(
        op.f("ck_notices_scope"), "notices", "num_nonnulls(community_id, street_id) = 1"
    )
    op.execute(
        "UPDATE notices SET valid_until = valid_from + interval '1 minute' WHERE valid_until <= valid_from"
    )
    op.create_check_constraint(op.f("ck_notices_valid"), "notices", "valid_until > valid_from")
    op.create_unique_constraint(op.f("uq_notices_request_id"), "notices", ["request_id"])
    op.create_unique_constraint(op.f("uq_notices_series_id_send_at"), "notices", ["series_id", "send_at"])
    for column, table in (
        ("street_id", "streets"),
        ("activity_id", "activities"),
        ("image_id", "files"),
        ("series_id", "notices"),
        ("created_by", "staff"),
        ("approved_by", "staff"),
    ):
        op.create_foreign_key(op.f(f"fk_notices_{column}_{table}"), "notices", table, [column], ["id"])
    op.create_index(op.f("ix_notices_image_id"), "notices", ["image_id"])
    op.create_index("ix_notices_street_id_valid_from", "notices", ["street_id", "valid_from"])
    op.create_index(
        "ix_notices_open", "notices", ["send_at"], postgresql_where="state IN ('approved', 'sending')"
    )


def _make_recipients() -> None:
    op.create_table(
        "notice_recipients",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            _closed_list(("queued", "sent", "waiting", "failed", "suppressed"), "recipientstate"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", _closed_list(("resident", "staff"), "confirmedby"), nullable=True),
        sa.Column("door_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_recipients_notice_id_notices")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_notice_recipients_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("notice_id", "resident_id", name=op.f("pk_notice_recipients")),
    )
    op.create_index("ix_notice_recipients_resident_id", "notice_recipients", ["resident_id"])


def _make_what_goes_with_notices() -> None:
    op.create_table(
        "notice_files",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_notice_files_file_id_files")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_files_notice_id_notices")
        ),
        sa.PrimaryKeyConstraint("notice_id", "file_id", name=op.f("pk_notice_files")),
    )
    op.create_index(op.f("ix_notice_files_file_id"), "notice_files", ["file_id"])
    _make_history()
    _make_templates()
    op.create_table(
        "saved_audiences",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_whose("saved_audiences"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_audiences")),
        sa.UniqueConstraint(
            "community_id",
            "street_id",
            "name",
            name=op.f("uq_saved_audiences_community_id_street_id_name"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def _make_history() -> None:
    op.create_table(
        "notice_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("act", _closed_list(ACTS, "noticeact"), nullable=False),
        sa.Column("from_state", _closed_list(STATES, "from_state"), nullable=True),
        sa.Column("to_state", _closed_list(STATES, "to_state"), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_history_notice_id_notices")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_history_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_history")),
    )
    op.create_index("ix_notice_history_notice_id_id", "notice_history", ["notice_id", "id"])


def _make_templates() -> None:
    op.create_table(
        "notice_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_whose("notice_templates"),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("need_receipt", sa.Boolean(), nullable=False),
        sa.Column("help_button", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_templates")),
    )
    op.create_index("ix_notice_templates_community_id", "notice_templates", ["community_id"])


def _whose(table: str) -> list[sa.schema.SchemaItem]:
    """The columns and constraints of what belongs to a community or the street, and was made by somebody."""
    return [
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("street_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(community_id, street_id) = 1", name=op.f(f"ck_{table}_scope")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f(f"fk_{table}_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["street_id"], ["streets.id"], name=op.f(f"fk_{table}_street_id_streets")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f(f"fk_{table}_created_by_staff")),
    ]


def _make_tags() -> None:
    op.create_table(
        "resident_tags",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_resident_tags_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_resident_tags_staff_id_staff")),
        sa.PrimaryKeyConstraint("resident_id", "tag", name=op.f("pk_resident_tags")),
    )
    op.create_index("ix_resident_tags_tag_resident_id", "resident_tags", ["tag", "resident_id"])
    op.add_column("residents", sa.Column("birth_year", sa.SmallInteger(), nullable=True))
    op.create_index(
        "ix_residents_audience", "residents", ["community_id", "home_id", "birth_year", "language", "id"]
    )


def downgrade() -> None:
    """Only what a community had before; notices of the whole street, which nothing can hold, are let go."""
    op.drop_index("ix_residents_audience", table_name="residents")
    op.drop_column("residents", "birth_year")
    for table in (
        "resident_tags",
        "saved_audiences",
        "notice_templates",
        "notice_history",
        "notice_files",
        "notice_recipients",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM notices WHERE community_id IS NULL")
    op.drop_constraint(op.f("ck_notices_scope"), "notices", type_="check")
    op.drop_constraint(op.f("ck_notices_valid"), "notices", type_="check")
    for column in NEW_COLUMNS:
        op.drop_column("notices", column)
    op.alter_column("notices", "community_id", existing_type=sa.Uuid(), nullable=False)
