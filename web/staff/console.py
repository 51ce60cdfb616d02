"""All doors of the console in one router, for web/public.py."""

from __future__ import annotations

from fastapi import APIRouter

from web.staff import (
    access,
    alerts,
    beside,
    bulk,
    calendar,
    canned,
    conversations,
    filing,
    hotlines,
    learning,
    live,
    matrix,
    need,
    overview,
    parts,
    people,
    photos,
    queue,
    reminders,
    roster,
    saving,
    steering,
    trouble,
)

router = APIRouter(include_in_schema=False)
DOORS = (
    access,
    alerts,
    queue,
    bulk,
    saving,
    hotlines,
    canned,
    roster,
    filing,
    need,
    steering,
    beside,
    parts,
    reminders,
    overview,
    matrix,
    calendar,
    conversations,
    learning,
    trouble,
    people,
    photos,
    live,
)
for door in DOORS:
    router.include_router(door.router)
