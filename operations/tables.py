"""Every table of Linli in one metadata, for migrations; and the function that brings a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url

import channels.telegram.models
import channels.web.models
import channels.wechat.models
import community.access.models
import community.activities.feeds
import community.activities.models
import community.alerts.models
import community.answers.models
import community.audit.models
import community.calendar.models
import community.callbacks.models
import community.canned.models
import community.clocks.models
import community.consents.models
import community.contact.models
import community.conversations.models
import community.credits.models
import community.duplicates.models
import community.files.models
import community.filters.models
import community.heartbeats.models
import community.homes.models
import community.hotlines.models
import community.inbox.models
import community.keys.models
import community.kind_texts.models
import community.learning.models
import community.limits.models
import community.linking.models
import community.needs.models
import community.notices.models
import community.notices.sending.models
import community.notices.words
import community.outbox.models
import community.parties.models
import community.parts.models
import community.places.models
import community.presence.models
import community.residents.models
import community.residents.tags
import community.roster.models
import community.routing.models
import community.signups.certificates
import community.signups.models
import community.staff_reach.models
import community.substitutes.models
import community.surveys.models
import community.swaps.models
import community.teams.models
import community.wishes.models
from community.base import Base

metadata = Base.metadata
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_LOCK = 0x11_11_11


def upgrade_database(database_url: str) -> None:
    """Run all missing migrations on a libpq URL; two processes doing so at once wait for each other."""
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
