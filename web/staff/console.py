"""All doors of the console in one router, for web/public.py."""

from __future__ import annotations

from fastapi import APIRouter

from web.staff import (
    access,
    activities,
    alerts,
    audit,
    beside,
    bulk,
    calendar,
    call_backs,
    canned,
    consents,
    conversations,
    exporting,
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
    sheet,
    shifts,
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
    exporting,
    hotlines,
    canned,
    roster,
    activities,
    shifts,
    filing,
    need,
    steering,
    beside,
    sheet,
    parts,
    consents,
    reminders,
    overview,
    matrix,
    calendar,
    call_backs,
    conversations,
    learning,
    trouble,
    people,
    audit,
    photos,
    live,
)
for door in DOORS:
    router.include_router(door.router)
