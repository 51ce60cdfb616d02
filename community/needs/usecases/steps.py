"""The steps that all changes of a need share: lock, check the transition, write history, tell people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor, StaffActor
from community.alerts.closing import OVER, end_alert
from community.clock import now
from community.clocks.models import ClockName
from community.clocks.running import end_clocks, follow_move, resume_clocks
from community.duplicates.models import NeedFollower
from community.errors import NotFound, WrongState
from community.needs.kinds import kind_of
from community.needs.models import (
    ENDED,
    TRANSITIONS,
    EntryKind,
    Need,
    NeedEntry,
    NeedHistory,
    NeedState,
    Urgency,
    Visibility,
)
from community.needs.told import join_phones, phones_in, without_phones
from community.outbox.models import Priority
from community.outbox.usecases import Buttons, enqueue_message, withdraw_messages
from community.parties.models import Party
from community.residents.models import Resident
from community.staff_reach.urgent import tell_of_urgent_need

NEEDS_CHANGED = "linli_needs"
FOLLOWED: Mapping[str, str] = {
    "need_accepted": "followed_accepted",
    "need_passed_on": "followed_passed_on",
    "need_resolved": "followed_resolved",
}
"""What followers are told when the reporter is told something."""


async def lock_need(session: AsyncSession, need_id: UUID) -> Need:
    """The need, locked until the transaction ends; raises NotFound."""
    need = await session.get(Need, need_id, with_for_update=True, populate_existing=True)
    if need is None:
        raise NotFound
    return need


def check_open(need: Need) -> None:
    """Raises WrongState where the need is over: resolved, closed (a merged one too), withdrawn."""
    if need.state in ENDED:
        raise WrongState(state=need.state.value)


async def move_need(
    session: AsyncSession,
    actor: Actor,
    need: Need,
    to: NeedState,
    *,
    why: str | None = None,
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
    opens_closed: bool = False,
) -> NeedHistory:
    """Bring a need into the next state, with its line of history and its clocks.

    `details` fill the sentence that `why` names. Raises WrongState where that state may not follow; a closed need
    is opened again with `opens_closed` alone: by splitting what was merged, or by the resident's no to a second survey.
    """
    if to not in TRANSITIONS[need.state] and not (opens_closed and need.state is NeedState.CLOSED):
        raise WrongState(state=need.state.value)
    line = next_line(need, actor, to, why=why, details=details, at=at)
    session.add(line)
    if to in ENDED and need.waiting_since is not None:
        await _ask_no_more(session, need)
    await follow_move(session, need, line.from_state, line.at)
    if to in ENDED and need.urgency is Urgency.CRISIS:
        await end_alert(session, need.id, why=OVER)
    if to is NeedState.ROUTED and need.urgency is Urgency.URGENT:
        await tell_of_urgent_need(session, need, line.at)
    await announce(session, need)
    return line


def first_line(need: Need, who: ResidentActor | StaffActor) -> NeedHistory:
    """The line of history that says who reported it."""
    line = NeedHistory(need_id=need.id, at=need.created_at, to_state=NeedState.REPORTED)
    return _say_who(line, who)


def next_line(
    need: Need,
    actor: Actor,
    to: NeedState,
    *,
    why: str | None = None,
    details: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> NeedHistory:
    """The need is in the next state, and this is its line of history, to be stored."""
    line = NeedHistory(
        need_id=need.id,
        at=at or now(),
        from_state=need.state,
        to_state=to,
        party_id=need.lead_party_id,
        why=why,
        details=dict(details) if details else None,
    )
    need.state, need.changed_at = to, line.at
    return _say_who(line, actor)


def _say_who(line: NeedHistory, actor: Actor) -> NeedHistory:
    line.resident_id = actor.resident_id if isinstance(actor, ResidentActor) else None
    line.staff_id = actor.staff_id if isinstance(actor, StaffActor) else None
    return line


def take_phones(need: Need, words: str) -> str:
    """A phone that a resident says is one more to be called about this need; gives the words as they are kept."""
    need.contact_phones = join_phones(phones_in(words), need.contact_phones)
    return without_phones(words)


async def note_event(
    session: AsyncSession,
    actor: Actor,
    need: Need,
    event: str,
    *,
    at: datetime | None = None,
    why: str | None = None,
    **details: object,
) -> NeedHistory:
    """Write a line of history that is no transition: a question, a new kind. `details` fill its sentence."""
    line = NeedHistory(
        need_id=need.id,
        at=at or now(),
        staff_id=actor.staff_id if isinstance(actor, StaffActor) else None,
        resident_id=actor.resident_id if isinstance(actor, ResidentActor) else None,
        from_state=need.state,
        to_state=need.state,
        party_id=need.lead_party_id,
        why=why,
        event=event,
        details=details or None,
    )
    need.changed_at = line.at
    session.add(line)
    await session.flush()
    await announce(session, need)
    return line


async def announce(session: AsyncSession, need: Need) -> None:
    """Wake the consoles: something about a need of this party changed. Heard when the transaction commits."""
    await announce_to(session, need.community_id, need.lead_party_id)


async def announce_to(session: AsyncSession, community_id: UUID, party_id: UUID | None) -> None:
    """Wake the consoles of a party."""
    await session.execute(select(func.pg_notify(*bell_of(community_id, party_id))))


def bell_of(community_id: UUID, party_id: UUID | None) -> tuple[str, str]:
    """The channel and the payload that wake the consoles of a party."""
    return NEEDS_CHANGED, f"{community_id}:{party_id}"


async def wake_consoles_of(session: AsyncSession, resident_id: UUID) -> None:
    """Wake the consoles of a resident's community: they wrote to a person, or a message of theirs is stuck."""
    payload = func.concat(Resident.community_id, ":")
    await session.execute(
        select(func.pg_notify(NEEDS_CHANGED, payload)).where(
            Resident.id == resident_id, Resident.community_id.is_not(None)
        )
    )


