"""Alembic's way into the database: the connection is handed in by `linli db upgrade` and by the tests."""

from __future__ import annotations

from alembic import context

from operations.tables import metadata


def run() -> None:
    """Run the migrations on the connection in `attributes['connection']`."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
