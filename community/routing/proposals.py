"""Changing the list of responsibilities: somebody proposes a line, somebody else approves it, only then it holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.kinds import KINDS
from community.needs.models import Need
from community.parties.models import Applies, Party, Responsibility, Role, Share
from community.places.models import Community, Level, Place
from community.routing.matrix import find_line
from community.routing.models import MatrixProposal, ProposalState
from community.routing.rights import MAY_DECIDE, MAY_PROPOSE, is_inside

NOTHING: dict[str, object] = {"lead": None, "assist": [], "inform": []}


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as it shall be; without a lead and others a narrower line goes away."""

    kind: str
    lead_id: UUID | None
    assist_ids: Collection[UUID] = ()
    inform_ids: Collection[UUID] = ()
    place_id: UUID | None = None
    applies: Applies = Applies.ALWAYS

    @property
    def ids(self) -> dict[str, object]:
        """As a proposal keeps it; who leads does not also assist, who assists is informed anyway."""
        assist = set(self.assist_ids) - {self.lead_id}
        inform = set(self.inform_ids) - assist - {self.lead_id}
        return {
            "lead": str(self.lead_id) if self.lead_id else None,
            "assist": sorted(str(party) for party in assist),
            "inform": sorted(str(party) for party in inform),
        }


async def propose_line(
    session: AsyncSession,
    actor: StaffActor,
    community_id: UUID,
    line: NewLine,
    why: str,
    need_id: UUID | None = None,
) -> MatrixProposal:
    """Propose a line. Raises Refused where it lacks a lead, changes nothing, or waits for a decision already."""
    community = await _get_community(session, actor, community_id, MAY_PROPOSE)
    await _check_line(session, community, line)
    if not why.strip():
        raise Refused("say_why")
    if need_id is not None and not await _is_need_of(session, need_id, community_id):
        raise NotFound
    current = await find_line(session, community_id, line.kind, line.place_id, line.applies)
    before = current.ids if current else NOTHING
    if before == line.ids:
        raise Refused("matrix_same")
    proposal = MatrixProposal(
        community_id=community_id,
        kind=line.kind,
        place_id=line.place_id,
        applies=line.applies,
        before=before,
        after=line.ids,
        why=why,
        need_id=need_id,
        proposed_by=actor.staff_id,
        proposed_at=now(),
    )
    try:
        async with session.begin_nested():
            session.add(proposal)
    except IntegrityError as error:
        raise Refused("matrix_waits") from error
    _note(session, actor, proposal)
    return proposal


async def approve_proposal(session: AsyncSession, actor: StaffActor, proposal_id: UUID) -> MatrixProposal:
    """Somebody else says yes: the line holds from now on. Raises WrongState where the list has changed meanwhile, or a
    party that is named has ended its work."""
    proposal = await _lock_open(session, actor, proposal_id)
    current = await find_line(
        session, proposal.community_id, proposal.kind, proposal.place_id, proposal.applies
    )
    if (current.ids if current else NOTHING) != proposal.before:
        raise WrongState("matrix_changed")
    if not await _all_work(session, proposal.community_id, {party for party, _ in _shares(proposal.after)}):
        raise WrongState("matrix_changed")
    await _write_line(session, proposal)
    _decide(session, proposal, actor, ProposalState.APPROVED, None)
    return proposal


async def refuse_proposal(
    session: AsyncSession, actor: StaffActor, proposal_id: UUID, why: str
) -> MatrixProposal:
    """Somebody else says no, and why."""
    proposal = await _lock_open(session, actor, proposal_id)
    if not why.strip():
        raise Refused("say_why")
    _decide(session, proposal, actor, ProposalState.REFUSED, why)
    return proposal


async def withdraw_proposal(session: AsyncSession, actor: StaffActor, proposal_id: UUID) -> MatrixProposal:
    """Who proposed it takes it back."""
    proposal = await session.get(MatrixProposal, proposal_id, with_for_update=True)
    if proposal is None or proposal.proposed_by != actor.staff_id:
        raise NotFound
    _check_open(proposal)
    _decide(session, proposal, actor, ProposalState.WITHDRAWN, None)
    return proposal


