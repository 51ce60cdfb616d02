"""What there is to see on residents' pages: needs of the owner in several states, others on the board, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.needs.models import Need
from community.needs.usecases.residents import Report, add_to_need, report_need, withdraw_need
from community.needs.usecases.staff import accept_need, answer_resident, note_on_need, resolve_need
from community.notices.models import Notice, NoticeState
from community.parties.models import PartyType, Staff
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from tests.cast import Cast

OWN_WORDS = "我妈坐轮椅下不来，住502"
NAMES = {
    PartyType.COMMITTEE: ("榕树社区居委会", "Banyan residents' committee", "小陈"),
    PartyType.PROPERTY_COMPANY: ("安居物业", "Anju Property", "老周"),
    PartyType.SOCIAL_WORK_TEAM: ("榕树社工站", "Banyan social work station", "李老师"),
    PartyType.DEPARTMENT: ("城管中队", "City management squad", "赵队"),
    PartyType.VOLUNTEER_TEAM: ("红马甲志愿队", "Red Vest volunteers", "阿明"),
}


@dataclass(frozen=True)
class Tales:
    """The owner's needs by how far they are, and a notice."""

    handled: UUID
    resolved: UUID
    rated: UUID
    private: UUID
    withdrawn: UUID
    survey: UUID
    notice: UUID


async def make_tales(sessions: Sessions, cast: Cast) -> Tales:
    """Tell them through the use-cases, as staff and people would."""
    await _name(sessions, cast)
    start = now() - timedelta(days=9)
    withdrawn = await _report(sessions, cast, "parking_vehicles", "有车堵住门口", start)
    rated = await _report(sessions, cast, "roads_transit_streetlights", "路灯不亮", start + timedelta(days=2))
    resolved = await _report(sessions, cast, "repair_utilities", "楼道灯坏了", start + timedelta(days=5))
    private = await _report(sessions, cast, "mental_health", "最近老是睡不着", start + timedelta(days=8))
    handled = await _report(sessions, cast, "elevator", OWN_WORDS, now() - timedelta(hours=5))
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, withdrawn.id, "车已经开走了")
    await _handle(sessions, cast, handled)
    await _resolve(sessions, cast, rated, "换了灯泡")
    await _close(sessions, cast)
    await _resolve(sessions, cast, resolved, "换了感应灯，已经亮了")
    survey = await _ask(sessions)
    await _others(sessions, cast)
    return Tales(
        handled.id, resolved.id, rated.id, private.id, withdrawn.id, survey.id, await _notices(sessions, cast)
    )


def lead_of(cast: Cast, need: Need) -> StaffActor:
    """The staff member of the party that leads."""
    return next(actor for actor in cast.here.staff.values() if actor.party_id == need.lead_party_id)


async def _name(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        for kind, (zh, en, name) in NAMES.items():
            party = await session.merge(cast.here.parties[kind])
            party.zh, party.en = zh, en
            staff = await session.get_one(Staff, cast.here.staff[kind].staff_id)
            staff.name = name


async def _report(
    sessions: Sessions, cast: Cast, kind: str, words: str, at: datetime, who: UUID | None = None
) -> Need:
    report = Report(kind=kind, words=words, place_id=cast.here.unit.id)
    async with sessions.begin() as session:
        return await report_need(session, who or cast.owner.resident_id, report, at=at)


async def _handle(sessions: Sessions, cast: Cast, need: Need) -> None:
    lead = lead_of(cast, need)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, need.id, "今天又停了一次", request_id=uuid4())
    async with sessions.begin() as session:
        await answer_resident(session, lead, need.id, "师傅下午三点到，先把老人的轮椅从货梯送下来。")
        await note_on_need(session, lead, need.id, "只给同事看的话")


async def _resolve(sessions: Sessions, cast: Cast, need: Need, done: str) -> None:
    async with sessions.begin() as session:
        await accept_need(session, lead_of(cast, need), need.id)
        await resolve_need(session, lead_of(cast, need), need.id, done, survey_at=now())


async def _ask(sessions: Sessions) -> Survey:
    async with sessions.begin() as session:
        survey = await take_due_survey(session, now(), SurveyTimes())
        assert survey is not None
        return survey


async def _close(sessions: Sessions, cast: Cast) -> None:
    survey = await _ask(sessions)
    async with sessions.begin() as session:
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
        await rate_need(session, cast.owner.resident_id, survey.id, 4, "来得挺快")


async def _others(sessions: Sessions, cast: Cast) -> None:
    neighbour = cast.neighbour.resident_id
    await _report(sessions, cast, "noise", "楼上半夜跳舞", now() - timedelta(days=1), neighbour)
    rubbish = await _report(
        sessions, cast, "sanitation_environment", "垃圾三天没清", now() - timedelta(days=2), neighbour
    )
    async with sessions.begin() as session:
        await accept_need(session, lead_of(cast, rubbish), rubbish.id)


async def _notices(sessions: Sessions, cast: Cast) -> UUID:
    async with sessions.begin() as session:
        water = _notice(cast.here.community.id, "停水通知", "明天 9:00 到 12:00，3 到 7 栋停水，请提前存水。")
        water.title_en, water.text_en = (
            "Water cut",
            "Tomorrow 9:00 to 12:00, Buildings 3 to 7. Please store some water.",
        )
        clinic = _notice(cast.here.community.id, "周六义诊", "周六上午在社区大厅量血压、测血糖，不用预约。")
        there = _notice(cast.there.community.id, "河畔的通知", "只给河畔社区。")
        session.add_all([water, clinic, there])
        await session.flush()
        return water.id


def _notice(community_id: UUID, title: str, words: str) -> Notice:
    return Notice(
        community_id=community_id,
        category="life",
        state=NoticeState.SENT,
        title_zh=title,
        text_zh=words,
        valid_from=now() - timedelta(hours=3),
        valid_until=now() + timedelta(days=1),
    )


async def find_surveys(session: AsyncSession, need_id: UUID) -> list[Survey]:
    """The surveys of a need, in the order of their rounds."""
    wanted = select(Survey).where(Survey.need_id == need_id).order_by(Survey.round)
    return list((await session.scalars(wanted)).all())
