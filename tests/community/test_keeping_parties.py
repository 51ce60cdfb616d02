"""Parties are added, renamed and end; people change their place and lose at once what they may no longer see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from community.access.usecases import SessionTimes, find_signed_in, open_session
from community.audit.models import AuditAct
from community.clock import now
from community.conversations.models import Handover
from community.conversations.usecases import ask_for_person, take_conversation
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import Need, NeedAssignment, NeedState
from community.needs.queries import find_parties
from community.needs.rights import may_read
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.outbox.models import OutboxMessage
from community.overview.duty import find_duty_gaps
from community.overview.views import get_view
from community.parties.keeping import PartyNames, add_party, change_party, end_party
from community.parties.models import DutyShift, PartyType, Responsibility, Role, Staff
from community.parties.usecases import NewStaff, add_staff, change_staff, disable_staff, set_leader
from community.roster.models import ShiftSwap, SwapState
from community.roster.weeks import count_asked, find_rosters
from community.routing.proposals import NewLine, approve_proposal, propose_line
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved
from linli.database import Sessions
from tests.cast import Cast

CLUB = PartyNames("晚晴互助社", "Evening Glow club", "020-8888 9999")


async def test_a_party_is_added_renamed_and_takes_people(sessions: Sessions, cast: Cast) -> None:
    here = cast.here.community.id
    async with sessions.begin() as session:
        party = await add_party(session, cast.admin, here, PartyType.SOCIAL_ORGANISATION, CLUB)
        await change_party(session, cast.admin, party.id, PartyNames("晚晴社", "Evening Glow", ""))
        await add_staff(session, cast.admin, NewStaff("glow", "小晚", Role.PARTNER, party.id))
    async with sessions() as session:
        found = [each for each in await find_parties(session, here) if each.id == party.id]
        acts = (await session.scalars(select(AuditAct.act).order_by(AuditAct.id))).all()
    assert [(each.zh, each.en, each.phone) for each in found] == [("晚晴社", "Evening Glow", None)]
    assert acts == ["party_added", "party_changed", "staff_added"]


async def test_a_party_ends_only_when_nothing_depends_on_it(sessions: Sessions, cast: Cast) -> None:
    company = cast.here.parties[PartyType.PROPERTY_COMPANY]

    async def refused(party_id: object = company.id) -> str:
        async with sessions.begin() as session:
            with pytest.raises(Refused) as error:
                await end_party(session, cast.admin, party_id)  # type: ignore[arg-type]
        return error.value.message

    assert await refused(cast.here.parties[PartyType.COMMITTEE].id) == "party_is_last"
    assert await refused() == "party_leads_kinds"
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="停了"))
        await session.execute(delete(Responsibility).where(Responsibility.party_id == company.id))
    assert await refused() == "party_has_open_needs"
    async with sessions.begin() as session:
        committee = cast.here.parties[PartyType.COMMITTEE].id
        await session.execute(update(Need).where(Need.id == need.id).values(lead_party_id=committee))
    assert await refused() == "party_has_people"
    async with sessions.begin() as session:
        mine = update(Staff).where(Staff.party_id == company.id)
        await session.execute(mine.values(disabled_at=now()))
        await end_party(session, cast.admin, company.id)
    async with sessions.begin() as session:
        assert company.id not in {party.id for party in await find_parties(session, cast.here.community.id)}
        with pytest.raises(Refused):
            await add_staff(session, cast.admin, NewStaff("late", "晚了", Role.PARTNER, company.id))
    assert await refused() == "no_such_party"


async def test_only_admins_of_the_place_keep_parties(sessions: Sessions, cast: Cast) -> None:
    there = cast.there.community.id
    async with sessions.begin() as session:
        new = NewStaff("local", "本社区管理员", Role.ADMIN, cast.here.parties[PartyType.COMMITTEE].id)
        local = await add_staff(session, cast.admin, new)
        token = await open_session(session, local.id, SessionTimes())
        signed_in = await find_signed_in(session, token, SessionTimes())
    assert signed_in is not None
    for actor in signed_in.actor, cast.street, cast.there.staff[PartyType.COMMITTEE]:
        async with sessions.begin() as session:
            with pytest.raises((NotAllowed, NotFound)):
                await add_party(session, actor, there, PartyType.DEPARTMENT, CLUB)
            with pytest.raises((NotAllowed, NotFound)):
                await change_party(session, actor, cast.there.parties[PartyType.DEPARTMENT].id, CLUB)


async def test_who_moves_is_out_at_once_and_reads_the_old_cases_no_more(
    sessions: Sessions, cast: Cast
) -> None:
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        need = await report_need(
            session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着")
        )
        await accept_need(session, worker, need.id)
        await set_leader(session, cast.admin, worker.staff_id, leads=True)
        token = await open_session(session, worker.staff_id, SessionTimes())
    async with sessions.begin() as session:
        committee = cast.here.parties[PartyType.COMMITTEE].id
        with pytest.raises(Refused):
            await change_staff(session, cast.admin, worker.staff_id, Role.SOCIAL_WORKER, committee)
        with pytest.raises(NotAllowed):
            await change_staff(session, cast.street, worker.staff_id, Role.COMMITTEE, committee)
        own = cast.admin
        with pytest.raises(NotAllowed):
            await change_staff(session, own, own.staff_id, Role.STREET, own.party_id)
        moved = await change_staff(session, cast.admin, worker.staff_id, Role.COMMITTEE, committee)
        assert (moved.role, moved.party_id, moved.leads) == (Role.COMMITTEE, committee, False)
    async with sessions.begin() as session:
        assert await find_signed_in(session, token, SessionTimes()) is None
        kept = await session.get_one(Need, need.id)
        assert kept.assignee_id is None
        assert not await may_read(session, worker, kept)
        assignments = await session.scalars(select(NeedAssignment.ended_at))
        assert None not in set(assignments)


async def test_who_moves_is_on_the_old_roster_no_more(sessions: Sessions, cast: Cast) -> None:
    team = PartyType.SOCIAL_WORK_TEAM
    worker, colleague = cast.here.staff[team], cast.here.colleagues[team]
    at, hour = now(), timedelta(hours=1)
    async with sessions.begin() as session:
        spans = (at - 9 * hour, at - 5 * hour), (at - hour, at + hour), (at + 5 * hour, at + 9 * hour)
        for who in (worker, colleague):
            for starts_at, ends_at in spans:
                session.add(
                    DutyShift(
                        party_id=who.party_id, staff_id=who.staff_id, starts_at=starts_at, ends_at=ends_at
                    )
                )
        await session.flush()
        theirs = select(DutyShift.id).where(DutyShift.staff_id == colleague.staff_id)
        shift_id = (await session.scalars(theirs.order_by(DutyShift.starts_at.desc()))).first()
        session.add(ShiftSwap(shift_id=shift_id, asked_by=colleague.staff_id, asked_of=worker.staff_id))
    async with sessions.begin() as session:
        committee = cast.here.parties[PartyType.COMMITTEE].id
        await change_staff(session, cast.admin, worker.staff_id, Role.COMMITTEE, committee)
    async with sessions() as session:
        wanted = select(DutyShift).order_by(DutyShift.starts_at)
        kept = (await session.scalars(wanted.where(DutyShift.staff_id == worker.staff_id))).all()
        assert [shift.starts_at for shift in kept] == [starts_at for starts_at, _ in spans[:2]]
        assert kept[0].ends_at == spans[0][1], "what is over stays as it was"
        assert kept[1].ends_at <= now(), "what ran is over"
        others = (await session.scalars(wanted.where(DutyShift.staff_id == colleague.staff_id))).all()
        assert [shift.ends_at for shift in others] == [ends_at for _, ends_at in spans]
        assert await session.scalar(select(ShiftSwap.state)) is SwapState.WITHDRAWN
        assert await count_asked(session, worker) == 0


@pytest.mark.parametrize("how", ["moved", "closed", "admin"])
async def test_who_leaves_leaves_the_work_to_others(sessions: Sessions, cast: Cast, how: str) -> None:
    """A talk that nobody could give back would keep Linli silent for half a day."""
    clerk, owner = cast.here.staff[PartyType.COMMITTEE], cast.owner.resident_id
    async with sessions.begin() as session:
        need = await report_need(session, owner, Report(kind="noise", words="楼上半夜拖椅子"))
        await accept_need(session, clerk, need.id)
        wish = await ask_for_person(session, owner, "想找个人说说")
        await take_conversation(session, clerk, wish.id)
    async with sessions.begin() as session:
        if how == "closed":
            await disable_staff(session, cast.admin, clerk.staff_id)
        elif how == "admin":  # who reads no needs and has no talks
            await change_staff(session, cast.admin, clerk.staff_id, Role.ADMIN, clerk.party_id)
        else:
            elsewhere = cast.here.parties[PartyType.SOCIAL_WORK_TEAM].id
            await change_staff(session, cast.admin, clerk.staff_id, Role.SOCIAL_WORKER, elsewhere)
    async with sessions() as session:
        assert (await session.get_one(Need, need.id)).assignee_id is None
        assert (await session.get_one(Handover, wish.id)).ended_at is not None
        told = (await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))).all()
    assert told[-1] == "person_leaves"


async def test_a_proposed_line_falls_with_the_party_that_it_names(sessions: Sessions, cast: Cast) -> None:
    here = cast.here.community.id
    async with sessions.begin() as session:
        club = await add_party(session, cast.admin, here, PartyType.SOCIAL_ORGANISATION, CLUB)
        proposer = cast.here.staff[PartyType.COMMITTEE]
        made = await propose_line(session, proposer, here, NewLine("noise", club.id), "他们愿意试试")
        await end_party(session, cast.admin, club.id)
    async with sessions.begin() as session:
        with pytest.raises(WrongState) as refused:
            await approve_proposal(session, cast.street, made.id)
    assert refused.value.message == "matrix_changed"


async def test_what_opens_again_is_not_left_with_a_party_that_has_ended(
    sessions: Sessions, cast: Cast
) -> None:
    company, lead = cast.here.parties[PartyType.PROPERTY_COMPANY], cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="停了"))
        await accept_need(session, lead, need.id)
        await resolve_need(session, lead, need.id, "修好了", survey_at=now())
    async with sessions.begin() as session:
        await session.execute(delete(Responsibility).where(Responsibility.party_id == company.id))
        await session.execute(
            update(Staff).where(Staff.party_id == company.id).values(disabled_at=now(), leads=False)
        )
        await end_party(session, cast.admin, company.id)
    async with sessions.begin() as session:
        survey = (await session.scalars(select(Survey))).one()
        again = await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
    assert (again.state, again.lead_party_id) == (
        NeedState.REOPENED,
        cast.here.parties[PartyType.COMMITTEE].id,
    )


async def test_a_team_that_has_ended_has_no_roster_any_more(sessions: Sessions, cast: Cast) -> None:
    here, office = cast.here.community.id, cast.street
    async with sessions.begin() as session:
        team = await add_party(session, cast.admin, here, PartyType.SOCIAL_WORK_TEAM, CLUB)
        assert team.id in {party.id for party in await find_rosters(session, office)}
        await end_party(session, cast.admin, team.id)
    async with sessions() as session:
        gaps = await find_duty_gaps(session, await get_view(session, office, here), now())
        assert team.id not in {party.id for party in await find_rosters(session, office)}
    assert gaps
    assert team.id not in {each.party_id for each in gaps}
