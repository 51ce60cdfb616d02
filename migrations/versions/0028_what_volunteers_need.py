"""What volunteers need: swaps, teams, wishes for reminders, homes that are confirmed, the time bank; activities with a
photo, for a team, and a time from which one may sign up; a word on how a shift was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nine tables and five columns."""
    op.create_table(
        "home_confirmations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["residents.id"], name=op.f("fk_home_confirmations_member_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_home_confirmations_place_id_places")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_home_confirmations_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_home_confirmations_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_confirmations")),
    )
    op.create_index("ix_home_confirmations_resident_id", "home_confirmations", ["resident_id"], unique=False)
    op.create_table(
        "household_codes",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_household_codes_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_household_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_household_codes_code_hash")),
    )
    op.create_table(
        "reminder_wishes",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("confirm_minutes", sa.Integer(), nullable=True),
        sa.Column("remind_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_reminder_wishes_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_reminder_wishes")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_teams_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["residents.id"], name=op.f("fk_teams_leader_id_residents")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_teams_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("code", name=op.f("uq_teams_code")),
    )
    op.create_index("ix_teams_community_id", "teams", ["community_id"], unique=False)
    op.create_index("ix_teams_leader_id", "teams", ["leader_id"], unique=False)
    op.create_table(
        "time_banks",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by"], ["staff.id"], name=op.f("fk_time_banks_begun_by_staff")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_time_banks_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_time_banks")),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_team_members_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "resident_id", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_resident_id", "team_members", ["resident_id"], unique=False)
    op.create_table(
        "credit_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "served",
                "corrected",
                "spent",
                "returned",
                name="creditreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sign_up_id", sa.Uuid(), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reason = 'spent') = (minutes < 0) OR reason = 'corrected'", name=op.f("ck_credit_lines_sign")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_credit_lines_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_credit_lines_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_credit_lines_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_credit_lines_sign_up_id_sign_ups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_lines")),
    )
    op.create_index(
        "ix_credit_lines_resident_id_community_id",
        "credit_lines",
        ["resident_id", "community_id"],
        unique=False,
    )
    op.create_index("uq_credit_lines_need_id_reason", "credit_lines", ["need_id", "reason"], unique=True)
    op.create_index(
        "uq_credit_lines_served",
        "credit_lines",
        ["sign_up_id"],
        unique=True,
        postgresql_where="reason = 'served'",
    )
    op.create_table(
        "swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "over",
                name="swapstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_swaps_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_swaps_shift_id_shifts")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_swaps_sign_up_id_sign_ups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
        sa.UniqueConstraint("message_id", name=op.f("uq_swaps_message_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_swaps_request_id")),
    )
    op.create_index("ix_swaps_sign_up_id", "swaps", ["sign_up_id"], unique=False)
    op.create_index("ix_swaps_until", "swaps", ["until"], unique=False, postgresql_where="state = 'asked'")
    op.create_index(
        "uq_swaps_asked", "swaps", ["sign_up_id"], unique=True, postgresql_where="state = 'asked'"
    )
    op.create_table(
        "swap_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("swap_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_swap_asks_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_swap_asks_sign_up_id_sign_ups")
        ),
        sa.ForeignKeyConstraint(["swap_id"], ["swaps.id"], name=op.f("fk_swap_asks_swap_id_swaps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_asks")),
        sa.UniqueConstraint("swap_id", "resident_id", name=op.f("uq_swap_asks_swap_id_resident_id")),
    )
    op.create_index(
        "ix_swap_asks_resident_id_asked_at", "swap_asks", ["resident_id", "asked_at"], unique=False
    )
    op.add_column("activities", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("activities", sa.Column("photo_id", sa.Uuid(), nullable=True))
    op.add_column("activities", sa.Column("opens_minutes", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_activities_team_id_teams"), "activities", "teams", ["team_id"], ["id"])
    op.create_foreign_key(op.f("fk_activities_photo_id_files"), "activities", "files", ["photo_id"], ["id"])
    op.add_column("sign_ups", sa.Column("remark", sa.Text(), nullable=True))
    op.add_column("sign_ups", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_sign_ups_team_id_teams"), "sign_ups", "teams", ["team_id"], ["id"])


def downgrade() -> None:
    """Without them."""
    for table in ("sign_ups", "activities"):
        op.drop_column(table, "team_id")
    op.drop_column("sign_ups", "remark")
    op.drop_column("activities", "photo_id")
    op.drop_column("activities", "opens_minutes")
    for table in (
        "swap_asks",
        "swaps",
        "credit_lines",
        "time_banks",
        "household_codes",
        "home_confirmations",
        "reminder_wishes",
        "team_members",
        "teams",
    ):
        op.drop_table(table)
