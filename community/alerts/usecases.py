"""An alert from its first call to the one who takes it: whom the roster names, the next, who leads, the street.

All of it are rows: `take_due_alert` does the one step that is due in one transaction, so that a worker that dies
calls nobody twice and forgets nobody. Locks are taken in one order everywhere: the need, then its alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.alerts.closing import OVER, TAKEN, end_alert
from community.alerts.models import FOLLOW_UP_MINUTES, NEXT_MINUTES, Alert, AlertCall, AlertTimes, CallStep
from community.alerts.rights import rings_for
from community.clock import now
from community.errors import NotAllowed, NotFound, WrongState
from community.hotlines.models import Danger
from community.hotlines.queries import find_lines_for
from community.needs.clocks import next_opening
from community.needs.models import ENDED, Need, NeedState, NeedView, Visibility
from community.needs.rights import may_know, may_take
from community.needs.usecases.staff import assign_need
from community.needs.usecases.steps import announce, lock_need, move_need, note_event, tell_resident
from community.parties.models import Party, Staff
from community.places.models import Community
from community.roster.queries import (
    find_all_on_duty,
    find_leaders,
    find_next_start,
    find_next_up,
    find_street_staff,
)
from community.staff_reach.queries import find_staff_who_are
from community.staff_reach.urgent import ring_staff

ROUND_AGAIN = timedelta(hours=1)
MOST_QUESTIONS = 2
STILL_THERE = (
    {"label": "button_i_am_here", "payload": '/choose{"value": "here"}'},
    {"label": "button_i_am_fine", "payload": '/choose{"value": "fine"}'},
)


async def raise_alert(
    session: AsyncSession, need: Need, danger: Danger, at: datetime, *, raised_by: UUID | None = None
) -> Alert:
    """Call whom the roster names now; gives the open alert where there is one. The caller holds the need's lock."""
    found = await find_open_alert(session, need.id)
    if found is not None:
        return found
    if need.lead_party_id is None:
        raise NotFound("no_such_party")
    times = await get_times(session, need.community_id)
    alert = Alert(
        need_id=need.id,
        community_id=need.community_id,
        party_id=need.lead_party_id,
        danger=danger.value,
        raised_by=raised_by,
        raised_at=at,
        quiet_at=None if raised_by else at + timedelta(minutes=times.follow_up_minutes),
        round=1,
        asked_again=0,
    )
    session.add(alert)
    await session.flush()
    await _call(session, alert, need, at)
    return alert


async def take_alert(session: AsyncSession, actor: StaffActor, alert_id: UUID) -> Need:
    """The actor takes the case: is assigned, may read it (a line in the log), and the resident is told who it is.

    Of two who tap at once one gets it. Raises WrongState("alert_taken"), NotAllowed, NotFound.
    """
    alert = await session.get(Alert, alert_id)
    if alert is None:
        raise NotFound
    need = await lock_need(session, alert.need_id)
    alert = await session.get_one(Alert, alert_id, with_for_update=True, populate_existing=True)
    if not await may_know(session, actor, need) and not await _was_called(session, alert, actor):
        raise NotFound
    if not may_take(actor, need):
        raise NotAllowed(
            "social_workers_only" if need.visibility is Visibility.CONFIDENTIAL else "other_party_leads"
        )
    if alert.ended_at is not None:
        if alert.taken_by == actor.staff_id:
            return need
        raise WrongState("alert_taken", name=await _name(session, alert.taken_by))
    await _hand_to(session, actor, need)
    await note_event(session, actor, need, "alert_taken")
    await tell_resident(
        session, need, "crisis_taken", f"crisis:{alert.id}:taken", staff_id=actor.staff_id, name=actor.name
    )
    return need


