"""Staff at work while everything falls over: accept, answer and resolve some needs, each step until it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import WrongState
from community.needs.codes import ALPHABET
from community.needs.models import Need, NeedState
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Neighbourhood

EVERY_SECONDS = 1.0
AGAIN_SECONDS = 0.5
SOME = 3
Step = Callable[[AsyncSession], Awaitable[object]]


def is_for_staff(code: str) -> bool:
    """Whether the need with this code will be handled: about every third is."""
    return ALPHABET.index(code[0]) % SOME == 0


class StaffDesk:
    """Handles some of the needs that are reported from now on. `resolved` are the codes of those that it ended."""

    def __init__(self, database_url: str, where: Neighbourhood) -> None:
        self.resolved: set[str] = set()
        self._engine = make_engine(database_url, pool=2)
        self._sessions: Sessions = make_sessions(self._engine)
        self._community = where.community.id
        self._staff: Mapping[UUID, StaffActor] = {
            party.id: where.staff[kind] for kind, party in where.parties.items()
        }
        self._since = now()
        self._seen: set[UUID] = set()

    async def work(self) -> None:
        """Look for new needs until cancelled."""
        try:
            while True:
                for need in await self._find_new():
                    if is_for_staff(need.code) and need.lead_party_id:
                        await self._handle(need, self._staff[need.lead_party_id])
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            await self._engine.dispose()

    async def _find_new(self) -> Sequence[Need]:
        wanted = (
            select(Need)
            .where(Need.community_id == self._community, Need.state == NeedState.ROUTED)
            .where(Need.created_at >= self._since, Need.id.not_in(self._seen))
        )
        try:
            async with self._sessions() as session:
                needs = (await session.scalars(wanted)).all()
        except (SQLAlchemyError, OSError):
            return []
        self._seen |= {need.id for need in needs}
        return needs

    async def _handle(self, need: Need, clerk: StaffActor) -> None:
        """Three steps, each in a transaction of its own."""
        request = uuid5(need.id, "answer")

        async def accept(session: AsyncSession) -> None:
            await accept_need(session, clerk, need.id)

        async def answer(session: AsyncSession) -> None:
            await answer_resident(session, clerk, need.id, "马上派人去看", request_id=request)

        async def resolve(session: AsyncSession) -> None:
            await resolve_need(session, clerk, need.id, "修好了", survey_at=now())

        if await self._do(accept) and await self._do(answer) and await self._do(resolve):
            self.resolved.add(need.code)

    async def _do(self, step: Step) -> bool:
        """Whether it is done. Where the commit's answer was lost, doing it again says that the state is past it."""
        lost = False
        while True:
            try:
                async with self._sessions.begin() as session:
                    await step(session)
                return True
            except WrongState:
                return lost
            except (SQLAlchemyError, OSError):
                lost = True
                await asyncio.sleep(AGAIN_SECONDS)