async def tell_resident(
    session: AsyncSession,
    need: Need,
    message: str,
    purpose: str,
    *,
    staff_id: UUID | None = None,
    buttons: Buttons = (),
    priority: Priority = Priority.REPLY,
    **values: object,
) -> None:
    """Queue a named message about a need for its resident; `purpose` is unique within the need.

    What staff do goes out like a reply, in the order in which they do it.
    """
    await enqueue_message(
        session,
        need.resident_id,
        message,
        f"need:{need.id}:{purpose}",
        values={"code": need.code, "kind": kind_of(need.kind).name, **values},
        buttons=buttons,
        priority=priority,
        need_id=need.id,
        staff_id=staff_id,
    )
    if message in FOLLOWED:
        await tell_followers(session, need, FOLLOWED[message], purpose, values.get("party"))


async def tell_followers(
    session: AsyncSession, need: Need, message: str, purpose: str, party: object = None
) -> None:
    """Followers hear how far it is: what it is about and who does it, no words, no code, nothing of the reporter.

    Of a confidential need nobody hears anything.
    """
    if need.visibility is Visibility.CONFIDENTIAL:
        return
    followers = (
        await session.scalars(select(NeedFollower.resident_id).where(NeedFollower.need_id == need.id))
    ).all()
    shown = {"kind": kind_of(need.kind).name, "party": party}
    for resident_id in followers:
        await enqueue_message(
            session,
            resident_id,
            message,
            f"need:{need.id}:{purpose}:follower:{resident_id}",
            values=shown,
            priority=Priority.NORMAL,
        )


async def add_entry(
    session: AsyncSession,
    need: Need,
    kind: EntryKind,
    words: str,
    *,
    actor: Actor,
    message_id: int | None = None,
    request_id: UUID | None = None,
) -> NeedEntry:
    """Add words to a need."""
    entry = NeedEntry(
        need_id=need.id,
        kind=kind,
        resident_id=actor.resident_id if isinstance(actor, ResidentActor) else None,
        staff_id=actor.staff_id if isinstance(actor, StaffActor) else None,
        message_id=message_id,
        request_id=request_id,
        words=words,
        at=now(),
    )
    need.changed_at = entry.at
    session.add(entry)
    await session.flush()
    if kind is EntryKind.ANSWER:
        await end_clocks(session, need, {ClockName.ANSWER}, entry.at)
    elif kind is EntryKind.ADDITION:
        await end_waiting(session, need, entry.at)
    await announce(session, need)
    return entry


async def end_waiting(session: AsyncSession, need: Need, at: datetime) -> None:
    """The resident is waited for no more: the clocks run on, and nobody is asked again what is still queued."""
    if need.waiting_since is not None:
        await _ask_no_more(session, need)
        await resume_clocks(session, need, at)


async def _ask_no_more(session: AsyncSession, need: Need) -> None:
    await withdraw_messages(session, f"need:{need.id}:waiting:", [need.resident_id])


async def is_added(session: AsyncSession, *, message_id: int | None, request_id: UUID | None) -> bool:
    """Whether words with one of these ids were added before: a message or form that comes again adds nothing."""
    same = []
    if message_id is not None:
        same.append(NeedEntry.message_id == message_id)
    if request_id is not None:
        same.append(NeedEntry.request_id == request_id)
    return bool(same) and await session.scalar(select(NeedEntry.id).where(or_(*same))) is not None


async def name_party(session: AsyncSession, party_id: UUID | None) -> dict[str, str]:
    """The name of a party in both languages; raises NotFound."""
    party = await session.get(Party, party_id) if party_id else None
    if party is None:
        raise NotFound
    return party.name
