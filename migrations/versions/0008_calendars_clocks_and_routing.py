"""Office calendars with history, clocks of needs with reminders, proposals and narrower lines of the list of
responsibilities, moves, absences, parts, and what tells duplicates.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables; and a running clock for each open need whose first answer was promised and not given."""
    _make_calendars()
    _make_proposals()
    _make_clocks()
    _make_moves()
    _make_parts()
    _make_duplicates()
    _widen_history()
    _widen_needs()
    _narrow_responsibilities()
    _start_clocks()


def _make_calendars() -> None:
    """Who is absent when, and what was changed in the office calendar."""
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_absences_in_order")),
        sa.ForeignKeyConstraint(["set_by"], ["staff.id"], name=op.f("fk_absences_set_by_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_staff_id_ends_at", "absences", ["staff_id", "ends_at"], unique=False)
    op.create_table(
        "calendar_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_calendar_changes_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_calendar_changes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_changes")),
    )
    op.create_index(
        "ix_calendar_changes_community_id_id", "calendar_changes", ["community_id", "id"], unique=False
    )


def _make_proposals() -> None:
    """Proposed changes of the list of responsibilities."""
    op.create_table(
        "matrix_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column(
            "applies",
            sa.Enum(
                "always",
                "urgent_after_hours",
                name="applies",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "refused",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decided_by IS DISTINCT FROM proposed_by OR state = 'withdrawn'",
            name=op.f("ck_matrix_proposals_second_pair"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_matrix_proposals_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_matrix_proposals_decided_by_staff")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_matrix_proposals_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_matrix_proposals_place_id_places")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["staff.id"], name=op.f("fk_matrix_proposals_proposed_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_proposals")),
    )
    op.create_index(
        "ix_matrix_proposals_community_id_at",
        "matrix_proposals",
        ["community_id", "proposed_at"],
        unique=False,
    )
    op.create_index(
        "uq_matrix_proposals_open",
        "matrix_proposals",
        ["community_id", "kind", "place_id", "applies"],
        unique=True,
        postgresql_where="state = 'proposed'",
        postgresql_nulls_not_distinct=True,
    )


def _make_clocks() -> None:
    """Clocks of needs, and the reminders that were sent."""
    op.create_table(
        "need_clocks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "accept",
                "answer",
                "solution",
                "waiting",
                name="clockname",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("around_the_clock", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "met", "late", "stopped", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "next_step",
            sa.Enum(
                "person",
                "leader",
                "street",
                "overdue",
                name="clockstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_clocks_need_id_needs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_clocks")),
        sa.UniqueConstraint("need_id", "name", "round", name=op.f("uq_need_clocks_need_id_name_round")),
    )
    op.create_index(
        "ix_need_clocks_next_at",
        "need_clocks",
        ["next_at"],
        unique=False,
        postgresql_where="next_at IS NOT NULL",
    )
    op.create_index(
        "uq_need_clocks_running",
        "need_clocks",
        ["need_id", "name"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )
    op.create_table(
        "clock_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "person",
                "leader",
                "street",
                "overdue",
                name="clockstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["need_clocks.id"], name=op.f("fk_clock_steps_clock_id_need_clocks")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_clock_steps_party_id_parties")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_clock_steps_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_steps")),
        sa.UniqueConstraint("clock_id", "step", name=op.f("uq_clock_steps_clock_id_step")),
    )
    op.create_index("ix_clock_steps_party_id_done_at", "clock_steps", ["party_id", "done_at"], unique=False)
    op.create_index("ix_clock_steps_staff_id_done_at", "clock_steps", ["staff_id", "done_at"], unique=False)


def _make_moves() -> None:
    """From which party to which a need went."""
    op.create_table(
        "need_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "declined",
                "errand",
                "handed_over",
                "street",
                "kind_changed",
                name="movekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_party_id", sa.Uuid(), nullable=True),
        sa.Column("to_party_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["from_party_id"], ["parties.id"], name=op.f("fk_need_moves_from_party_id_parties")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_moves_need_id_needs")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_need_moves_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["to_party_id"], ["parties.id"], name=op.f("fk_need_moves_to_party_id_parties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_moves")),
    )
    op.create_index("ix_need_moves_from_party_id_at", "need_moves", ["from_party_id", "at"], unique=False)
    op.create_index("ix_need_moves_need_id_id", "need_moves", ["need_id", "id"], unique=False)
    op.create_index("ix_need_moves_to_party_id_at", "need_moves", ["to_party_id", "at"], unique=False)


def _make_parts() -> None:
    """Several parties' parts in one need."""
    op.create_table(
        "need_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "accepted",
                "refused",
                "done",
                "cancelled",
                name="partstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_need_parts_asked_by_staff")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_need_parts_changed_by_staff")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_parts_need_id_needs")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_need_parts_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_parts")),
    )
    op.create_index("ix_need_parts_need_id", "need_parts", ["need_id"], unique=False)
    op.create_index("ix_need_parts_party_id_state", "need_parts", ["party_id", "state"], unique=False)
    op.create_index(
        "uq_need_parts_undone",
        "need_parts",
        ["need_id", "party_id"],
        unique=True,
        postgresql_where="state IN ('asked', 'accepted')",
    )


