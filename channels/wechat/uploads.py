"""Pictures on their way to people: given to the platform once for three days, and anew where it has lost one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from channels.wechat.api import WeChatApi
from channels.wechat.calling import Refused
from channels.wechat.errcodes import MEDIA_GONE
from channels.wechat.models import WeChatUpload
from community.clock import now
from linli.database import Sessions
from linli.file_store import read_file
from linli.sealing import CannotOpen
from linli.settings import Settings

KEPT = timedelta(days=3) - timedelta(hours=1)
NOT_THERE = 40004
"""The platform's own code for a file that it cannot use; a file of ours that is gone is no better."""


class Uploads:
    """What the platform holds of ours, in rows that all processes share."""

    def __init__(self, settings: Settings, sessions: Sessions, api: WeChatApi) -> None:
        self._folder, self._sessions, self._api = settings.files_dir, sessions, api

    async def send(self, file_id: UUID, send: Callable[[str], Awaitable[None]]) -> None:
        """Send with the media id of a file; where the platform has lost it, give it again, once. Raises CallFailed."""
        held = await self._find(file_id)
        if held is not None:
            try:
                await send(held)
            except Refused as refused:
                if refused.code not in MEDIA_GONE:
                    raise
            else:
                return
        await send(await self._upload(file_id))

    async def _find(self, file_id: UUID) -> str | None:
        async with self._sessions() as session:
            held: str | None = await session.scalar(
                select(WeChatUpload.media_id).where(
                    WeChatUpload.file_id == file_id, WeChatUpload.until > now()
                )
            )
        return held

    async def _upload(self, file_id: UUID) -> str:
        try:
            content = await asyncio.to_thread(read_file, self._folder, file_id)
        except (OSError, CannotOpen):
            raise Refused(NOT_THERE) from None
        media_id = await self._api.upload_image(content)
        values = {"media_id": media_id, "until": now() + KEPT}
        async with self._sessions.begin() as session:
            made = insert(WeChatUpload).values(file_id=file_id, **values)
            await session.execute(made.on_conflict_do_update(index_elements=["file_id"], set_=values))
        return media_id
