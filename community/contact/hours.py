"""When somebody sleeps, as parts of statements about many: rows with `local`, the time at `zone`, its `minute` of the
day, `quiet_from` and `quiet_until` (community/contact/models.py)."""

from __future__ import annotations

from community.contact.queries import USUAL_QUIET

ASLEEP = """CASE
            WHEN quiet_from <= quiet_until THEN minute >= quiet_from AND minute < quiet_until
            ELSE minute >= quiet_from OR minute < quiet_until
        END"""
MORNING = """(date_trunc('day', local) + make_interval(days => CAST(minute >= quiet_until AS int), mins => quiet_until))
            AT TIME ZONE zone"""
MINUTE = "CAST(extract(hour FROM local) * 60 + extract(minute FROM local) AS int) AS minute"
USUAL = {"quiet_from": USUAL_QUIET[0], "quiet_until": USUAL_QUIET[1]}
"""What holds for who said nothing, as values for a statement."""
