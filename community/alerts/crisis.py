"""A crisis that a resident tells of: the case is stored before anything is asked, and rings at once.

What is told after that within the open crisis adds to the same case. Before: bot/actions/crisis.py; after: the worker's
job `alerts`. Why this does not wait for a yes: docs/decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.alerts.closing import OVER, end_alert
from community.alerts.models import Alert, AlertCall, CallStep
from community.alerts.usecases import find_open_alert, get_times, raise_alert
from community.clock import now
from community.clocks.running import hurry_clocks
from community.conversations.usecases import end_talks
from community.duplicates.narrowing import keep_from_neighbours
from community.errors import NotAllowed, NotFound, WrongState
from community.hotlines.models import Danger
from community.hotlines.queries import find_lines_for
from community.needs.models import ENDED, Need, NeedState, Urgency, Visibility
from community.needs.rights import may_handle, may_read
from community.needs.terms import keep_terms
from community.needs.usecases.passing import end_assignments
from community.needs.usecases.residents import Report, ReportLimits, add_to_need, lock_own_need, report_need
from community.needs.usecases.routing import choose_lead
from community.needs.usecases.steps import end_waiting, lock_need, move_need, note_event, tell_resident
from community.parties.models import Staff
from community.parts.usecases import cancel_undone_parts

RING_AGAIN = timedelta(hours=1)
MOST_LINES = 3
LIMITS = ReportLimits(an_hour=100, a_day=300)
SECRET = frozenset({Danger.SELF_HARM, Danger.VIOLENCE})
KINDS: Mapping[Danger, str] = {
    Danger.SELF_HARM: "mental_health",
    Danger.VIOLENCE: "neighbour_dispute",
    Danger.FIRE: "fire_public_safety",
    Danger.GAS: "fire_public_safety",
    Danger.INJURY: "medical_insurance_health",
    Danger.MISSING: "other",
    Danger.OTHER: "other",
}


@dataclass(frozen=True, slots=True)
class Crisis:
    """An open crisis: its case, who was called (`on_duty`), who has taken it, or when somebody is there next."""

    need: Need
    danger: Danger
    is_new: bool
    on_duty: str | None
    taken_by: str | None
    promised_at: datetime | None


async def report_crisis(
    session: AsyncSession,
    resident_id: UUID,
    danger: Danger,
    words: str,
    *,
    message_id: int | None = None,
    at: datetime | None = None,
) -> Crisis:
    """Store the case and alert; within an open crisis of this person the words are added to it.

    Raises Refused("community_unknown").
    """
    moment = at or now()
    need = await find_open_crisis(session, resident_id)
    is_new = need is None
    if need is None:
        secret = danger in SECRET
        report = Report(
            kind=KINDS[danger],
            words=words,
            urgency=Urgency.CRISIS,
            visibility=Visibility.CONFIDENTIAL if secret else Visibility.PRIVATE,
        )
        need = await report_need(
            session, resident_id, report, message_id=message_id, limits=LIMITS, at=moment
        )
        need = await lock_need(session, need.id)
    elif message_id is None or need.message_id != message_id:
        need = await add_to_need(session, resident_id, need.id, words, message_id=message_id)
        await _deepen(session, need, danger)
        await _hear(session, need, moment)
    if await _must_ring(session, need, moment):
        await raise_alert(session, need, danger, moment)
    return await _describe(session, need, is_new=is_new)


async def hear_in_crisis(
    session: AsyncSession,
    resident_id: UUID,
    need_id: UUID,
    words: str,
    file_ids: Sequence[UUID] = (),
    *,
    message_id: int | None = None,
    calm: bool = False,
) -> Crisis:
    """The person says something in an open crisis: it goes to the case. `calm` where all is well: no asking again."""
    need = await lock_own_need(session, resident_id, need_id)
    if (words or file_ids) and need.state not in ENDED:
        await add_to_need(session, resident_id, need_id, words, file_ids=file_ids, message_id=message_id)
    await _hear(session, need, now(), calm=calm)
    return await _describe(session, need, is_new=False)


async def find_open_crisis(session: AsyncSession, resident_id: UUID) -> Need | None:
    """The resident's case of danger that is not over, the newest."""
    alerted = exists().where(Alert.need_id == Need.id, Alert.raised_by.is_(None))
    wanted = (
        select(Need)
        .where(
            Need.resident_id == resident_id,
            Need.urgency == Urgency.CRISIS,
            Need.state.not_in(ENDED),
            alerted,
        )
        .order_by(Need.created_at.desc())
        .limit(1)
    )
    found: Need | None = await session.scalar(wanted)
    return found