async def find_due_alerts(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` alerts with something due at `at`."""
    wanted = select(Alert.id).where(or_(Alert.due_at <= at, Alert.quiet_at <= at)).limit(most)
    return (await session.scalars(wanted)).all()


async def take_due_alert(session: AsyncSession, at: datetime, alert_id: UUID) -> bool:
    """Do what is due for one alert: call the next, ask the silent person; False where another worker did it."""
    need_id = await session.scalar(select(Alert.need_id).where(Alert.id == alert_id))
    if need_id is None:
        return False
    need = await lock_need(session, need_id)
    alert = await session.get_one(Alert, alert_id, with_for_update=True, populate_existing=True)
    if need.state in ENDED and alert.ended_at is None:
        await end_alert(session, need.id, why=OVER)
        await announce(session, need)
        return True
    calls = alert.due_at is not None and alert.due_at <= at
    asks = alert.quiet_at is not None and alert.quiet_at <= at
    if asks:
        await _ask_again(session, alert, need, at)
    if calls:
        await _call(session, alert, need, at)
    return calls or asks


async def find_open_alert(session: AsyncSession, need_id: UUID) -> Alert | None:
    """The alert of a need that nobody has taken yet."""
    found: Alert | None = await session.scalar(
        select(Alert).where(Alert.need_id == need_id, Alert.ended_at.is_(None))
    )
    return found


async def get_times(session: AsyncSession, community_id: UUID) -> AlertTimes:
    """The minutes of a community, the usual ones where it has set none."""
    found = await session.get(AlertTimes, community_id)
    return found or AlertTimes(
        community_id=community_id, next_minutes=NEXT_MINUTES, follow_up_minutes=FOLLOW_UP_MINUTES
    )


async def find_promise(session: AsyncSession, need: Need, at: datetime) -> datetime | None:
    """When somebody is there next: the party's next shift, without one the next opening of the office."""
    if need.lead_party_id and (start := await find_next_start(session, need.lead_party_id, at)):
        return start
    community = await session.get_one(Community, need.community_id)
    return next_opening(community.office_hours, community.zone, at)


async def _hand_to(session: AsyncSession, actor: StaffActor, need: Need) -> None:
    """Assign and accept, which ends the alert. A first look is logged at once: from now on it can be read."""
    if need.visibility is Visibility.CONFIDENTIAL:
        session.add(NeedView(need_id=need.id, staff_id=actor.staff_id, at=now(), what="alert", allowed=True))
    await assign_need(session, actor, need.id, actor.staff_id)
    if need.state in (NeedState.ROUTED, NeedState.REOPENED):
        await move_need(session, actor, need, NeedState.ACCEPTED)
    await end_alert(session, need.id, actor.staff_id, TAKEN)


async def _call(session: AsyncSession, alert: Alert, need: Need, at: datetime) -> None:
    """Call the next; when all were called, the whole roster again later, at the latest when a shift begins."""
    times = await get_times(session, alert.community_id)
    alert.party_id = need.lead_party_id or alert.party_id  # it may have been passed on meanwhile
    starts = await find_next_start(session, alert.party_id, at)
    step = await _call_next(session, alert, need, at)
    if step is None:
        alert.round += 1
        step = await _call_next(session, alert, need, at)
    if step is CallStep.NOBODY:
        alert.promised_at = alert.promised_at or await find_promise(session, need, at)
        step = await _call_next(session, alert, need, at)
    wait = ROUND_AGAIN if step is CallStep.STREET else timedelta(minutes=times.next_minutes)
    alert.due_at = min(at + wait, starts) if starts else at + wait
    await session.flush()
    await announce(session, need)


async def _call_next(session: AsyncSession, alert: Alert, need: Need, at: datetime) -> CallStep | None:
    """Write who is called, with its line in the need's history."""
    step, people = await _find_next(session, alert, need, at)
    if step is not None:
        ids: list[UUID | None] = [person.id for person in people]
        for staff_id in ids or [None]:
            row = AlertCall(alert_id=alert.id, round=alert.round, step=step, staff_id=staff_id, at=at)
            session.add(row)
        await ring_staff(session, need, alert.id, alert.round, [person.id for person in people], at)
        names = "、".join(person.name for person in people)
        await note_event(session, SYSTEM, need, f"alert_{step.value}", at=at, who=names)
    return step


async def _find_next(
    session: AsyncSession, alert: Alert, need: Need, at: datetime
) -> tuple[CallStep | None, Sequence[Staff]]:
    """Who is called next in this round and why; nothing where everybody was. Nobody is called about themselves."""
    rows = await session.execute(
        select(AlertCall.staff_id, AlertCall.step).where(
            AlertCall.alert_id == alert.id, AlertCall.round == alert.round
        )
    )
    called = dict(rows.all())
    passed_by = {*called, *await find_staff_who_are(session, need.resident_id)}
    on_duty = [
        person for person in await find_all_on_duty(session, alert.party_id, at) if person.id not in passed_by
    ]
    if on_duty:
        return CallStep.DUTY, on_duty[:1]
    if not called:
        return CallStep.NOBODY, ()
    following = [
        person for person in await find_next_up(session, alert.party_id, at) if person.id not in passed_by
    ]
    if following and not {CallStep.NEXT, CallStep.LEADER, CallStep.STREET} & set(called.values()):
        return CallStep.NEXT, following[:1]
    leaders = [
        person for person in await find_leaders(session, alert.party_id, at) if person.id not in passed_by
    ]
    if leaders and CallStep.STREET not in called.values():
        return CallStep.LEADER, leaders
    party = await session.get_one(Party, alert.party_id)
    street = [
        person for person in await find_street_staff(session, party.street_id) if person.id not in passed_by
    ]
    return (CallStep.STREET, street) if street else (None, ())


async def _ask_again(session: AsyncSession, alert: Alert, need: Need, at: datetime) -> None:
    """The person is silent: Linli says that it is still there; twice at most."""
    times = await get_times(session, alert.community_id)
    alert.asked_again += 1
    again = alert.asked_again < MOST_QUESTIONS
    alert.quiet_at = at + timedelta(minutes=2 * times.follow_up_minutes) if again else None
    lines = await find_lines_for(session, need.community_id, Danger(alert.danger), at)
    await tell_resident(
        session,
        need,
        "crisis_still_there" if alert.asked_again == 1 else "crisis_here_any_time",
        f"crisis:{alert.id}:quiet:{alert.asked_again}",
        buttons=STILL_THERE,
        number=lines[0].number,
    )


async def _was_called(session: AsyncSession, alert: Alert, actor: StaffActor) -> bool:
    wanted = select(Alert.id).where(Alert.id == alert.id, rings_for(actor))
    return await session.scalar(wanted) is not None


async def _name(session: AsyncSession, staff_id: UUID | None) -> str:
    staff = await session.get(Staff, staff_id) if staff_id else None
    return staff.name if staff else ""
