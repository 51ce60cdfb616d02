"""Files in a form of the console: photos are drawn anew, documents checked by content, both kept before the act.

What an act does not take (it is refused, or the form came twice) is removed at once, or by the job `files` after a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from community.errors import Refused
from community.files.attaching import MOST_FILES
from community.files.usecases import add_staff_file
from linli.documents import Document, DocumentRefused, read_document
from linli.file_store import remove_file, store_file
from linli.photos import MEDIA_TYPE, MOST_BYTES, Photo, PhotoRefused, make_photo
from web.parts import Held
from web.staff.desk import Desk, at_desk
from web.staff.forms import Upload, read_typed

MOST_TOGETHER = 30 * 1024 * 1024
WORDS = {
    "too_large": "file_too_large",
    "too_many_pixels": "photo_too_many_pixels",
    "has_macros": "file_has_macros",
}


async def at_attaching_desk(request: Request, parts: Held) -> Desk:
    """Who is signed in, with a form that may carry files. Raises SignInNeeded, DoorRefused, BodyRefused."""
    desk = await at_desk(request, parts)
    typed = await read_typed(request, parts.settings, desk.me.csrf, most=MOST_TOGETHER, files=MOST_FILES + 1)
    return Desk(request, parts, desk.me, typed)


Attaching = Annotated[Desk, Depends(at_attaching_desk)]


@asynccontextmanager
async def keeping_files(desk: Desk) -> AsyncIterator[list[UUID]]:
    """The ids of the form's files, kept as the actor's own; what is kept goes again where the act inside fails.

    Raises Refused with what is wrong with a file.
    """
    uploads = desk.typed.uploads
    if len(uploads) > MOST_FILES:
        raise Refused("too_many_files", most=MOST_FILES)
    made = [await _check(upload) for upload in uploads]
    kept: list[UUID] = []
    try:
        for each in made:
            kept.append(await _keep(desk, each))  # noqa: PERF401 - what is kept so far goes where the next one fails
        yield kept
    except BaseException:
        await _let_go(desk, kept)
        raise


async def _check(upload: Upload) -> Photo | Document:
    """A photo where it is one, else a document."""
    if len(upload.content) > MOST_BYTES:
        raise Refused("file_too_large")
    try:
        return await make_photo(upload.content)
    except PhotoRefused as error:
        if error.reason != "no_image":
            raise Refused(WORDS.get(error.reason, "no_document")) from error
    try:
        return await asyncio.to_thread(read_document, upload.content, upload.name)
    except DocumentRefused as error:
        raise Refused(WORDS.get(error.reason, "no_document")) from error


async def _keep(desk: Desk, made: Photo | Document) -> UUID:
    folder = desk.parts.settings.files_dir
    photo = made if isinstance(made, Photo) else None
    file_id = await asyncio.to_thread(store_file, folder, made.content)
    async with desk.parts.sessions.begin() as session:
        await add_staff_file(
            session,
            desk.actor,
            file_id,
            media_type=made.media_type if isinstance(made, Document) else MEDIA_TYPE,
            size=len(made.content),
            width=photo.width if photo else None,
            height=photo.height if photo else None,
            name=made.name if isinstance(made, Document) else None,
        )
    return file_id


async def _let_go(desk: Desk, kept: Sequence[UUID]) -> None:
    """The bytes go now; their rows, which lead to nothing any more, with the job `files`."""
    for file_id in kept:
        await asyncio.to_thread(remove_file, desk.parts.settings.files_dir, file_id)