async def _get_community(
    session: AsyncSession, actor: StaffActor, community_id: UUID, roles: Collection[Role]
) -> Community:
    community = await session.get(Community, community_id)
    if community is None or not is_inside(actor, community):
        raise NotFound
    if actor.role not in roles:
        raise NotAllowed
    return community


async def _check_line(session: AsyncSession, community: Community, line: NewLine) -> None:
    if line.kind not in KINDS:
        raise Refused("choose_one")
    if line.place_id is not None:
        place = await session.get(Place, line.place_id)
        if place is None or place.community_id != community.id or place.level is Level.UNIT:
            raise NotFound("unknown_place")
    general = line.place_id is None and line.applies is Applies.ALWAYS
    if line.lead_id is None and (general or line.assist_ids or line.inform_ids):
        raise Refused("matrix_needs_lead")
    lead = {line.lead_id} if line.lead_id else set()
    if not await _all_work(session, community.id, {*lead, *line.assist_ids, *line.inform_ids}):
        raise NotFound("no_such_party")


async def _all_work(session: AsyncSession, community_id: UUID, named: Collection[UUID]) -> bool:
    """Whether all of these parties work in the community, and none of them ends before this transaction does."""
    wanted = select(Party.id).where(
        Party.community_id == community_id, Party.id.in_(named), Party.ended_at.is_(None)
    )
    return set(await session.scalars(wanted.with_for_update(read=True, key_share=True))) == set(named)


async def _is_need_of(session: AsyncSession, need_id: UUID, community_id: UUID) -> bool:
    need = await session.get(Need, need_id)
    return need is not None and need.community_id == community_id


async def _lock_open(session: AsyncSession, actor: StaffActor, proposal_id: UUID) -> MatrixProposal:
    proposal = await session.get(MatrixProposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None:
        raise NotFound
    await _get_community(session, actor, proposal.community_id, MAY_DECIDE)
    if proposal.proposed_by == actor.staff_id:
        raise NotAllowed("second_pair_of_eyes")
    _check_open(proposal)
    return proposal


def _check_open(proposal: MatrixProposal) -> None:
    if proposal.state is not ProposalState.PROPOSED:
        raise WrongState("proposal_is_over")


def _decide(
    session: AsyncSession,
    proposal: MatrixProposal,
    actor: StaffActor,
    state: ProposalState,
    why: str | None,
) -> None:
    proposal.state, proposal.decided_by = state, actor.staff_id
    proposal.decided_at, proposal.decided_why = now(), why
    _note(session, actor, proposal)


def _note(session: AsyncSession, actor: StaffActor, proposal: MatrixProposal) -> None:
    note_act(
        session,
        actor,
        f"matrix_{proposal.state}",
        subject_kind="matrix",
        subject_id=proposal.id,
        community_id=proposal.community_id,
        kind=proposal.kind,
    )


async def _write_line(session: AsyncSession, proposal: MatrixProposal) -> None:
    here = Responsibility.place_id == proposal.place_id
    await session.execute(
        delete(Responsibility).where(
            Responsibility.community_id == proposal.community_id,
            Responsibility.kind == proposal.kind,
            Responsibility.applies == proposal.applies,
            here if proposal.place_id else Responsibility.place_id.is_(None),
        )
    )
    for party_id, share in _shares(proposal.after):
        row = Responsibility(
            community_id=proposal.community_id,
            kind=proposal.kind,
            party_id=party_id,
            share=share,
            place_id=proposal.place_id,
            applies=proposal.applies,
        )
        session.add(row)
    await session.flush()


def _shares(after: dict[str, object]) -> list[tuple[UUID, Share]]:
    found = [(UUID(str(after["lead"])), Share.LEAD)] if after["lead"] else []
    for name, share in (("assist", Share.ASSIST), ("inform", Share.INFORM)):
        listed = after[name]
        found += [(UUID(str(party)), share) for party in listed] if isinstance(listed, list) else []
    return found
