"""Which keys have sealed something, and phones of a need as JSON, because what is sealed is one value."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is sealed here: `linli keys rotate` does that while the app works."""
    op.create_table(
        "sealing_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("used_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_keys")),
    )
    op.alter_column("needs", "contact_phones", server_default=None)
    op.alter_column(
        "needs",
        "contact_phones",
        type_=postgresql.JSONB(),
        postgresql_using="to_jsonb(contact_phones)",
        server_default="[]",
    )


def downgrade() -> None:
    """What is sealed stays so; phones of needs are let go, as no array can hold them."""
    op.alter_column("needs", "contact_phones", server_default=None)
    op.alter_column(
        "needs",
        "contact_phones",
        type_=postgresql.ARRAY(sa.Text()),
        postgresql_using="'{}'::text[]",
        server_default="{}",
    )
    op.drop_table("sealing_keys")
