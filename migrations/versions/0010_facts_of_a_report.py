"""What a report says besides where: when it happened, whom to call about it, how many people, a shared location."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("at", "since", "for", "every")
CHECK = "ck_needs_timekind"


def upgrade() -> None:
    """Needs from before said none of it."""
    op.add_column("needs", sa.Column("happened_words", sa.Text(), nullable=True))
    kind = sa.Enum(*KINDS, name="timekind", native_enum=False, length=40)
    op.add_column("needs", sa.Column("happened_kind", kind, nullable=True))
    op.create_check_constraint(op.f(CHECK), "needs", sa.column("happened_kind").in_(KINDS))
    op.add_column("needs", sa.Column("happened_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("needs", sa.Column("happened_until", sa.DateTime(timezone=True), nullable=True))
    phones = sa.Column("contact_phones", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    op.add_column("needs", phones)
    op.add_column("needs", sa.Column("people_count", sa.SmallInteger(), nullable=True))
    op.add_column("needs", sa.Column("people_words", sa.Text(), nullable=True))
    op.add_column("needs", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("needs", sa.Column("longitude", sa.Float(), nullable=True))


def downgrade() -> None:
    """What was said stays in the words, without the phones."""
    op.drop_constraint(op.f(CHECK), "needs")
    for column in (
        "longitude", "latitude", "people_words", "people_count", "contact_phones", "happened_until",
        "happened_from", "happened_kind", "happened_words",
    ):  # fmt: skip
        op.drop_column("needs", column)
