"""All doors of the console in one router, for web/public.py."""

from __future__ import annotations

from fastapi import APIRouter

from web.staff import (
    access,
    alerts,
    beside,
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
    steering,
    trouble,
)

router = APIRouter(include_in_schema=False)
DOORS = (
    access,
    alerts,
    queue,
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
