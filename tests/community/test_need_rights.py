"""Who may read, know and handle a need: one table of cast against visibility, and the log of confidential views."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from community.actors import Actor, ResidentActor, StaffActor
from community.errors import NotAllowed, NotFound
from community.needs.filtering import QueueFilter, Scope
from community.needs.models import Need, NeedView, Visibility
from community.needs.queries import get_need_page, get_own_need
from community.needs.queue import find_queue
from community.needs.rights import may_handle, may_know, may_read
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    assign_need,
    decline_need,
    hand_over_need,
    note_on_need,
)
from community.parties.models import PartyType, Role, Staff
from linli.database import Sessions
from tests.cast import Cast

LIFT, LOW_MOOD = "elevator", "mental_health"

# who, kind of need, (read, know, handle) before anybody was assigned
TABLE = [
    ("owner", LIFT, (True, None, None)),
    ("neighbour", LIFT, (False, None, None)),
    ("here.property_company", LIFT, (True, True, True)),
    ("here.committee", LIFT, (True, True, False)),
    ("here.volunteer_team", LIFT, (False, False, False)),
    ("there.property_company", LIFT, (False, False, False)),
    ("there.committee", LIFT, (False, False, False)),
    ("street", LIFT, (True, True, False)),
    ("admin", LIFT, (False, False, False)),
    ("owner", LOW_MOOD, (True, None, None)),
    ("here.committee", LOW_MOOD, (False, False, False)),
    ("here.social_work_team", LOW_MOOD, (False, True, False)),
    ("there.social_work_team", LOW_MOOD, (False, False, False)),
    ("here.property_company", LOW_MOOD, (False, False, False)),
    ("street", LOW_MOOD, (False, False, False)),
    ("admin", LOW_MOOD, (False, False, False)),
]


def _actor(cast: Cast, who: str) -> Actor:
    if who in ("owner", "neighbour"):
        return ResidentActor(getattr(cast, who).resident_id)
    if who in ("street", "admin"):
        actor: StaffActor = getattr(cast, who)
        return actor
    side, party = who.split(".")
    staff: StaffActor = getattr(cast, side).staff[PartyType(party)]
    return staff


async def _report(sessions: Sessions, cast: Cast, kind: str) -> Need:
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, Report(kind=kind, words="秘密的话"))


@pytest.mark.parametrize(("who", "kind", "rights"), TABLE)
async def test_rights(
    sessions: Sessions, cast: Cast, who: str, kind: str, rights: tuple[bool, bool | None, bool | None]
) -> None:
    read, know, handle = rights
    need, actor = await _report(sessions, cast, kind), _actor(cast, who)
    async with sessions() as session:
        assert await may_read(session, actor, need) is read
        if isinstance(actor, StaffActor):
            assert await may_know(session, actor, need) is know
            assert await may_handle(session, actor, need) is handle
            listed = [line.need.id for line in await find_queue(session, actor, QueueFilter(scope=Scope.ALL))]
            assert (need.id in listed) is know


async def test_only_the_assigned_social_worker_reads_and_each_view_is_logged(
    sessions: Sessions, cast: Cast
) -> None:
    need = await _report(sessions, cast, LOW_MOOD)
    taker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    colleague = cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        await accept_need(session, taker, need.id)
    async with sessions.begin() as session:
        own = await get_need_page(session, taker, need.id)
        other = await get_need_page(session, colleague, need.id)
    assert (own.line.readable, other.line.readable, other.events) == (True, False, [])
    async with sessions() as session:
        views = (await session.scalars(select(NeedView).order_by(NeedView.id))).all()
    assert [(view.staff_id, view.allowed) for view in views] == [
        (taker.staff_id, True),
        (colleague.staff_id, False),
    ]


async def test_a_confidential_need_stays_with_social_work(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast, LOW_MOOD)
    worker, committee = cast.here.staff[PartyType.SOCIAL_WORK_TEAM], cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await hand_over_need(session, worker, need.id, committee.party_id, "请居委会看看")
        with pytest.raises(NotAllowed):
            await decline_need(session, worker, need.id, DeclineReason.NO_CAPACITY)
        with pytest.raises(NotFound):
            await assign_need(session, committee, need.id, committee.staff_id)
        with pytest.raises(NotFound):
            await note_on_need(session, committee, need.id, "看一下")


async def test_a_need_is_not_assigned_to_an_admin_who_may_not_read_it(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast, "pets")
    committee, colleague = (side[PartyType.COMMITTEE] for side in (cast.here.staff, cast.here.colleagues))
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.id == colleague.staff_id).values(role=Role.ADMIN))
        with pytest.raises(NotFound):
            await assign_need(session, committee, need.id, colleague.staff_id)


async def test_a_neighbour_finds_nothing_by_id(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast, LIFT)
    async with sessions() as session:
        assert (
            await get_own_need(session, cast.owner.resident_id, need.id)
        ).line.need.visibility is Visibility.PUBLIC
        with pytest.raises(NotFound):
            await get_own_need(session, cast.neighbour.resident_id, need.id)
