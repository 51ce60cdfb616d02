"""Who calls: somebody known, found by phone or by the code of an earlier need, within what a clerk may know anyway.

Only people whose name and phone the clerk sees on a need are found; nobody else, not even that there is somebody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.known import readable_to
from community.needs.models import Need
from community.parties.models import Role
from community.places.models import Place
from community.residents.models import Resident
from community.search.index import asked
from community.search.phones import term_of_phone
from community.wishes.models import ContactWay, ContactWish

MOST = 5
LEAST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A resident whose contact the clerk may see, with the home where it is known."""

    resident: Resident
    home: Place | None


async def find_callers(
    session: AsyncSession, actor: StaffActor, *, phone: str = "", code: str = ""
) -> Sequence[KnownCaller]:
    """People with this phone, or who reported the need with this code; at most five."""
    found: dict[UUID, KnownCaller] = {}
    if code := code.strip().upper():
        for resident, home in await session.execute(_people(actor, of_need=Need.code == code)):
            found[resident.id] = KnownCaller(resident, home)
    if len(only_digits(phone)) >= LEAST_DIGITS:
        called = Resident.phone_term.in_(
            _prints(phone)
        )  # the number itself is sealed and cannot be looked for
        for resident, home in await session.execute(_people(actor, of_person=called).limit(MOST)):
            found[resident.id] = KnownCaller(resident, home)
    return list(found.values())[:MOST]


async def may_file_for(session: AsyncSession, actor: StaffActor, resident_id: UUID) -> bool:
    """Whether the actor would find this person."""
    wanted = _people(actor, of_person=Resident.id == resident_id).limit(1)
    return (await session.execute(wanted)).first() is not None


def only_digits(phone: str) -> str:
    """A phone as it is compared: without signs, and without China's own prefix."""
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", re.sub(r"\D", "", phone))


def _prints(phone: str) -> list[str]:
    """What stands for this number in `residents.phone_term`, with and without the + of a number from abroad."""
    digits = only_digits(phone)
    terms = {term_of_phone(written) for written in (phone, digits, f"+{digits}")}
    return [fingerprint for of_key in asked(terms) for fingerprint in of_key]


def _people(
    actor: StaffActor,
    *,
    of_need: ColumnElement[bool] | None = None,
    of_person: ColumnElement[bool] | None = None,
) -> Select[Resident, Place | None]:
    """People on one of whose needs the actor sees name and phone (`may_see_contact`), and who gave them."""
    own = Need.lead_party_id == actor.party_id
    seen = or_(own, Need.community_id == actor.community_id) if actor.role is Role.COMMITTEE else own
    unnamed = exists().where(ContactWish.need_id == Need.id, ContactWish.way == ContactWay.ANONYMOUS)
    theirs = exists().where(
        Need.resident_id == Resident.id,
        readable_to(actor),
        seen,
        not_(unnamed),
        of_need if of_need is not None else true(),
    )
    people = select(Resident, Place).outerjoin(Place, Place.id == Resident.home_id).where(theirs)
    return people.where(of_person) if of_person is not None else people
