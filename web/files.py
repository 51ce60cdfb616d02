"""Files at /files/{id}: for the person who sent a photo, and for whom staff sent one. Documents are only downloaded."""

from __future__ import annotations

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor
from community.errors import NotFound
from community.files.models import File
from community.files.usecases import get_file
from community.residents.usecases import find_person
from linli.file_store import read_file
from linli.photos import MEDIA_TYPE
from web.identity import CHANNEL
from web.parts import Held, Parts
from web.ranges import InParts

router = APIRouter()
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/files/{file_id}")
async def photo(request: Request, parts: Held, file_id: UUID) -> Response:
    """The photo; for everybody else it is as if there were none."""
    visitor = parts.identity.find(request)
    async with parts.sessions() as session:
        known = await find_person(session, CHANNEL, visitor.outside_id) if visitor else None
        if known is None:
            raise NotFound
        return await serve_file(session, parts, ResidentActor(known.resident_id), file_id)


async def serve_file(session: AsyncSession, parts: Parts, actor: Actor, file_id: UUID) -> Response:
    """The photo to look at or the document to download, where the actor may see it. Raises NotFound."""
    return await send_file(parts, await get_file(session, actor, file_id))


async def send_file(parts: Parts, file: File) -> Response:
    """A file that the caller may see, opened in memory. Raises NotFound where its bytes are gone."""
    try:
        content = await asyncio.to_thread(read_file, parts.settings.files_dir, file.id)
    except FileNotFoundError:
        raise NotFound from None
    is_photo = file.media_type == MEDIA_TYPE
    shown = "inline" if is_photo else "attachment"
    name = quote("photo.jpg" if is_photo else file.name or "file", safe="")
    headers = {**HEADERS, "Content-Disposition": f"{shown}; filename*=utf-8''{name}"}
    return InParts(content, media_type=file.media_type, headers=headers)
