"""Activities with shifts and places, sign-ups with their waiting list and reminders, the search for substitutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """A shift stands before its sign-ups, a sign-up before what belongs to it."""
    _make_activities()
    _make_sign_ups()
    _make_searches()


def _make_activities() -> None:
    """Activities, their shifts with places, who follows which kind, who is qualified."""
    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            _closed_list(
                (
                    "draft",
                    "published",
                    "cancelled",
                ),
                "activitystate",
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("where_zh", sa.Text(), nullable=False),
        sa.Column("where_en", sa.Text(), nullable=True),
        sa.Column("bring", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("qualification", sa.String(length=40), nullable=True),
        sa.Column("minimum_age", sa.SmallInteger(), nullable=True),
        sa.Column("closes_minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("confirm_minutes", sa.Integer(), nullable=False),
        sa.Column("remind_minutes", sa.Integer(), nullable=False),
        sa.Column("warn_days", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["building_id"], ["places.id"], name=op.f("fk_activities_building_id_places")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_activities_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_activities_party_id_parties")),
        sa.ForeignKeyConstraint(["planned_by"], ["staff.id"], name=op.f("fk_activities_planned_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("request_id", name=op.f("uq_activities_request_id")),
    )
    op.create_index(
        "ix_activities_community_id_state_created_at",
        "activities",
        ["community_id", "state", "created_at"],
        unique=False,
    )
    op.create_index("ix_activities_party_id", "activities", ["party_id"], unique=False)
    op.create_table(
        "activity_follows",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_activity_follows_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", "kind", name=op.f("pk_activity_follows")),
    )
    op.create_index("ix_activity_follows_kind", "activity_follows", ["kind"], unique=False)
    op.create_table(
        "qualifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_qualifications_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_qualifications_confirmed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_qualifications_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
        sa.UniqueConstraint(
            "resident_id",
            "community_id",
            "code",
            name=op.f("uq_qualifications_resident_id_community_id_code"),
        ),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("moves", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_lasts")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_shifts_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_shifts_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("activity_id", "starts_at", name=op.f("uq_shifts_activity_id_starts_at")),
    )
    op.create_index("ix_shifts_community_id_starts_at", "shifts", ["community_id", "starts_at"], unique=False)
    op.create_index(
        "ix_shifts_unended",
        "shifts",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "activity_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_history_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_activity_history_shift_id_shifts")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_activity_history_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_history")),
    )
    op.create_index(
        "ix_activity_history_activity_id_id", "activity_history", ["activity_id", "id"], unique=False
    )
    op.create_table(
        "shift_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            _closed_list(
                (
                    "volunteer",
                    "participant",
                ),
                "part",
            ),
            nullable=False,
        ),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_number", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_shift_places_not_over_filled")),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_shift_places_waiting")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_shift_places_shift_id_shifts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_places")),
        sa.UniqueConstraint("shift_id", "part", name=op.f("uq_shift_places_shift_id_part")),
    )


def _make_sign_ups() -> None:
    """Sign-ups with their history, companions and reminders."""
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("places_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            _closed_list(
                (
                    "waiting",
                    "signed_up",
                    "confirmed",
                    "checked_in",
                    "completed",
                    "cancelled",
                    "declined",
                    "no_show",
                ),
                "signupstate",
            ),
            nullable=False,
        ),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("people >= 1", name=op.f("ck_sign_ups_people")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_sign_ups_score")),
        sa.ForeignKeyConstraint(
            ["places_id"], ["shift_places.id"], name=op.f("fk_sign_ups_places_id_shift_places")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_sign_ups_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_sign_ups_shift_id_shifts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("message_id", name=op.f("uq_sign_ups_message_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_sign_ups_request_id")),
    )
    op.create_index(
        "ix_sign_ups_offered_until",
        "sign_ups",
        ["offered_until"],
        unique=False,
        postgresql_where=sa.text("offered_until IS NOT NULL"),
    )
    op.create_index(
        "ix_sign_ups_places_id_number",
        "sign_ups",
        ["places_id", "number"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_sign_ups_resident_id_starts_at", "sign_ups", ["resident_id", "starts_at"], unique=False
    )
    op.create_index("ix_sign_ups_shift_id_state", "sign_ups", ["shift_id", "state"], unique=False)
    op.create_index(
        "uq_sign_ups_open",
        "sign_ups",
        ["shift_id", "resident_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'signed_up', 'confirmed', 'checked_in')"),
    )
    op.create_table(
        "shift_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column(
            "name",
            _closed_list(
                (
                    "confirm",
                    "soon",
                ),
                "remindername",
            ),
            nullable=False,
        ),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            _closed_list(
                (
                    "due",
                    "sent",
                    "late",
                    "dropped",
                ),
                "reminderstate",
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_shift_reminders_sign_up_id_sign_ups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_reminders")),
        sa.UniqueConstraint(
            "sign_up_id", "name", "round", name=op.f("uq_shift_reminders_sign_up_id_name_round")
        ),
    )
    op.create_index(
        "ix_shift_reminders_due_at",
        "shift_reminders",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "sign_up_companions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_sign_up_companions_sign_up_id_sign_ups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_companions")),
    )
    op.create_index("ix_sign_up_companions_sign_up_id", "sign_up_companions", ["sign_up_id"], unique=False)
    op.create_table(
        "sign_up_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("sign_up_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column(
            "from_state",
            _closed_list(
                (
                    "waiting",
                    "signed_up",
                    "confirmed",
                    "checked_in",
                    "completed",
                    "cancelled",
                    "declined",
                    "no_show",
                ),
                "from_state",
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            _closed_list(
                (
                    "waiting",
                    "signed_up",
                    "confirmed",
                    "checked_in",
                    "completed",
                    "cancelled",
                    "declined",
                    "no_show",
                ),
                "to_state",
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_sign_up_history_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_sign_up_history_sign_up_id_sign_ups")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_up_history_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_history")),
    )
    op.create_index("ix_sign_up_history_sign_up_id_id", "sign_up_history", ["sign_up_id", "id"], unique=False)


def _make_searches() -> None:
    """The search for substitutes."""
    op.create_table(
        "substitute_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("places_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            _closed_list(
                (
                    "running",
                    "filled",
                    "stopped",
                    "escalated",
                    "over",
                ),
                "searchstate",
            ),
            nullable=False,
        ),
        sa.Column("rounds", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["places_id"], ["shift_places.id"], name=op.f("fk_substitute_searches_places_id_shift_places")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shifts.id"], name=op.f("fk_substitute_searches_shift_id_shifts")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["staff.id"], name=op.f("fk_substitute_searches_started_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["staff.id"], name=op.f("fk_substitute_searches_stopped_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_searches")),
    )
    op.create_index(
        "ix_substitute_searches_next_at",
        "substitute_searches",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("ix_substitute_searches_shift_id", "substitute_searches", ["shift_id"], unique=False)
    op.create_index(
        "uq_substitute_searches_running",
        "substitute_searches",
        ["places_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "substitute_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_substitute_asks_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["substitute_searches.id"],
            name=op.f("fk_substitute_asks_search_id_substitute_searches"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_asks")),
        sa.UniqueConstraint(
            "search_id", "resident_id", name=op.f("uq_substitute_asks_search_id_resident_id")
        ),
    )
    op.create_index(
        "ix_substitute_asks_resident_id_asked_at",
        "substitute_asks",
        ["resident_id", "asked_at"],
        unique=False,
    )


def downgrade() -> None:
    """Without activities."""
    for table in (
        "substitute_asks",
        "sign_up_history",
        "sign_up_companions",
        "shift_reminders",
        "substitute_searches",
        "sign_ups",
        "shift_places",
        "activity_history",
        "shifts",
        "qualifications",
        "activity_follows",
        "activities",
    ):
        op.drop_table(table)
