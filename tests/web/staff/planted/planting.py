"""Plants one sentence wherever a person and staff may write about a confidential need: chat, report, answers, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.conversations.usecases import ask_for_person
from community.files.usecases import add_file, add_staff_file
from community.inbox.models import InboundMessage
from community.needs.models import Need
from community.needs.told import Told
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, add_to_need, report_need
from community.needs.usecases.staff import answer_resident, assign_need, note_on_need, resolve_need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from tests.cast import Cast
from tests.channels.bot_stand_in import Answer
from tests.web.conftest import say, thread
from tests.web.staff.conftest import LOW_MOOD

MARK = "海棠暗语七四一"
CHAT, REPORT, WHERE, WHEN, ADDITION = (f"{MARK}{part}" for part in ("聊天", "报事", "地方", "时候", "补充"))
ANSWER, QUESTION, NOTE, DONE, RATING, NAME = (
    f"{MARK}{part}" for part in ("答复", "问话", "备注", "办法", "评价", "附件")
)
OWNER_READS = {CHAT, REPORT, ADDITION, ANSWER, QUESTION, DONE}
WORKER_READS = {REPORT, WHERE, WHEN, ADDITION, ANSWER, QUESTION, NOTE, DONE, RATING, NAME}


async def confide(question: dict[str, Any]) -> Answer:
    """What the bot says to somebody who confides: it repeats the words where only they are read."""
    bubble = {"message": "report_read_back_private", "values": {"words": question["text"]}}
    return 200, {"messages": [bubble]}


@dataclass
class Planted:
    """What was planted: the values that parts of an address may have."""

    need: Need
    ids: dict[str, list[UUID | int | str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Planter:
    """Plants as the cast's owner and the social worker of the community."""

    sessions: Sessions
    settings: Settings
    cast: Cast

    @property
    def worker(self) -> StaffActor:
        """Who is assigned."""
        return self.cast.here.staff[PartyType.SOCIAL_WORK_TEAM]

    async def plant(self, owner: httpx.AsyncClient) -> Planted:
        """Everything, in the order in which it happens to people."""
        await self._chat(owner, 2)
        async with self.sessions.begin() as session:
            handover = await ask_for_person(session, self.cast.owner.resident_id, "想找人说说")
        await self._chat(owner, 4)
        async with self.sessions.begin() as session:
            photo, document = await self._files(session)
            need = await self._report(session, photo)
            await self._work(session, need, document)
        async with self.sessions.begin() as session:
            survey_id = await self._rate(session, need)
            outbox_id = await self._leave_one_undelivered(session, need)
            messages = (await session.scalars(select(InboundMessage.id))).all()
        ids: dict[str, list[UUID | int | str]] = {
            "need_id": [need.id],
            "file_id": [photo, document],
            "handover_id": [handover.id],
            "survey_id": [survey_id],
            "outbox_id": [outbox_id],
            "message_id": list(messages),
            "code": [need.code],
        }
        return Planted(need, ids)

    async def _chat(self, owner: httpx.AsyncClient, items: int) -> None:
        assert (await say(owner, CHAT)).status_code == 200
        await thread(owner, items)

    async def _files(self, session: AsyncSession) -> tuple[UUID, UUID]:
        photo = store_file(self.settings.files_dir, b"\xff\xd8")
        size = {"size": 2, "width": 1, "height": 1}
        await add_file(session, self.cast.owner.resident_id, photo, media_type="image/jpeg", **size)
        document = uuid4()
        await add_staff_file(
            session,
            self.worker,
            document,
            media_type="application/pdf",
            size=2,
            width=None,
            height=None,
            name=f"{NAME}.pdf",
        )
        return photo, document

    async def _report(self, session: AsyncSession, photo: UUID) -> Need:
        told = Told(happened_words=WHEN, contact_phones=("13800001111",), people_words=MARK)
        report = Report(kind=LOW_MOOD, words=REPORT, place_words=WHERE, file_ids=(photo,), told=told)
        return await report_need(session, self.cast.owner.resident_id, report)

    async def _work(self, session: AsyncSession, need: Need, document: UUID) -> None:
        worker, owner = self.worker, self.cast.owner.resident_id
        await assign_need(session, worker, need.id, worker.staff_id)
        await add_to_need(session, owner, need.id, ADDITION)
        await answer_resident(session, worker, need.id, ANSWER)
        await ask_resident(session, worker, need.id, QUESTION)
        await add_to_need(session, owner, need.id, ADDITION)
        await note_on_need(session, worker, need.id, NOTE, file_ids=(document,))
        await resolve_need(session, worker, need.id, DONE, survey_at=now() - timedelta(minutes=1))

    async def _rate(self, session: AsyncSession, need: Need) -> UUID:
        survey = (await session.scalars(select(Survey).where(Survey.need_id == need.id))).one()
        await take_due_survey(session, now(), SurveyTimes(), survey.id)
        await answer_solved(session, self.cast.owner.resident_id, survey.id, solved=True)
        await rate_need(session, self.cast.owner.resident_id, survey.id, 2, RATING)
        return survey.id

    async def _leave_one_undelivered(self, session: AsyncSession, need: Need) -> UUID:
        of_need = select(OutboxMessage.id).where(
            OutboxMessage.need_id == need.id, OutboxMessage.message == "staff_answer"
        )
        outbox_id = (await session.scalars(of_need)).one()
        lost = update(OutboxMessage).where(OutboxMessage.id == outbox_id)
        await session.execute(lost.values(state=OutboxState.FAILED, reason="unreachable"))
        return outbox_id
