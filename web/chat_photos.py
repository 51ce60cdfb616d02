"""One photo from the web chat: counted, checked, drawn anew, kept under the data folder, remembered as the person's."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request

from community.files.usecases import add_file
from community.limits.usecases import count_use
from community.residents.models import Language
from linli.file_store import remove_file, store_file
from linli.photos import MEDIA_TYPE, MOST_BYTES, Photo, PhotoRefused, make_photo
from web.bodies import BodyRefused, read_upload
from web.identity import Visitor
from web.origin import client_address
from web.pages import page_language
from web.parts import Parts
from web.people import HOUR, get_person


async def count_upload(request: Request, parts: Parts) -> None:
    """Count an upload from this address, good or bad. Raises TooMany."""
    key = f"uploads:{client_address(request, parts.settings.proxies)}"
    async with parts.sessions.begin() as session:
        await count_use(session, key, parts.settings.uploads_per_hour, HOUR)


async def read_photo(request: Request) -> bytes:
    """The bytes in the form's field `photo`. Raises PhotoRefused, BodyRefused."""
    try:
        return await read_upload(request, "photo", MOST_BYTES)
    except BodyRefused as error:
        raise PhotoRefused("too_large") if error.reason == "too_long" else error from None


async def store_upload(request: Request, parts: Parts, visitor: Visitor, raw: bytes) -> UUID:
    """Keep the photo as this person's; gives its id. Raises PhotoRefused, TooMany."""
    photo = await make_photo(raw)
    folder = parts.settings.files_dir
    file_id = await asyncio.to_thread(store_file, folder, photo.content)
    try:
        await _remember(request, parts, visitor, file_id, photo)
    except BaseException:
        await asyncio.to_thread(remove_file, folder, file_id)
        raise
    return file_id


async def _remember(request: Request, parts: Parts, visitor: Visitor, file_id: UUID, photo: Photo) -> None:
    size = {"size": len(photo.content), "width": photo.width, "height": photo.height}
    async with parts.sessions.begin() as session:
        known = await get_person(session, request, parts, visitor, Language(page_language(request)))
        await add_file(session, known.resident_id, file_id, media_type=MEDIA_TYPE, **size)
