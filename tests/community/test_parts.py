"""Joint needs: parts of several parties on one clock, one voice to the resident, notes for all who share it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.actors import StaffActor
from community.alerts.crisis import set_crisis
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.hotlines.models import Danger
from community.needs.models import Need, NeedHistory, NeedState
from community.needs.rights import may_read
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.needs.usecases.staff import (
    accept_need,
    answer_resident,
    hand_over_need,
    note_on_need,
    resolve_need,
)
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.parts.models import NeedPart, PartState
from community.parts.queries import count_asked_parts, find_party_parts
from community.parts.usecases import (
    accept_part,
    ask_listed_parts,
    ask_part,
    cancel_part,
    finish_part,
    refuse_part,
)
from linli.database import Sessions
from tests.cast import Cast

PROPERTY, COMMITTEE = PartyType.PROPERTY_COMPANY, PartyType.COMMITTEE
VOLUNTEERS, DEPARTMENT = PartyType.VOLUNTEER_TEAM, PartyType.DEPARTMENT


@pytest.fixture
async def need(sessions: Sessions, cast: Cast) -> Need:
    """A fire hazard: the property company leads, committee and department assist by the list."""
    async with sessions.begin() as session:
        made = await report_need(
            session, cast.owner.resident_id, Report("fire_public_safety", "楼道堆满了纸箱")
        )
        return await accept_need(session, cast.here.staff[PROPERTY], made.id)


def staff(cast: Cast, kind: PartyType) -> StaffActor:
    return cast.here.staff[kind]


async def _parts(sessions: Sessions) -> dict[str, str]:
    async with sessions() as session:
        rows = (await session.scalars(select(NeedPart))).all()
    return {str(row.party_id): row.state.value for row in rows}


async def test_one_click_asks_all_who_assist(sessions: Sessions, cast: Cast, need: Need) -> None:
    for _ in range(2):
        async with sessions.begin() as session:
            await ask_listed_parts(session, staff(cast, PROPERTY), need.id)
    assert await _parts(sessions) == {
        str(staff(cast, COMMITTEE).party_id): "asked",
        str(staff(cast, DEPARTMENT).party_id): "asked",
    }
    async with sessions() as session:
        assert await count_asked_parts(session, staff(cast, COMMITTEE)) == 1
        lines = await find_party_parts(session, staff(cast, DEPARTMENT))
    assert [line.need.id for line in lines] == [need.id]


async def test_a_part_goes_its_way_and_the_need_ends_with_the_last(
    sessions: Sessions, cast: Cast, need: Need
) -> None:
    lead, volunteers, department = (staff(cast, kind) for kind in (PROPERTY, VOLUNTEERS, DEPARTMENT))
    async with sessions.begin() as session:
        assert not await may_read(session, volunteers, need)
        clearing = await ask_part(session, lead, need.id, volunteers.party_id, "周六一起清理")
        checking = await ask_part(session, lead, need.id, department.party_id, "复查")
        assert await may_read(session, volunteers, need)
        with pytest.raises(Refused):
            await ask_part(session, lead, need.id, volunteers.party_id, "再请一次")
    async with sessions.begin() as session:
        await accept_part(session, volunteers, clearing.id)
        await note_on_need(session, volunteers, need.id, "周六九点到")
        with pytest.raises(NotAllowed):
            await answer_resident(session, volunteers, need.id, "我们周六来")
        with pytest.raises(Refused):
            await resolve_need(session, lead, need.id, "清理好了", survey_at=now())
        with pytest.raises(Refused):
            await finish_part(session, volunteers, clearing.id, " ")
        await finish_part(session, volunteers, clearing.id, "清了三车")
        with pytest.raises(WrongState):
            await refuse_part(session, volunteers, clearing.id, "晚了")
        await refuse_part(session, department, checking.id, "不在检查范围")
    async with sessions.begin() as session:
        assert await may_read(session, volunteers, need)
        resolved = await resolve_need(session, lead, need.id, "清理好了", survey_at=now())
    assert resolved.state is NeedState.RESOLVED
    async with sessions() as session:
        events = await session.scalars(
            select(NeedHistory.event).where(NeedHistory.event.like("part_%")).order_by(NeedHistory.id)
        )
        told = await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))
        assert list(events) == ["part_asked", "part_asked", "part_accepted", "part_done", "part_refused"]
        assert list(told) == ["need_accepted", "need_resolved"]


async def test_who_may_do_what_with_a_part(sessions: Sessions, cast: Cast, need: Need) -> None:
    lead, volunteers = staff(cast, PROPERTY), staff(cast, VOLUNTEERS)
    async with sessions.begin() as session:
        part = await ask_part(session, lead, need.id, volunteers.party_id, "清理")
        for actor in (lead, staff(cast, COMMITTEE), cast.there.staff[VOLUNTEERS], cast.street):
            with pytest.raises(NotFound):
                await accept_part(session, actor, part.id)
        for actor in (volunteers, staff(cast, COMMITTEE)):
            with pytest.raises(NotAllowed):
                await cancel_part(session, actor, part.id)
        with pytest.raises(NotFound):
            await ask_part(session, lead, need.id, cast.there.parties[VOLUNTEERS].id, "清理")
        with pytest.raises(NotFound):
            await ask_part(session, lead, need.id, lead.party_id, "自己")
        with pytest.raises(NotAllowed):
            await ask_part(session, staff(cast, COMMITTEE), need.id, volunteers.party_id, "清理")
        await cancel_part(session, lead, part.id)
        assert not await may_read(session, volunteers, need)


async def test_what_is_over_waits_for_no_part(sessions: Sessions, cast: Cast, need: Need) -> None:
    async with sessions.begin() as session:
        await ask_listed_parts(session, staff(cast, PROPERTY), need.id)
        await withdraw_need(session, cast.owner.resident_id, need.id)
    assert set((await _parts(sessions)).values()) == {PartState.CANCELLED.value}


async def test_a_confidential_need_has_no_parts_outside_social_work(sessions: Sessions, cast: Cast) -> None:
    worker = staff(cast, PartyType.SOCIAL_WORK_TEAM)
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
        await accept_need(session, worker, need.id)
        with pytest.raises(NotAllowed):
            await ask_part(session, worker, need.id, staff(cast, COMMITTEE).party_id, "上门看看")
        assert await ask_listed_parts(session, worker, need.id) == []


async def test_who_leads_now_has_no_part_in_it(sessions: Sessions, cast: Cast, need: Need) -> None:
    lead, committee = staff(cast, PROPERTY), staff(cast, COMMITTEE)
    async with sessions.begin() as session:
        await ask_part(session, lead, need.id, committee.party_id, "发通知")
        await hand_over_need(session, lead, need.id, committee.party_id, "全归居委会")
        await accept_need(session, committee, need.id)
        await resolve_need(session, committee, need.id, "清走了", survey_at=now())
    assert await _parts(sessions) == {str(committee.party_id): "cancelled"}


async def test_what_becomes_confidential_waits_for_no_part(sessions: Sessions, cast: Cast) -> None:
    committee, worker = staff(cast, COMMITTEE), staff(cast, PartyType.SOCIAL_WORK_TEAM)
    async with sessions.begin() as session:
        made = await report_need(session, cast.owner.resident_id, Report("noise", "楼上又在砸东西"))
        crisis = await report_need(session, cast.owner.resident_id, Report("noise", "楼上在哭喊"))
        for each in (made, crisis):
            await ask_part(session, committee, each.id, staff(cast, PROPERTY).party_id, "上门看看")
        await change_kind(session, committee, made.id, "mental_health")
        await set_crisis(session, committee, crisis.id, Danger.VIOLENCE)
        for each in (made, crisis):
            await accept_need(session, worker, each.id)
            await resolve_need(session, worker, each.id, "谈过了", survey_at=now())
