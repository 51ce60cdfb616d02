"""Codes that link channels, the accounts of staff, and addresses that a person let go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is linked yet, nothing was let go."""
    op.add_column("addresses", sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=8), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("typed_by", sa.Uuid(), nullable=True),
        sa.Column("misses", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(resident_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_link_codes_one_asker")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_link_codes_address_id_addresses")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_link_codes_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_codes_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["typed_by"], ["residents.id"], name=op.f("fk_link_codes_typed_by_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_link_codes_fingerprint")),
    )
    op.create_index("ix_link_codes_ends_at", "link_codes", ["ends_at"])
    op.create_index("ix_link_codes_resident_id", "link_codes", ["resident_id"])
    op.create_table(
        "staff_links",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_staff_links_address_id_addresses")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_staff_links_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_links_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "address_id", name=op.f("pk_staff_links")),
    )
    op.create_index("ix_staff_links_address_id", "staff_links", ["address_id"])
    op.create_index("ix_staff_links_resident_id", "staff_links", ["resident_id"])


def downgrade() -> None:
    """Channels stay with the people they have now; nobody of staff is reached on one."""
    op.drop_table("staff_links")
    op.drop_table("link_codes")
    op.drop_column("addresses", "unlinked_at")
