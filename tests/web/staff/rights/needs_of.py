"""The needs that the table of rights is about, each made anew and brought into the state in which its act fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.duplicates.usecases import merge_needs
from community.files.usecases import add_file
from community.needs.models import Need, Visibility
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.needs.usecases.staff import DeclineReason, accept_need, assign_need, decline_need
from community.parties.models import PartyType
from community.parts.models import NeedPart
from community.parts.usecases import accept_part, ask_part, finish_part
from linli.file_store import store_file
from linli.settings import Settings
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, SECRET, WORDS, actor_of

LIMITS = ReportLimits(an_hour=100_000, a_day=100_000)
KINDS = {"social": "elderly_care", "confidential": LOW_MOOD, "untaken": LOW_MOOD}
NEEDS = ("public", "private", "confidential", "untaken", "social", "declined")


@dataclass
class Thing:
    """One record to ask about: the ids of its address, and what a form on it needs to know."""

    ids: dict[str, object] = field(default_factory=dict)
    of: str = ""
    need: Need | None = None
    part: NeedPart | None = None
    code: str = ""


@dataclass(frozen=True)
class NeedMaker:
    """Makes needs with a photo, as the table names them."""

    cast: Cast
    settings: Settings

    def leader(self, of: str) -> StaffActor:
        """Who handles it for the leading party."""
        if of == "declined":
            return self.cast.street
        social = of in ("confidential", "untaken", "social")
        return actor_of(self.cast, "here.social_work_team" if social else "here.property_company")

    async def make(self, session: AsyncSession, of: str, act: str) -> Thing:
        """A need of this name, in the state in which its leading party may do `act`."""
        thing = Thing(of=of)
        photo = await self._keep_photo(session)
        thing.need = await self._report(session, of, photo)
        thing.ids = {"need_id": thing.need.id, "file_id": photo}
        if of in ("public", "private", "declined"):
            thing.part = await self._share(session, thing.need)
            thing.ids["part_id"] = thing.part.id
        if of == "confidential":
            await assign_need(session, self.leader(of), thing.need.id, self.leader(of).staff_id)
        if of == "declined":
            await self._decline(session, thing.need)
        await self._bring_to(session, thing, act)
        await session.flush()
        return thing

    async def _keep_photo(self, session: AsyncSession) -> UUID:
        photo = store_file(self.settings.files_dir, b"\xff\xd8")
        size = {"size": 2, "width": 1, "height": 1}
        await add_file(session, self.cast.owner.resident_id, photo, media_type="image/jpeg", **size)
        return photo

    async def _report(self, session: AsyncSession, of: str, photo: UUID | None = None) -> Need:
        report = Report(
            kind=KINDS.get(of, "elevator"),
            words=SECRET if of in ("confidential", "untaken") else WORDS,
            place_id=self.cast.here.unit.id,
            file_ids=(photo,) if photo else (),
            visibility=Visibility.PRIVATE if of == "private" else None,
        )
        return await report_need(session, self.cast.owner.resident_id, report, limits=LIMITS)

    async def _share(self, session: AsyncSession, need: Need) -> NeedPart:
        company = actor_of(self.cast, "here.property_company")
        party = self.cast.here.parties[PartyType.SOCIAL_ORGANISATION]
        return await ask_part(session, company, need.id, party.id, "请送饭上楼")

    async def _decline(self, session: AsyncSession, need: Need) -> None:
        for who in ("here.property_company", "here.committee"):
            await decline_need(session, actor_of(self.cast, who), need.id, DeclineReason.NOT_OURS)

    async def _bring_to(self, session: AsyncSession, thing: Thing, act: str) -> None:
        assert thing.need is not None
        leader, need_id = self.leader(thing.of), thing.need.id
        if act in ("start", "resolve"):
            await accept_need(session, leader, need_id)
        if act == "stop-waiting":
            await ask_resident(session, leader, need_id, "几楼？", request_id=uuid4())
        if act in ("resolve", "merge", "split") and thing.part is not None:
            helper = actor_of(self.cast, "here.social_organisation")
            await accept_part(session, helper, thing.part.id)
            await finish_part(session, helper, thing.part.id, "送了")
        if act in ("merge", "split"):
            thing.code = (await self._report(session, "public")).code
        if act == "split":
            await merge_needs(session, leader, need_id, thing.code)
        thing.need.changed_at = now()
