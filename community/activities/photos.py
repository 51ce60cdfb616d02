"""The photo of an activity: staff put it there, everybody who may see the activity sees it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity
from community.activities.usecases.steps import lock_run_activity, note_act
from community.actors import StaffActor
from community.errors import NotFound, Refused
from community.files.models import File


async def set_photo(
    session: AsyncSession, actor: StaffActor, activity_id: UUID, file_id: UUID | None
) -> Activity:
    """Show this photo of the actor's own, or none. Raises NotFound, NotAllowed; Refused("photo_no_image")."""
    activity = await lock_run_activity(session, actor, activity_id)
    if file_id is not None:
        file = await session.get(File, file_id)
        if file is None or file.staff_id != actor.staff_id:
            raise NotFound
        if file.width is None:
            raise Refused("photo_no_image")
    activity.photo_id = file_id
    note_act(session, actor, activity, "photo_changed")
    return activity


async def get_photo(session: AsyncSession, activity: Activity) -> File:
    """The file of the photo; the caller has checked who asks. Raises NotFound where there is none."""
    file = await session.get(File, activity.photo_id) if activity.photo_id else None
    if file is None:
        raise NotFound
    return file
