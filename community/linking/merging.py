"""Two residents become one: what belongs to both, locked; what may be there once, settled; rows moved; one profile.

Who typed the code stays, as the turn that answers is theirs; who asked for it ends. Nothing here asks whether they are
one person: that is what the code is for. docs/decisions/ has the page on it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import ResidentActor
from community.audit.usecases import note_act
from community.clock import now
from community.conversations.usecases import keep_one_talk
from community.duplicates.models import NeedFollower
from community.errors import NotFound, Refused
from community.inbox.models import TurnLease
from community.linking.moving import move_rows
from community.linking.profile import take_over_profile
from community.needs.models import Need
from community.residents.models import Resident
from community.signups.models import OPEN, SignUp, SignUpState
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.steps import hold_sign_up, move_sign_up

_FURTHER = [SignUpState.WAITING, SignUpState.SIGNED_UP, SignUpState.CONFIRMED, SignUpState.CHECKED_IN]


async def merge_people(session: AsyncSession, kept_id: UUID, gone_id: UUID) -> Resident:
    """`gone` is `kept` from now on; gives the one who stays, locked.

    Raises NotFound where one of them is no more, and Refused("link_busy") while `gone` is just being answered.
    """
    kept, gone = await _lock(session, kept_id, gone_id)
    await keep_one_talk(session, (kept_id, gone_id))
    await _keep_one_place_a_shift(session, kept_id, gone_id)
    take_over_profile(kept, gone)
    await session.flush()
    await move_rows(session, gone_id, kept_id)
    await _follow_no_own_need(session, kept_id)
    await session.execute(delete(Resident).where(Resident.id == gone_id))
    note_act(
        session,
        ResidentActor(kept_id),
        "channels_linked",
        subject_kind="resident",
        subject_id=kept_id,
        community_id=kept.community_id,
        before=gone_id,
    )
    return kept


async def _lock(session: AsyncSession, kept_id: UUID, gone_id: UUID) -> tuple[Resident, Resident]:
    """Needs before people, as staff's acts do. What is written to either person meanwhile waits, and is moved too."""
    both = (kept_id, gone_id)
    await session.execute(
        select(Need.id).where(Need.resident_id.in_(both)).order_by(Need.id).with_for_update()
    )
    wanted = select(Resident).where(Resident.id.in_(both)).order_by(Resident.id)
    fresh = {"populate_existing": True}
    found = (await session.scalars(wanted.with_for_update(), execution_options=fresh)).all()
    people = {resident.id: resident for resident in found}
    if len(people) != len(both):
        raise NotFound
    lease = await session.get(TurnLease, gone_id, with_for_update=True)
    if lease is not None and lease.until > now():
        raise Refused("link_busy")
    return people[kept_id], people[gone_id]


async def _keep_one_place_a_shift(session: AsyncSession, kept_id: UUID, gone_id: UUID) -> None:
    """Signed up twice for one shift: the place that is further on stays, the other goes to whoever waits."""
    wanted = select(SignUp).where(SignUp.resident_id.in_((kept_id, gone_id)), SignUp.state.in_(OPEN))
    best: dict[UUID, SignUp] = {}
    for sign_up in sorted((await session.scalars(wanted)).all(), key=_how_far, reverse=True):
        first = best.setdefault(sign_up.shift_id, sign_up)
        if first is not sign_up:
            await _give_up(session, sign_up)


def _how_far(sign_up: SignUp) -> tuple[int, int]:
    return _FURTHER.index(sign_up.state), sign_up.people


async def _give_up(session: AsyncSession, sign_up: SignUp) -> None:
    if sign_up.state is not SignUpState.CHECKED_IN:
        await leave_sign_up(session, sign_up.resident_id, sign_up.id)
        return
    held = await hold_sign_up(session, sign_up.id)
    held.sign_up.minutes = 0
    move_sign_up(session, ResidentActor(sign_up.resident_id), held.sign_up, SignUpState.COMPLETED)


async def _follow_no_own_need(session: AsyncSession, resident_id: UUID) -> None:
    own = select(Need.id).where(Need.resident_id == resident_id)
    await session.execute(
        delete(NeedFollower).where(NeedFollower.resident_id == resident_id, NeedFollower.need_id.in_(own))
    )
