"""Hotlines of each community, alerts that ring until somebody takes them, swaps of duty shifts, who leads a party."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STEPS = ("duty", "next", "leader", "street", "nobody")
SWAP_STATES = ("open", "agreed", "declined", "withdrawn")
WAYS = ("message", "call", "meet", "anonymous")

_OFFICE = {day: [["09:00", "12:00"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# The lines that hold in all of China, as community/hotlines/founding.py fills them for a new community.
_LINES = (
    ("12356", "心理援助", "Crisis line", "心里难受、想不开，有人听您说", "Somebody who listens when it gets too much",
     None, ["self_harm", "distress"]),
    ("119", "消防", "Fire brigade", "着火、煤气泄漏、被困", "Fire, leaking gas, people trapped", None, ["fire", "gas", "other"]),
    ("110", "报警", "Police", "有人伤人、家暴、走失、坏人", "Violence, somebody missing, crime",
     None, ["violence", "missing", "self_harm", "other"]),
    ("120", "急救", "Ambulance", "受伤、昏倒、急病、中毒", "Injury, collapse, sudden illness, poisoning",
     None, ["injury", "self_harm", "violence", "fire", "gas", "other"]),
    ("12345", "政务热线", "City services", "政府办事、投诉、找部门", "Public services, complaints, which office to ask", None, []),
    ("12338", "妇女热线", "Women's line", "家暴、婚姻、妇女维权", "Violence at home, marriage, women's rights", _OFFICE, []),
    ("12355", "青少年热线", "Youth line", "孩子的心事、学业、亲子", "Young people's worries, school, parents", _OFFICE, []),
    ("12348", "法律援助", "Legal aid", "法律咨询、申请法律援助", "Legal advice and legal aid", _OFFICE, []),
)  # fmt: skip


def upgrade() -> None:
    """Tables, and the lines of the communities that are there already."""
    op.add_column("staff", sa.Column("leads", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _make_hotlines()
    _make_alerts()
    _make_swaps()
    op.create_table(
        "contact_wishes",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("way", _closed_list(WAYS, "contactway"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_contact_wishes_need_id_needs")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_contact_wishes")),
    )


def downgrade() -> None:
    """Nobody is alerted any more."""
    for table in ("contact_wishes", "shift_swaps", "alert_times", "alert_calls", "alerts", "hotlines"):
        op.drop_table(table)
    op.drop_column("staff", "leads")


def _make_hotlines() -> None:
    table = op.create_table(
        "hotlines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("purpose_zh", sa.Text(), nullable=False),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("hours", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("dangers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_hotlines_community_id_communities")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_hotlines_changed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotlines")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_hotlines_community_id_number")),
    )
    communities = op.get_bind().execute(sa.text("SELECT id FROM communities")).scalars().all()
    rows = [
        {
            "id": uuid4(), "community_id": community, "number": number, "zh": zh, "en": en, "purpose_zh": purpose_zh,
            "purpose_en": purpose_en, "hours": hours, "dangers": dangers, "position": position,
        }
        for community in communities
        for position, (number, zh, en, purpose_zh, purpose_en, hours, dangers) in enumerate(_LINES, start=1)
    ]  # fmt: skip
    if rows:
        op.bulk_insert(table, rows)


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("danger", sa.String(length=20), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_again", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_alerts_need_id_needs")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_alerts_community_id_communities")),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_alerts_party_id_parties")),
        sa.ForeignKeyConstraint(["raised_by"], ["staff.id"], name=op.f("fk_alerts_raised_by_staff")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_alerts_taken_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index("uq_alerts_open", "alerts", ["need_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_alerts_due_at", "alerts", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("ix_alerts_quiet_at", "alerts", ["quiet_at"], postgresql_where=sa.text("quiet_at IS NOT NULL"))
    op.create_index("ix_alerts_community_open", "alerts", ["community_id"], postgresql_where=is_open)
    op.create_index("ix_alerts_need_id", "alerts", ["need_id"])
    op.create_table(
        "alert_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("step", _closed_list(STEPS, "callstep"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_calls_alert_id_alerts")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alert_calls_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_calls")),
        sa.UniqueConstraint(
            "alert_id", "round", "staff_id",
            name=op.f("uq_alert_calls_alert_id_round_staff_id"), postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index("ix_alert_calls_staff_id", "alert_calls", ["staff_id"])
    op.create_table(
        "alert_times",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("next_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("follow_up_minutes", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_alert_times_community_id_communities")),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_alert_times")),
    )


def _make_swaps() -> None:
    op.create_table(
        "shift_swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("for_shift_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_of", sa.Uuid(), nullable=False),
        sa.Column("state", _closed_list(SWAP_STATES, "swapstate"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["duty_shifts.id"], name=op.f("fk_shift_swaps_shift_id_duty_shifts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["for_shift_id"], ["duty_shifts.id"], name=op.f("fk_shift_swaps_for_shift_id_duty_shifts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_shift_swaps_asked_by_staff")),
        sa.ForeignKeyConstraint(["asked_of"], ["staff.id"], name=op.f("fk_shift_swaps_asked_of_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swaps")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("uq_shift_swaps_open", "shift_swaps", ["shift_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_shift_swaps_for_shift_id", "shift_swaps", ["for_shift_id"])
    op.create_index("ix_shift_swaps_asked_of", "shift_swaps", ["asked_of"], postgresql_where=is_open)


def _closed_list(members: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)
