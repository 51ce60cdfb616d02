"""Surveys that wait keep their reason and may have a second turn after a call-back; call-backs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HELD_FOR = ("another_question", "no_channel", "stopped", "window_over")
STATES = ("open", "done", "reopened", "not_reached", "cancelled")
HELD = "state = 'planned' AND held_for IN ('stopped', 'window_over')"


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Surveys first: call-backs stand on them."""
    _widen_surveys()
    op.create_table(
        "call_backs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("why", _closed_list(("low_score", "not_written"), "callbackwhy"), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("state", _closed_list(STATES, "callbackstate"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_leader", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "staff_id IS NOT NULL OR state <> 'done'", name=op.f("ck_call_backs_somebody_called")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_call_backs_need_id_needs")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_call_backs_party_id_parties")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_backs_staff_id_staff")),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_call_backs_survey_id_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
        sa.UniqueConstraint("survey_id", name=op.f("uq_call_backs_survey_id")),
    )
    op.create_index("ix_call_backs_need_id", "call_backs", ["need_id"])
    op.create_index(
        "ix_call_backs_next_at", "call_backs", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )
    for column in ("staff_id", "party_id"):
        op.create_index(
            f"ix_call_backs_open_{column}",
            "call_backs",
            [column],
            postgresql_where=sa.text("state = 'open'"),
        )


def _widen_surveys() -> None:
    op.add_column("surveys", sa.Column("turn", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("surveys", sa.Column("held_for", _closed_list(HELD_FOR, "heldfor"), nullable=True))
    op.add_column("surveys", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("surveys", sa.Column("entered_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_surveys_entered_by_staff"), "surveys", "staff", ["entered_by"], ["id"])
    op.drop_constraint("uq_surveys_need_id_round", "surveys")
    op.create_unique_constraint(
        op.f("uq_surveys_need_id_round_turn"), "surveys", ["need_id", "round", "turn"]
    )
    op.create_check_constraint(op.f("ck_surveys_turn"), "surveys", "turn IN (1, 2)")
    op.create_index(
        "ix_surveys_answered_at",
        "surveys",
        ["answered_at"],
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    )
    op.create_index("ix_surveys_held", "surveys", ["resident_id"], postgresql_where=sa.text(HELD))


def downgrade() -> None:
    """Second surveys go with the call-backs that led to them."""
    op.drop_table("call_backs")
    op.execute("DELETE FROM surveys WHERE turn = 2")
    op.drop_index("ix_surveys_held", "surveys")
    op.drop_index("ix_surveys_answered_at", "surveys")
    op.drop_constraint("uq_surveys_need_id_round_turn", "surveys")
    op.create_unique_constraint(op.f("uq_surveys_need_id_round"), "surveys", ["need_id", "round"])
    for column in ("entered_by", "held_since", "held_for", "turn"):
        op.drop_column("surveys", column)