async def set_crisis(session: AsyncSession, actor: StaffActor, need_id: UUID, danger: Danger) -> Alert:
    """Staff of the leading party see danger in a need: it is counted in minutes from now on and alerts, and the
    resident has the numbers to call at once.

    It is no longer public, and for social workers alone where the danger is theirs: then the actor reads it no more
    before one of them has taken it. Raises NotFound, NotAllowed, WrongState where the need is over.
    """
    need = await lock_need(session, need_id)
    if not await may_read(session, actor, need):
        raise NotFound
    if not await may_handle(session, actor, need):
        raise NotAllowed("other_party_leads")
    if need.state in ENDED:
        raise WrongState("need_is_over", code=need.code)
    moment = now()
    need.urgency, need.changed_at = Urgency.CRISIS, moment
    await note_event(session, actor, need, "crisis_set", at=moment, danger=danger.value)
    if danger in SECRET and need.visibility is not Visibility.CONFIDENTIAL:
        await _give_to_social_work(session, need, danger)
    elif need.visibility is Visibility.PUBLIC:
        need.visibility = Visibility.PRIVATE
        await keep_from_neighbours(session, need)
    await end_waiting(session, need, moment)
    await hurry_clocks(session, need, moment)
    alert = await raise_alert(session, need, danger, moment, raised_by=actor.staff_id)
    await _say_whom_to_call(session, actor, need, alert, moment)
    return alert


async def _say_whom_to_call(
    session: AsyncSession, actor: StaffActor, need: Need, alert: Alert, at: datetime
) -> None:
    """Once an alert; without a word of what the danger is, for others may see the screen."""
    lines = (await find_lines_for(session, need.community_id, Danger(alert.danger), at))[:MOST_LINES]
    await tell_resident(
        session,
        need,
        "crisis_set",
        f"crisis:{alert.id}:set",
        staff_id=actor.staff_id,
        buttons=[
            {"label": "button_call", "payload": f"tel:{line.number}", "values": {"number": line.number}}
            for line in lines
        ],
        name=actor.name,
        lines=[line.as_json() for line in lines],
    )


async def _deepen(session: AsyncSession, need: Need, danger: Danger) -> None:
    """What is told now is for social workers alone: so is the whole case from here on, and they are alerted."""
    if danger not in SECRET or need.visibility is Visibility.CONFIDENTIAL:
        return
    moment = now()
    await _give_to_social_work(session, need, danger)
    await hurry_clocks(session, need, moment)
    await raise_alert(session, need, danger, moment)


async def _give_to_social_work(session: AsyncSession, need: Need, danger: Danger) -> None:
    need.visibility, need.kind = Visibility.CONFIDENTIAL, KINDS[danger]
    await keep_terms(session, need)
    await cancel_undone_parts(session, need)
    await end_assignments(session, need)
    await end_alert(session, need.id, why=OVER)
    await keep_from_neighbours(session, need)
    route = await choose_lead(session, need)
    need.lead_party_id, need.routing_why, need.routing_values = route.party.id, route.why, dict(route.values)
    await move_need(session, SYSTEM, need, NeedState.ROUTED, why=route.why, details=route.values)
    await end_talks(session, need)


async def _must_ring(session: AsyncSession, need: Need, at: datetime) -> bool:
    """Nothing rings, and nobody took it within the last hour."""
    latest = await session.scalar(
        select(Alert).where(Alert.need_id == need.id).order_by(Alert.raised_at.desc()).limit(1)
    )
    return latest is None or (latest.ended_at is not None and latest.ended_at <= at - RING_AGAIN)


async def _hear(session: AsyncSession, need: Need, at: datetime, *, calm: bool = False) -> None:
    """The person is there: the question after a silence moves."""
    alert = await find_open_alert(session, need.id)
    if alert is None or alert.raised_by is not None:
        return
    times = await get_times(session, need.community_id)
    alert.quiet_at = None if calm else at + timedelta(minutes=times.follow_up_minutes)


async def _describe(session: AsyncSession, need: Need, *, is_new: bool) -> Crisis:
    wanted = select(Alert).where(Alert.need_id == need.id).order_by(Alert.raised_at.desc()).limit(1)
    alert = (await session.scalars(wanted)).one()
    called = (
        select(Staff.name)
        .join(AlertCall, AlertCall.staff_id == Staff.id)
        .where(AlertCall.alert_id == alert.id, AlertCall.step == CallStep.DUTY)
        .order_by(AlertCall.id.desc())
        .limit(1)
    )
    taker = await session.get(Staff, alert.taken_by) if alert.taken_by else None
    return Crisis(
        need=need,
        danger=Danger(alert.danger),
        is_new=is_new,
        on_duty=await session.scalar(called),
        taken_by=taker.name if taker else None,
        promised_at=alert.promised_at,
    )
