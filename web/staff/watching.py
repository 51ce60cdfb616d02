"""What one open page of the console shows of a person: a need or a conversation; who else looks, and who types.

The browser says what it shows (`{"need": id}` or `{"talk": id}`), and `{"typing": 1}` while somebody writes to the
resident.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import in_language
from community.access.usecases import SignedIn
from community.actors import StaffActor
from community.clock import now
from community.conversations.models import Handover
from community.conversations.rights import may_hold
from community.needs.models import Need
from community.needs.rights import may_handle, may_read
from community.outbox.usecases import find_address
from community.presence.usecases import TYPES, find_lookers, hint, look_at, look_away
from web.bells import Bell
from web.parts import Parts


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: whose it is, the need where it is one, and whether the actor writes to the resident."""

    resident_id: UUID
    need_id: UUID | None
    writes: bool


class Watching:
    """The page at one line; `hung` holds its bell at what it may show until the line ends."""

    def __init__(self, parts: Parts, bell: Bell, hung: ExitStack) -> None:
        self._parts, self._bell, self._hung = parts, bell, hung.enter_context(ExitStack())
        self._page_id = uuid4()
        self._named: Mapping[str, Any] = {}
        self._shown: Shown | None = None
        self._others: object = None

    async def hear(self, me: SignedIn, frame: str) -> None:
        """What the browser said; anything else than the three is passed over."""
        said = _parse(frame)
        if "typing" in said and self._shown is not None and self._shown.writes:
            await self._hint_typing(self._shown.resident_id)
        elif self._shown is None and ("need" in said or "talk" in said):
            self._named = said
            await self.check(me)
            self._bell.tell("")

    async def check(self, me: SignedIn) -> None:
        """Look at the rights anew, before anything is heard or told: the bell hangs only where they are still there."""
        if not self._named:
            return
        async with self._parts.sessions() as session:
            shown = await _find_shown(session, me.actor, self._named)
        if shown != self._shown:
            self._hung.close()
            self._shown = shown
            self._hang()

    @property
    def hears_typing(self) -> bool:
        """Whether the page is told that the resident types: while the actor writes to them."""
        return self._shown is not None and self._shown.writes

    async def look(self, me: SignedIn) -> Mapping[str, Any] | None:
        """Say again that the page is open; gives who else looks at the need, where that has changed."""
        if self._shown is None or self._shown.need_id is None:
            return None
        async with self._parts.sessions.begin() as session:
            await look_at(session, me.actor, self._page_id, self._shown.need_id, now())
            found = await find_lookers(session, me.actor, self._shown.need_id, now())
        others = [f"{in_language(party, me.language.value)} {name}" for name, party in found]
        if others == self._others:
            return None
        self._others = others
        return {"type": "here", "names": others}

    async def end(self) -> None:
        """The page is gone."""
        if "need" in self._named:
            async with self._parts.sessions.begin() as session:
                await look_away(session, self._page_id)

    def _hang(self) -> None:
        if self._shown is None:
            return
        for shown in (self._shown.resident_id, self._shown.need_id):
            if shown is not None and (shown == self._shown.need_id or self._shown.writes):
                self._hung.enter_context(self._parts.bells.hang(shown, self._bell))

    async def _hint_typing(self, resident_id: UUID) -> None:
        async with self._parts.sessions.begin() as session:
            if address := await find_address(session, resident_id):
                await hint(session, address.id, TYPES)


def _parse(frame: str) -> Mapping[str, Any]:
    try:
        said = json.loads(frame)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


async def _find_shown(session: AsyncSession, actor: StaffActor, said: Mapping[str, Any]) -> Shown | None:
    """None for what the actor may not read."""
    if (talk_id := _id(said.get("talk"))) is not None:
        talk = await session.get(Handover, talk_id)
        if talk is None or not await may_hold(session, actor, talk):
            return None
        return Shown(talk.resident_id, None, talk.staff_id == actor.staff_id)
    need_id = _id(said.get("need"))
    need = await session.get(Need, need_id) if need_id is not None else None
    if need is None or not await may_read(session, actor, need):
        return None
    return Shown(need.resident_id, need.id, await may_handle(session, actor, need))


def _id(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
