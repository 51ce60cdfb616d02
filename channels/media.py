"""What people send beside words is fetched from the platform and stored, once, before the bot is asked.

Before: channels/turns.py has claimed the message. Next: the message goes to the bot with its files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from channels.contract import Channel, Fetched, FetchesMedia, FetchFailed, Media, MediaRef
from community.inbox.media import Kept, keep_media, put_off_for_media
from community.inbox.usecases import Waiting
from linli.database import Sessions
from linli.documents import read_document
from linli.file_store import remove_file, store_file
from linli.photos import MEDIA_TYPE, MOST_BYTES, PhotoRefused, make_photo

log = structlog.get_logger()
MOST_VIDEO_BYTES = 20 * 1024 * 1024
VIDEO_TYPE = "video/mp4"
_IMAGES = ("image/",)


class MediaAway(Exception):
    """The platform does not give it now; the message is put off."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The message with its files; `lost` of what was sent could not be had, and `unheard` were voices without words."""

    waiting: Waiting
    lost: int = 0
    unheard: int = 0


class MediaKeeper:
    """Fetches and stores the media of messages for one process."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        """`folder`: where files lie."""
        self._sessions, self._folder = sessions, folder

    async def gather(self, waiting: Waiting, channel: Channel | None) -> Gathered:
        """Fetch everything that is still to be had. Raises MediaAway, LeaseLost."""
        gathered = Gathered(waiting)
        while gathered.waiting.media:
            gathered = await self._take_first(gathered, channel)
        return gathered

    async def _take_first(self, gathered: Gathered, channel: Channel | None) -> Gathered:
        waiting = gathered.waiting
        ref = _ref(waiting.media[0])
        if ref.kind is Media.VOICE:
            return await self._done(gathered, None, unheard=not waiting.text)
        try:
            kept = await self._keep(await _fetch(channel, ref), ref)
        except FetchFailed as error:
            if error.again and await self._put_off(waiting):
                raise MediaAway(error.reason) from error
            return await self._lose(gathered, error.reason)
        except PhotoRefused as error:
            return await self._lose(gathered, error.reason)
        return await self._done(gathered, kept)

    async def _lose(self, gathered: Gathered, reason: str) -> Gathered:
        log.warning("media_lost", message=gathered.waiting.id, reason=reason)
        return replace(await self._done(gathered, None), lost=gathered.lost + 1)

    async def _done(self, gathered: Gathered, kept: Kept | None, *, unheard: bool = False) -> Gathered:
        """Note with the message what was kept of its first medium, and go on with the next.

        From the commit on nobody can say whether the row points at the bytes: they stay, and files without a row are
        swept later.
        """
        waiting = gathered.waiting
        async with self._sessions.begin() as session:
            try:
                files = await keep_media(session, waiting, kept, waiting.media[1:])
            except Exception:
                if kept:
                    await asyncio.to_thread(remove_file, self._folder, kept.id)
                raise
        taken = replace(waiting, files=files, media=waiting.media[1:], tries=0)
        return replace(gathered, waiting=taken, unheard=gathered.unheard + unheard)

    async def _put_off(self, waiting: Waiting) -> bool:
        async with self._sessions.begin() as session:
            return await put_off_for_media(session, waiting)

    async def _keep(self, fetched: Fetched, ref: MediaRef) -> Kept:
        """Store the bytes: photos drawn anew, documents and videos as they came. Raises PhotoRefused, FetchFailed."""
        if ref.kind is Media.IMAGE or fetched.media_type.startswith(_IMAGES):
            photo = await make_photo(fetched.content)
            file_id = await self._store(photo.content)
            return Kept(file_id, MEDIA_TYPE, len(photo.content), photo.width, photo.height)
        if ref.kind is Media.VIDEO:
            media_type, name, content = VIDEO_TYPE, "video.mp4", _check_video(fetched.content)
        else:
            document = read_document(fetched.content, fetched.name or ref.name or "file")
            media_type, name, content = document.media_type, document.name, document.content
        return Kept(await self._store(content), media_type, len(content), name=name)

    async def _store(self, content: bytes) -> UUID:
        """A disk that is full is to the message what a platform is that does not give it now. Raises FetchFailed."""
        try:
            return await asyncio.to_thread(store_file, self._folder, content)
        except OSError as error:
            log.error("media_not_stored", error=type(error).__name__, errno=error.errno)
            raise FetchFailed("not_stored", again=True) from error


async def _fetch(channel: object, ref: MediaRef) -> Fetched:
    if not isinstance(channel, FetchesMedia):
        raise FetchFailed("channel_off", again=False)
    most = MOST_VIDEO_BYTES if ref.kind is Media.VIDEO else MOST_BYTES
    fetched = await channel.fetch(ref, most_bytes=most)
    if len(fetched.content) > most:
        raise FetchFailed("too_large", again=False)
    return fetched


def _check_video(content: bytes) -> bytes:
    """An MP4 says so in its first bytes; what else a platform may send is not kept."""
    if content[4:8] != b"ftyp":
        raise PhotoRefused("no_video")
    return content


def _ref(value: Mapping[str, Any]) -> MediaRef:
    return MediaRef(Media(value["kind"]), str(value["id"]), value.get("name"))
