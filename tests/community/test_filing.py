"""Staff file for callers: one need a form, routed as any, known people found within one's rights, told by phone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from community.actors import StaffActor
from community.audit.models import AuditAct
from community.errors import NotAllowed, NotFound, Refused, TooMany
from community.needs.callers import find_callers, only_digits
from community.needs.models import CameBy, Need, NeedHistory, NeedState, Urgency, Visibility
from community.needs.rights import may_know, may_read
from community.needs.usecases.filing import Caller, Filing, file_need, find_filed
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.needs.usecases.staff import accept_need, answer_resident
from community.outbox.models import OutboxMessage
from community.outbox.telling import find_untold, tell_in_person
from community.parties.models import PartyType
from community.residents.models import Address, Resident
from community.wishes.models import ContactWay, ContactWish
from linli.database import Sessions
from linli.sealing import MARK
from tests.cast import Cast

PHONE = "138 0013 8000"
CALL = Filing(
    CameBy.PHONE, Caller(name="赵奶奶", phone=PHONE), Report("elevator", "电梯又停了，她说下不了楼")
)
SECRET = replace(CALL, report=Report("mental_health", "她说睡不着"))


def _clerk(cast: Cast, party: PartyType = PartyType.COMMITTEE) -> StaffActor:
    return cast.here.staff[party]


async def _file(
    sessions: Sessions, actor: StaffActor, filing: Filing = CALL, request_id: UUID | None = None
) -> Need:
    async with sessions.begin() as session:
        return await file_need(session, actor, filing, request_id or uuid4())


async def test_it_is_routed_with_clocks_and_history_as_any_report(sessions: Sessions, cast: Cast) -> None:
    clerk = _clerk(cast)
    filing = replace(CALL, report=replace(CALL.report, place_id=cast.here.unit.id, urgency=Urgency.URGENT))
    need = await _file(sessions, clerk, filing)
    assert need.lead_party_id == cast.here.parties[PartyType.PROPERTY_COMPANY].id
    assert (need.state, need.came_by, need.filed_by) == (NeedState.ROUTED, CameBy.PHONE, clerk.staff_id)
    assert need.first_answer_due_at > need.created_at
    async with sessions() as session:
        first = await session.scalar(
            select(NeedHistory).where(NeedHistory.need_id == need.id).order_by(NeedHistory.id).limit(1)
        )
        resident = await session.get_one(Resident, need.resident_id)
        addresses = (await session.scalars(select(Address).where(Address.resident_id == resident.id))).all()
        acts = (await session.scalars(select(AuditAct.act))).all()
    assert first is not None
    assert (first.staff_id, first.resident_id) == (clerk.staff_id, None)
    assert (resident.name, resident.phone, list(addresses)) == ("赵奶奶", PHONE, [])
    assert acts == ["need_filed"]


async def test_a_form_that_comes_twice_makes_one_need(sessions: Sessions, cast: Cast) -> None:
    clerk, request_id = _clerk(cast), uuid4()
    both = await asyncio.gather(*(_file(sessions, clerk, CALL, request_id) for _ in range(2)))
    again = await _file(sessions, clerk, CALL, request_id)
    assert {need.id for need in both} == {again.id}
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Need)) == 1
        named = select(func.count()).select_from(Resident).outerjoin(Address).where(Address.id.is_(None))
        assert await session.scalar(named) == 1


async def test_what_is_confidential_goes_to_social_work_and_leaves_its_code(
    sessions: Sessions, cast: Cast
) -> None:
    clerk = _clerk(cast)
    for filing in (SECRET, replace(CALL, report=replace(CALL.report, visibility=Visibility.CONFIDENTIAL))):
        need = await _file(sessions, clerk, filing)
        assert need.lead_party_id == cast.here.parties[PartyType.SOCIAL_WORK_TEAM].id
        async with sessions() as session:
            assert not await may_read(session, clerk, need)
            assert not await may_know(session, clerk, need)
            found = await find_filed(session, clerk, need.code)
            assert found is not None
            assert await find_filed(session, cast.here.colleagues[PartyType.COMMITTEE], need.code) is None


async def test_no_wider_than_its_kind_allows(sessions: Sessions, cast: Cast) -> None:
    report = replace(SECRET.report, visibility=Visibility.PRIVATE)
    need = await _file(sessions, _clerk(cast), replace(SECRET, report=report))
    assert need.visibility is Visibility.CONFIDENTIAL


async def test_a_social_worker_goes_on_with_what_was_told_to_them(sessions: Sessions, cast: Cast) -> None:
    worker = _clerk(cast, PartyType.SOCIAL_WORK_TEAM)
    need = await _file(sessions, worker, SECRET)
    async with sessions() as session:
        assert await may_read(session, worker, need)
        assert not await may_read(session, cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM], need)


async def test_limits_of_the_person_do_not_count_and_the_clerks_own_do(
    sessions: Sessions, cast: Cast
) -> None:
    async with sessions.begin() as session:
        made = await report_need(
            session, cast.owner.resident_id, CALL.report, limits=ReportLimits(an_hour=1, a_day=1)
        )
    clerk = _clerk(cast, PartyType.PROPERTY_COMPANY)
    known = replace(CALL, caller=Caller(resident_id=cast.owner.resident_id))
    async with sessions.begin() as session:
        for _ in range(2):
            need = await file_need(session, clerk, known, uuid4(), an_hour=2)
            assert need.resident_id == made.resident_id
        with pytest.raises(TooMany):
            await file_need(session, clerk, known, uuid4(), an_hour=2)


@pytest.mark.parametrize(
    ("filing", "refusal"),
    [
        (replace(CALL, came_by=CameBy.CHAT), "choose_one"),
        (replace(CALL, report=Report("no_such_kind", "x")), "choose_one"),
        (replace(CALL, caller=Caller(phone="12")), "number_unclear"),
    ],
)
async def test_what_does_not_make_sense_is_refused(
    sessions: Sessions, cast: Cast, filing: Filing, refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        await _file(sessions, _clerk(cast), filing)


async def test_walls(sessions: Sessions, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        await _file(sessions, cast.admin)
    elsewhere = replace(CALL, caller=Caller(home_id=cast.there.unit.id))
    with pytest.raises(NotFound):
        await _file(sessions, _clerk(cast), elsewhere)
    stranger = replace(CALL, caller=Caller(resident_id=cast.stranger.resident_id))
    with pytest.raises(NotFound):
        await _file(sessions, _clerk(cast), stranger)
    with pytest.raises(Refused):
        await _file(sessions, cast.street)
    need = await _file(sessions, cast.street, replace(CALL, community_id=cast.there.community.id))
    assert need.community_id == cast.there.community.id


async def _report(sessions: Sessions, cast: Cast, kind: str = "elevator") -> Need:
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王秀兰", "+86 138-0013-8000"
        return await report_need(session, cast.owner.resident_id, Report(kind, "x"))


@pytest.mark.parametrize(
    ("side", "party", "finds"),
    [
        ("here", PartyType.COMMITTEE, True),
        ("here", PartyType.PROPERTY_COMPANY, True),
        ("here", PartyType.VOLUNTEER_TEAM, False),
        ("here", PartyType.SOCIAL_WORK_TEAM, False),
        ("there", PartyType.COMMITTEE, False),
    ],
)
async def test_people_are_found_by_those_who_see_their_contact_anyway(
    sessions: Sessions, cast: Cast, side: str, party: PartyType, *, finds: bool
) -> None:
    need = await _report(sessions, cast)
    actor = getattr(cast, side).staff[party]
    async with sessions() as session:
        by_phone = await find_callers(session, actor, phone="13800138000")
        by_code = await find_callers(session, actor, code=need.code.lower())
        other = await find_callers(session, actor, phone="13800138001", code="ZZZZZ")
    assert [bool(by_phone), bool(by_code), bool(other)] == [finds, finds, False]
    if not finds:
        with pytest.raises(NotFound):
            await _file(sessions, actor, replace(CALL, caller=Caller(resident_id=cast.owner.resident_id)))


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("+86 138-0013-8000", "008613800138000"),
        ("13800138000", "86 138 0013 8000"),
        ("+86 20 8888 1234", "020-88881234"),
        ("+852 9123 4567", "85291234567"),
    ],
)
async def test_a_number_is_found_however_it_is_written(
    sessions: Sessions, cast: Cast, kept: str, typed: str
) -> None:
    await _report(sessions, cast)
    async with sessions.begin() as session:
        (await session.get_one(Resident, cast.owner.resident_id)).phone = kept
    async with sessions() as session:
        found = await find_callers(session, _clerk(cast), phone=typed)
    assert [each.resident.id for each in found] == [cast.owner.resident_id]


async def test_the_numbers_of_others_are_not_opened_to_find_one(sessions: Sessions, cast: Cast) -> None:
    await _report(sessions, cast)
    async with sessions.begin() as session:
        await report_need(session, cast.neighbour.resident_id, CALL.report)
        of_neighbour = {"id": cast.neighbour.resident_id, "phone": f"{MARK}gone:x"}
        await session.execute(text("UPDATE residents SET phone = :phone WHERE id = :id"), of_neighbour)
    async with sessions() as session:
        assert len(await find_callers(session, _clerk(cast), phone=PHONE)) == 1


async def test_nobody_is_found_by_a_confidential_need_or_who_asked_without_a_name(
    sessions: Sessions, cast: Cast
) -> None:
    secret = await _report(sessions, cast, "mental_health")
    unnamed = await _report(sessions, cast)
    async with sessions.begin() as session:
        session.add(ContactWish(need_id=unnamed.id, way=ContactWay.ANONYMOUS))
    async with sessions() as session:
        for code in (secret.code, unnamed.code):
            assert await find_callers(session, _clerk(cast), code=code, phone="13800138000") == []


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("+86 138-0013-8000", "13800138000"), ("020-8888 1234", "02088881234"), ("", ""), ("8613", "8613")],
)
def test_phones_are_compared_by_their_digits(phone: str, digits: str) -> None:
    assert only_digits(phone) == digits


async def test_a_known_person_hears_of_it_in_the_chat_and_keeps_the_other_number(
    sessions: Sessions, cast: Cast
) -> None:
    await _report(sessions, cast)
    known = replace(CALL, caller=Caller(resident_id=cast.owner.resident_id, phone="020-8888 1234"))
    need = await _file(sessions, _clerk(cast), known)
    async with sessions() as session:
        told = await session.scalars(select(OutboxMessage.message).where(OutboxMessage.need_id == need.id))
        resident = await session.get_one(Resident, need.resident_id)
    assert (told.all(), need.contact_phones) == (["need_filed"], ["020-8888 1234"])
    assert resident.phone == "+86 138-0013-8000"


async def test_what_cannot_be_delivered_waits_until_somebody_told_it(sessions: Sessions, cast: Cast) -> None:
    need = await _file(sessions, _clerk(cast))
    lead = _clerk(cast, PartyType.PROPERTY_COMPANY)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
        await answer_resident(session, lead, need.id, "师傅三点到")
        rows = await find_untold(session, lead, need)
        assert [row.message for row in rows] == ["need_accepted", "staff_answer"]
        assert len(await find_untold(session, _clerk(cast), need)) == 2
        for outsider in (_clerk(cast, PartyType.VOLUNTEER_TEAM), cast.there.staff[PartyType.COMMITTEE]):
            assert await find_untold(session, outsider, need) == []
            with pytest.raises(NotFound):
                await tell_in_person(session, outsider, need.id, rows[0].id)
        for _ in range(2):
            await tell_in_person(session, lead, need.id, rows[0].id)
        with pytest.raises(NotFound):
            await tell_in_person(session, lead, need.id, uuid4())
        left = await find_untold(session, lead, need)
        events = await session.scalars(select(NeedHistory.event).where(NeedHistory.event == "told"))
    assert ([row.message for row in left], rows[0].told_by) == (["staff_answer"], lead.staff_id)
    assert events.all() == ["told"]
