"""The audit log: noted in the transaction of the act, found within walls, never changed, kept for three years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from community.access.invitations import set_first_password
from community.access.usecases import SessionTimes, SignInLimits, check_sign_in, close_session, open_session
from community.actors import SYSTEM, StaffActor
from community.audit.models import AuditAct
from community.audit.queries import ActFilter, find_acts
from community.audit.usecases import forget_old_acts, note_act
from community.errors import NotAllowed, NotFound
from community.needs.models import NeedView
from community.needs.queries import get_need_page
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need
from community.parties.models import PartyType, Role
from community.parties.usecases import NewStaff, add_staff, disable_staff, invite_colleague, set_leader
from linli.database import Sessions
from tests.cast import Cast

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def _note(sessions: Sessions, actor: StaffActor, act: str = "exported") -> None:
    async with sessions.begin() as session:
        note_act(
            session,
            actor,
            act,
            subject_kind="needs",
            subject_id=None,
            community_id=actor.community_id,
            rows=3,
        )


async def test_acts_are_found_by_who_what_subject_and_time(sessions: Sessions, cast: Cast) -> None:
    clerk, subject = cast.here.staff[PartyType.COMMITTEE], uuid4()
    with time_machine.travel(START, tick=False) as clock:
        await _note(sessions, clerk)
        clock.shift(timedelta(hours=1))
        async with sessions.begin() as session:
            note_act(session, SYSTEM, "rotated", subject_kind="keys", subject_id=subject, community_id=None)
            note_act(
                session, None, "sign_in_failed", subject_kind="staff", subject_id=None, community_id=None
            )
    async with sessions() as session:

        async def found(**wanted: object) -> list[str]:
            lines = await find_acts(session, cast.admin, ActFilter(**wanted))  # type: ignore[arg-type]
            return [line.act for line in lines]

        assert await found() == ["sign_in_failed", "rotated", "exported"]
        assert await found(who_id=clerk.staff_id) == ["exported"]
        assert await found(act="rotated") == ["rotated"]
        assert await found(subject_kind="keys", subject_id=subject) == ["rotated"]
        assert await found(since=START, until=START + timedelta(hours=1)) == ["exported"]
        newest, *_ = await find_acts(session, cast.admin, ActFilter(act="exported"))
        assert (newest.who, newest.details) == (clerk.name, {"rows": 3})


async def test_communities_are_walls_and_only_admins_and_the_street_read(
    sessions: Sessions, cast: Cast
) -> None:
    await _note(sessions, cast.here.staff[PartyType.COMMITTEE])
    here, there = (
        StaffActor(
            uuid4(), cast.admin.role, place.parties[PartyType.COMMITTEE].id, place.community.id,
            cast.admin.street_id, "admin",
        )
        for place in (cast.here, cast.there)
    )  # fmt: skip
    async with sessions() as session:
        assert len(await find_acts(session, here, ActFilter())) == 1
        assert len(await find_acts(session, cast.street, ActFilter())) == 1
        assert await find_acts(session, there, ActFilter()) == []
        for party in PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY:
            with pytest.raises(NotFound):
                await find_acts(session, cast.here.staff[party], ActFilter())


async def test_views_of_confidential_needs_stand_in_the_same_list(sessions: Sessions, cast: Cast) -> None:
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        need = await report_need(
            session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着")
        )
        await accept_need(session, worker, need.id)
    async with sessions.begin() as session:
        await get_need_page(session, worker, need.id)
        await get_need_page(session, cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM], need.id)
    async with sessions() as session:
        lines = await find_acts(session, cast.admin, ActFilter(subject_id=need.id, subject_kind="need"))
        acts = [line.act for line in lines if line.act.startswith("confidential_")]
        assert sorted(acts) == ["confidential_assigned", "confidential_view_refused", "confidential_viewed"]
        assert {line.subject for line in lines} == {need.code}
        only = await find_acts(
            session, cast.admin, ActFilter(act="confidential_viewed", who_id=worker.staff_id)
        )
        assert [line.who for line in only] == [worker.name]


@pytest.mark.parametrize("details", [{"words": "家里的话"}, {"words": "two words"}, {"of": object()}])
def test_words_of_people_are_refused(details: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="words"):
        note_act(None, SYSTEM, "done", subject_kind="need", subject_id=None, community_id=None, **details)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [update(AuditAct).values(act="other"), delete(AuditAct), text("TRUNCATE audit_acts")],
)
async def test_rows_are_neither_changed_nor_deleted(
    sessions: Sessions, cast: Cast, statement: object
) -> None:
    await _note(sessions, cast.here.staff[PartyType.COMMITTEE])
    with pytest.raises(IntegrityError, match="only added"):
        async with sessions.begin() as session:
            await session.execute(statement)  # type: ignore[call-overload]
    async with sessions() as session:
        assert await session.scalar(select(func.count(AuditAct.id))) == 1


async def test_the_log_of_views_is_guarded_too(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        need = await report_need(
            session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着")
        )
        await accept_need(session, cast.here.staff[PartyType.SOCIAL_WORK_TEAM], need.id)
        await get_need_page(session, cast.here.staff[PartyType.SOCIAL_WORK_TEAM], need.id)
    for statement in update(NeedView).values(allowed=False), delete(NeedView):
        with pytest.raises(IntegrityError, match="only added"):
            async with sessions.begin() as session:
                await session.execute(statement)


async def test_after_three_years_an_act_goes(sessions: Sessions, cast: Cast) -> None:
    clerk = cast.here.staff[PartyType.COMMITTEE]
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3 * 366 + 1)):
        await _note(sessions, clerk, "old")
    await _note(sessions, clerk, "young")
    async with sessions.begin() as session:
        assert await forget_old_acts(session, datetime.now(UTC) + timedelta(days=4000)) == 1
    async with sessions() as session:
        assert (await session.scalars(select(AuditAct.act))).all() == ["young"]


async def test_accounts_and_sign_ins_note_themselves(sessions: Sessions, cast: Cast) -> None:
    party = cast.here.parties[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        staff = await add_staff(session, cast.admin, NewStaff("new", "新来的", Role.PARTNER, party.id))
        token = await invite_colleague(session, cast.admin, staff.id)
        await set_first_password(session, token, "a password of some length")
        await set_leader(session, cast.admin, staff.id, leads=True)
        await check_sign_in(session, "new", "a wrong password", "10.0.0.1", SignInLimits())
        await check_sign_in(session, "nobody", "a wrong password", "10.0.0.1", SignInLimits())
        await close_session(session, await open_session(session, staff.id, SessionTimes()))
        await disable_staff(session, cast.admin, staff.id)
    async with sessions() as session:
        rows = (await session.scalars(select(AuditAct).order_by(AuditAct.id))).all()
    by_admin, own, nobody = cast.admin.staff_id, staff.id, None
    assert [(row.act, row.who_id, row.subject_id) for row in rows] == [
        ("staff_added", by_admin, own),
        ("staff_invited", by_admin, own),
        ("password_set", own, own),
        ("staff_leads", by_admin, own),
        ("sign_in_failed", nobody, own),
        ("sign_in_failed", nobody, None),
        ("signed_in", own, own),
        ("signed_out", own, own),
        ("staff_closed", by_admin, own),
    ]
    assert {row.community_id for row in rows} == {cast.here.community.id, None}


async def test_what_is_refused_is_not_noted(sessions: Sessions, cast: Cast) -> None:
    clerk = cast.here.staff[PartyType.COMMITTEE]
    with pytest.raises(NotAllowed):
        async with sessions.begin() as session:
            await disable_staff(session, clerk, cast.street.staff_id)
    async with sessions() as session:
        assert await session.scalar(select(func.count(AuditAct.id))) == 0
