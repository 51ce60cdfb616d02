"""All doors of the console in one router, for web/public.py."""

from __future__ import annotations

from fastapi import APIRouter

from web.staff import access, alerts, conversations, learning, live, need, people, photos, queue, steering, trouble

router = APIRouter(include_in_schema=False)
for door in (access, alerts, queue, need, steering, conversations, learning, trouble, people, photos, live):
    router.include_router(door.router)
