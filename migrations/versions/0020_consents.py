"""What residents consented to: field by field, with purpose and end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = ("asked", "given", "refused", "taken_back", "withdrawn", "ended")
OPEN = sa.text("state IN ('asked', 'given')")
NAMES = {
    "need_id": "needs",
    "resident_id": "residents",
    "community_id": "communities",
    "party_id": "parties",
    "part_id": "need_parts",
    "asked_by": "staff",
}


def upgrade() -> None:
    """One open question or consent for each party of a need."""
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("state", _closed("consentstate", STATES), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.SmallInteger(), nullable=False),
        sa.Column("language", _closed("language", ("zh", "en")), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_consents_{column}_{table}"))
            for column, table in NAMES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_need_id", "consents", ["need_id"])
    op.create_index("ix_consents_resident_id_asked_at", "consents", ["resident_id", "asked_at"])
    op.create_index("ix_consents_party_id_state", "consents", ["party_id", "state"])
    op.create_index("ix_consents_until", "consents", ["until"], postgresql_where=OPEN)
    op.create_index(
        "uq_consents_open", "consents", ["need_id", "party_id"], unique=True, postgresql_where=OPEN
    )


def downgrade() -> None:
    """Nobody consented to anything."""
    op.drop_table("consents")


def _closed(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)
