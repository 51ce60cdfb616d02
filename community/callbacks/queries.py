"""The call-backs that somebody of staff sees: the need, what the resident said, and who may be named for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.callbacks.choosing import find_callers_of_all
from community.callbacks.models import CallBack, CallBackState
from community.callbacks.rights import addressed_to
from community.clock import now
from community.needs.known import readable_to
from community.needs.models import Need, Visibility
from community.needs.rights import may_see_contact
from community.parties.models import Party, Role, Staff
from community.places.models import Place
from community.residents.models import Resident
from community.surveys.models import Survey

MOST = 60


@dataclass(frozen=True, slots=True)
class CallBackLine:
    """One open call-back. Of a confidential need nothing is in it: its page shows it, and logs who looked.

    `resident` is None where the reader may not call. `others` are who else may be named for it, for who leads.
    """

    call: CallBack
    need: Need
    survey: Survey | None
    party: Party
    place: Place | None
    resident: Resident | None
    staff: Staff | None
    others: Sequence[Staff]

    @property
    def phones(self) -> Sequence[str]:
        """The numbers for this need, then the person's own."""
        if self.resident is None:
            return ()
        own = (self.resident.phone,) if self.resident.phone else ()
        return list(dict.fromkeys((*self.need.contact_phones, *own)))


async def find_call_backs(session: AsyncSession, actor: StaffActor) -> Sequence[CallBackLine]:
    """The open call-backs of the actor, what is due first on top."""
    wanted = (
        select(CallBack, Need, Survey, Party, Place, Resident, Staff, readable_to(actor))
        .join(Need, Need.id == CallBack.need_id)
        .join(Survey, Survey.id == CallBack.survey_id)
        .join(Party, Party.id == Survey.party_id)
        .join(Resident, Resident.id == Need.resident_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(Staff, Staff.id == CallBack.staff_id)
        .where(*_open_for(actor))
        .order_by(CallBack.due_at)
        .limit(MOST)
    )
    rows = (await session.execute(wanted)).all()
    given_out = [row.CallBack.id for row in rows if row.CallBack.staff_id != actor.staff_id]
    others = await find_callers_of_all(session, given_out, now())
    return [_line(actor, others.get(row.CallBack.id, ()), *row) for row in rows]


async def count_call_backs(session: AsyncSession, actor: StaffActor) -> int:
    """How many call-backs the actor is to make or to give out."""
    wanted = select(func.count()).select_from(CallBack).join(Need, Need.id == CallBack.need_id)
    return await session.scalar(wanted.where(*_open_for(actor))) or 0


def _open_for(actor: StaffActor) -> tuple[ColumnElement[bool], ...]:
    """The rule of `may_call` as a condition."""
    open_to_all = Need.visibility != Visibility.CONFIDENTIAL
    mine = addressed_to(actor)
    seen = mine if actor.role is Role.SOCIAL_WORKER else and_(open_to_all, mine)
    return (CallBack.state == CallBackState.OPEN, seen)


def _line(
    actor: StaffActor,
    others: Sequence[Staff],
    call: CallBack,
    need: Need,
    survey: Survey,
    party: Party,
    place: Place | None,
    resident: Resident,
    staff: Staff | None,
    readable: bool,
) -> CallBackLine:
    if not readable or need.visibility is Visibility.CONFIDENTIAL:
        return CallBackLine(call, need, None, party, None, None, staff, others)
    calls = may_see_contact(actor, need)
    return CallBackLine(call, need, survey, party, place, resident if calls else None, staff, others)
