"""Files at /files/{id}: for the person who sent a photo, and for whom staff sent one. Documents are only downloaded."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor
from community.errors import NotFound
from community.files.models import File
from community.files.usecases import get_file
from community.residents.usecases import find_person
from web.identity import CHANNEL
from web.parts import Held, Parts
from web.uploads import DOCUMENT_SUFFIX, MEDIA_TYPE, PHOTO_SUFFIX, path_of

router = APIRouter()
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/files/{file_id}")
async def photo(request: Request, parts: Held, file_id: UUID) -> FileResponse:
    """The photo; for everybody else it is as if there were none."""
    visitor = parts.identity.find(request)
    async with parts.sessions() as session:
        known = await find_person(session, CHANNEL, visitor.outside_id) if visitor else None
        if known is None:
            raise NotFound
        return await serve_file(session, parts, ResidentActor(known.resident_id), file_id)


async def serve_file(session: AsyncSession, parts: Parts, actor: Actor, file_id: UUID) -> FileResponse:
    """The photo to look at or the document to download, where the actor may see it. Raises NotFound."""
    return send_file(parts, await get_file(session, actor, file_id))


def send_file(parts: Parts, file: File) -> FileResponse:
    """A file that the caller may see. Raises NotFound where its bytes are gone."""
    is_photo = file.media_type == MEDIA_TYPE
    path = path_of(parts.settings.files_dir, file.id, PHOTO_SUFFIX if is_photo else DOCUMENT_SUFFIX)
    if not path.is_file():
        raise NotFound
    return FileResponse(
        path,
        media_type=file.media_type,
        headers=HEADERS,
        filename="photo.jpg" if is_photo else file.name or "file",
        content_disposition_type="inline" if is_photo else "attachment",
    )