def _make_duplicates() -> None:
    """Who follows a need of somebody else, and the vectors by which likeness is found."""
    op.create_table(
        "need_followers",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own_need_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_followers_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["own_need_id"], ["needs.id"], name=op.f("fk_need_followers_own_need_id_needs")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_need_followers_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("need_id", "resident_id", name=op.f("pk_need_followers")),
    )
    op.create_index(op.f("ix_need_followers_resident_id"), "need_followers", ["resident_id"], unique=False)
    op.create_table(
        "need_vectors",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_vectors_need_id_needs")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_need_vectors")),
    )


def _widen_history() -> None:
    """Lines of history that are no change of state."""
    op.add_column("need_history", sa.Column("event", sa.String(length=40), nullable=True))
    op.add_column(
        "need_history",
        sa.Column("details", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )


def _widen_needs() -> None:
    """What a need says of its route, its clocks and the need that it was merged into."""
    op.add_column(
        "needs",
        sa.Column(
            "routing_values", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
    )
    op.add_column("needs", sa.Column("solution_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("needs", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "needs",
        sa.Column(
            "clock_mark",
            sa.Enum(
                "at_risk", "overdue", name="clockmark", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
    )
    op.add_column("needs", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_needs_marked", "needs", ["lead_party_id"], unique=False, postgresql_where="clock_mark IS NOT NULL"
    )
    op.create_index(
        "ix_needs_merged_into",
        "needs",
        ["merged_into"],
        unique=False,
        postgresql_where="merged_into IS NOT NULL",
    )
    op.create_index(
        "ix_needs_waiting",
        "needs",
        ["lead_party_id"],
        unique=False,
        postgresql_where="waiting_since IS NOT NULL",
    )
    op.create_foreign_key(op.f("fk_needs_merged_into_needs"), "needs", "needs", ["merged_into"], ["id"])


def _narrow_responsibilities() -> None:
    """Lines for one place, or for what is urgent after hours."""
    op.add_column("responsibilities", sa.Column("place_id", sa.Uuid(), nullable=True))
    op.add_column(
        "responsibilities",
        sa.Column(
            "applies",
            sa.Enum(
                "always",
                "urgent_after_hours",
                name="applies",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="always",
            nullable=False,
        ),
    )
    op.drop_constraint(
        op.f("uq_responsibilities_community_id_kind_party_id"), "responsibilities", type_="unique"
    )
    op.drop_index("uq_responsibilities_lead", table_name="responsibilities")
    op.create_index(
        "uq_responsibilities_lead",
        "responsibilities",
        ["community_id", "kind", "place_id", "applies"],
        unique=True,
        postgresql_where="share = 'lead'",
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_responsibilities_place_id",
        "responsibilities",
        ["place_id"],
        unique=False,
        postgresql_where="place_id IS NOT NULL",
    )
    op.create_unique_constraint(
        op.f("uq_responsibilities_community_id_kind_party_id_place_id_applies"),
        "responsibilities",
        ["community_id", "kind", "party_id", "place_id", "applies"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_foreign_key(
        op.f("fk_responsibilities_place_id_places"), "responsibilities", "places", ["place_id"], ["id"]
    )


def _start_clocks() -> None:
    """A running clock for each open need whose first answer was promised and not given."""
    op.execute(
        """
        INSERT INTO need_clocks
          (need_id, name, round, minutes, around_the_clock, started_at, counted_from, used, due_at, next_step, next_at)
        SELECT id, 'answer', 1, greatest(1, extract(epoch FROM first_answer_due_at - created_at)::int / 60), true,
          created_at, created_at, 0, first_answer_due_at, 'overdue', first_answer_due_at
        FROM needs
        WHERE first_answered_at IS NULL AND state NOT IN ('resolved', 'closed', 'withdrawn')
        """
    )


def downgrade() -> None:
    """Narrower lines of the list go, and with them their clocks."""
    op.execute("DELETE FROM responsibilities WHERE place_id IS NOT NULL OR applies <> 'always'")
    op.drop_constraint("fk_responsibilities_place_id_places", "responsibilities")
    op.drop_constraint("uq_responsibilities_community_id_kind_party_id_place_id_applies", "responsibilities")
    op.drop_index("uq_responsibilities_lead", "responsibilities")
    op.drop_index("ix_responsibilities_place_id", "responsibilities")
    op.drop_column("responsibilities", "applies")
    op.drop_column("responsibilities", "place_id")
    op.create_unique_constraint(
        "uq_responsibilities_community_id_kind_party_id",
        "responsibilities",
        ["community_id", "kind", "party_id"],
    )
    op.create_index(
        "uq_responsibilities_lead",
        "responsibilities",
        ["community_id", "kind"],
        unique=True,
        postgresql_where="share = 'lead'",
    )
    for column in ("merged_into", "clock_mark", "waiting_since", "solution_due_at", "routing_values"):
        op.drop_column("needs", column)
    op.drop_column("need_history", "details")
    op.drop_column("need_history", "event")
    for table in (
        "clock_steps",
        "need_clocks",
        "need_vectors",
        "need_parts",
        "need_moves",
        "need_followers",
        "matrix_proposals",
        "calendar_changes",
        "absences",
    ):
        op.drop_table(table)
