"""Needs as a list to take away: row by row within one's rights, none confidential, people only where one may call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.errors import NotAllowed, Refused
from community.needs.filtering import QueueFilter, conditions_of
from community.needs.known import contact_seen_by, known_to
from community.needs.models import Need, NeedState, Visibility
from community.parties.models import Party, Role, Staff
from community.places.models import Place
from community.residents.models import Resident
from community.wishes.models import ContactWay, ContactWish

MOST = 50_000
AT_ONCE = 500


class TooManyRows(Refused):
    """More needs than one file holds; `values` has how many there are and how many fit."""

    message = "too_many_rows"


async def start_taking(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter, *, form: str, asked: Mapping[str, object]
) -> int:
    """Note that somebody takes a list away, and how many needs are in it; `asked` are codes of the filter.

    Raises NotAllowed for who only manages accounts, TooManyRows.
    """
    if actor.role is Role.ADMIN:
        raise NotAllowed
    number = await session.scalar(_narrow(select(func.count()).select_from(Need), actor, wanted)) or 0
    if number > MOST:
        raise TooManyRows(count=number, most=MOST)
    note_act(
        session,
        actor,
        "needs_exported",
        subject_kind="need",
        subject_id=None,
        community_id=actor.community_id,
        form=form,
        count=number,
        **asked,
    )
    return number


async def take_needs(
    session: AsyncSession, actor: StaffActor, wanted: QueueFilter
) -> AsyncIterator[Row[Any]]:
    """The rows, the latest first, read from the database some at a time; `contact` says whether people are in them."""
    listed = _narrow(_select(actor), actor, wanted).order_by(Need.created_at.desc()).limit(MOST)
    async for row in await session.stream(listed.execution_options(yield_per=AT_ONCE)):
        yield row


def _narrow(
    listed: Select[*tuple[Any, ...]], actor: StaffActor, wanted: QueueFilter
) -> Select[*tuple[Any, ...]]:
    states = wanted.states or frozenset(NeedState)
    open_to_reader = and_(known_to(actor), Need.visibility != Visibility.CONFIDENTIAL)
    return listed.where(open_to_reader, Need.state.in_(states), *conditions_of(actor, wanted))


def _select(actor: StaffActor) -> Select[*tuple[Any, ...]]:
    unnamed = exists().where(ContactWish.need_id == Need.id, ContactWish.way == ContactWay.ANONYMOUS)
    called = and_(contact_seen_by(actor), not_(unnamed))
    columns: Select[*tuple[Any, ...]] = select(
        Need.code,
        Need.kind,
        Need.state,
        Need.urgency,
        Need.visibility,
        Need.words,
        Need.place_words,
        Need.created_at,
        Need.first_answer_due_at,
        Need.first_answered_at,
        Need.solution_due_at,
        Need.resolved_at,
        Need.clock_mark,
        Need.contact_phones,
        Place.zh.label("place_zh"),
        Place.en.label("place_en"),
        Party.zh.label("party_zh"),
        Party.en.label("party_en"),
        Staff.name.label("assignee"),
        Resident.name.label("resident"),
        Resident.phone,
        called.label("contact"),
    )
    return (
        columns.outerjoin(Party, Party.id == Need.lead_party_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .outerjoin(Staff, Staff.id == Need.assignee_id)
        .join(Resident, Resident.id == Need.resident_id)
    )
