"""How often Linli asks a volunteer for somebody else's sake: nobody more than twice a week, whatever it is for."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from community.substitutes.models import Ask
from community.swaps.models import SwapAsk

WEEK, MOST_A_WEEK = timedelta(days=7), 2


def asked_too_often(one: InstrumentedAttribute[UUID], at: datetime) -> ColumnElement[bool]:
    """That somebody was asked twice in the week before `at`, to step in or to swap."""
    counts = [
        select(func.count())
        .select_from(table)
        .where(table.resident_id == one, table.asked_at > at - WEEK)
        .scalar_subquery()
        for table in (Ask, SwapAsk)
    ]
    return counts[0] + counts[1] >= MOST_A_WEEK
