"""Staff file a need for somebody who calls, comes by or writes: the same route, clocks and history as any report.

What a resident is told later goes the usual way; where the person has no channel it waits to be told by phone
(community/outbox/telling.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.errors import NotAllowed, NotFound, Refused
from community.files.attaching import hand_in_files
from community.limits.usecases import count_use
from community.needs.callers import may_file_for, only_digits
from community.needs.kinds import KINDS, get_kind
from community.needs.models import CameBy, Need, Visibility
from community.needs.rights import may_take
from community.needs.usecases.passing import assign
from community.needs.usecases.residents import Filed, Report, report_need
from community.needs.usecases.steps import name_party, tell_resident
from community.one_by_one import wait_for_others
from community.outbox.usecases import find_address
from community.parties.models import Role
from community.places.models import Community, Place
from community.residents.models import HomeClaim, Language, Resident
from linli.text import clean_text

TOLD_TO_STAFF = frozenset({CameBy.PHONE, CameBy.VISIT, CameBy.LETTER})
HOUR = timedelta(hours=1)
LONGEST_NAME = 40
PHONE_DIGITS = range(5, 16)
_STRICTER = (Visibility.PUBLIC, Visibility.PRIVATE, Visibility.CONFIDENTIAL)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: somebody known (`resident_id`), or what was said of a new person. All of it may be empty."""

    resident_id: UUID | None = None
    name: str = ""
    phone: str = ""
    home_id: UUID | None = None
    language: Language = Language.ZH


@dataclass(frozen=True, slots=True)
class Filing:
    """What is filed: how it came, for whom, what. The street office says for which community."""

    came_by: CameBy
    caller: Caller
    report: Report
    community_id: UUID | None = None


async def file_need(
    session: AsyncSession, actor: StaffActor, filing: Filing, request_id: UUID, *, an_hour: int = 60
) -> Need:
    """Store and route it; the same `request_id` again gives the need that it made before.

    The report's files are the actor's own until now (community/files).

    A confidential one goes to social work; afterwards its filer may know no more than its code. Raises
    Refused("choose_one"), Refused("number_unclear"), NotAllowed, NotFound for a person, place or file that is not the
    actor's to name, TooMany after `an_hour` filings of the actor.
    """
    if actor.role is Role.ADMIN:
        raise NotAllowed
    if filing.came_by not in TOLD_TO_STAFF or filing.report.kind not in KINDS:
        raise Refused("choose_one")
    await wait_for_others(session, request_id)
    if made := await _find_filed(session, actor, request_id):
        return made
    await count_use(session, f"filings:{actor.staff_id}", an_hour, HOUR)
    community = await _get_community(session, actor, filing.community_id)
    resident = await _get_caller(session, actor, community, filing.caller)
    report = _complete(filing, resident)
    await hand_in_files(session, actor, resident.id, report.file_ids)
    filed = Filed(actor, filing.came_by, request_id)
    need = await report_need(session, resident.id, report, filed=filed)
    if need.visibility is Visibility.CONFIDENTIAL and may_take(actor, need):
        await assign(session, need, actor.staff_id, actor)
    if await find_address(session, resident.id) is not None:
        party = await name_party(session, need.lead_party_id)
        await tell_resident(session, need, "need_filed", "filed", name=actor.name, party=party)
    note_act(
        session,
        actor,
        "need_filed",
        subject_kind="need",
        subject_id=need.id,
        community_id=need.community_id,
        came_by=filing.came_by.value,
    )
    return need


async def find_filed(session: AsyncSession, actor: StaffActor, code: str) -> Need | None:
    """A need of this code that the actor filed: its code and its party may be said, whatever else may not."""
    found: Need | None = await session.scalar(
        select(Need).where(Need.code == code.upper(), Need.filed_by == actor.staff_id)
    )
    return found


def _complete(filing: Filing, resident: Resident) -> Report:
    """No wider than its kind allows, and with the number that was given now where it is another one."""
    report, phone = filing.report, filing.caller.phone
    own = get_kind(report.kind).visibility
    visibility = max(own, report.visibility or own, key=_STRICTER.index)
    told = report.told
    if phone and only_digits(phone) != only_digits(resident.phone or ""):
        told = replace(told, contact_phones=(phone,))
    return replace(report, visibility=visibility, told=told)


async def _find_filed(session: AsyncSession, actor: StaffActor, request_id: UUID) -> Need | None:
    found: Need | None = await session.scalar(
        select(Need).where(Need.request_id == request_id, Need.filed_by == actor.staff_id)
    )
    return found


async def _get_community(session: AsyncSession, actor: StaffActor, community_id: UUID | None) -> Community:
    if actor.community_id is None and community_id is None:
        raise Refused("choose_one")
    community = await session.get(Community, actor.community_id or community_id)
    if community is None or community.street_id != actor.street_id:
        raise NotFound
    return community


async def _get_caller(
    session: AsyncSession, actor: StaffActor, community: Community, caller: Caller
) -> Resident:
    if caller.phone and len(only_digits(caller.phone)) not in PHONE_DIGITS:
        raise Refused("number_unclear")
    if caller.resident_id is None:
        return await _meet_caller(session, community, caller)
    resident = await session.get(Resident, caller.resident_id)
    if resident is None or resident.community_id != community.id:
        raise NotFound
    if not await may_file_for(session, actor, resident.id):
        raise NotFound
    return resident


async def _meet_caller(session: AsyncSession, community: Community, caller: Caller) -> Resident:
    home = await session.get(Place, caller.home_id) if caller.home_id else None
    if caller.home_id and (home is None or home.community_id != community.id):
        raise NotFound("unknown_place")
    resident = Resident(
        community_id=community.id,
        name=clean_text(caller.name)[:LONGEST_NAME] or None,
        phone=caller.phone or None,
        home_id=home.id if home else None,
        home_claim=HomeClaim.CLAIMED if home else HomeClaim.NONE,
        language=caller.language,
        language_chosen=True,
    )
    session.add(resident)
    await session.flush()
    return resident
