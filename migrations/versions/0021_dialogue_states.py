"""Where a dialogue stands is kept by the app, with its answer; Rasa's own table goes. Open questions are asked anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dialogue_states",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_dialogue_states_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_dialogue_states")),
    )
    op.drop_table("bot_trackers")


def downgrade() -> None:
    op.create_table(
        "bot_trackers",
        sa.Column("sender_id", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_bot_trackers")),
    )
    op.drop_table("dialogue_states")
