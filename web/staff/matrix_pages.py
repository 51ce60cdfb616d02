"""Pages of the list of responsibilities: the list with its proposals, the form of a line, and what was ticked there.

Asked for by matrix.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed, NotFound, Refused
from community.needs.kinds import KINDS
from community.needs.models import Need
from community.needs.queries import find_parties
from community.needs.rights import may_read
from community.parties.models import Applies, Party, Share
from community.places.queries import find_narrowings
from community.routing.matrix import MatrixLine, find_line, find_matrix
from community.routing.proposals import NewLine
from community.routing.proposed import Proposal, find_proposals
from community.routing.rights import may_decide, may_propose
from web.bodies import BodyRefused
from web.staff.chosen import Chosen
from web.staff.desk import Desk

SHARE = "share-"


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with what the reader may do, and both versions in names."""

    proposal: Proposal
    before: Mapping[str, str]
    after: Mapping[str, str]
    may_decide: bool
    own: bool


async def draw_list(
    session: AsyncSession, desk: Desk, chosen: Chosen, *, status: int = 200, refusal: str = "", done: str = ""
) -> Response:
    """The list, what waits for approval, and what was decided; `done` is what the reader has just done."""
    names = await _name_parties(session, desk, chosen)
    waiting = await find_proposals(session, chosen.community.id, open_only=True)
    decided = await find_proposals(session, chosen.community.id, open_only=False)
    return await desk.draw(
        session,
        "matrix.html",
        status=status,
        chosen=chosen,
        groups=_group(await find_matrix(session, chosen.community.id), desk),
        waiting=[_show(desk, chosen, proposal, names) for proposal in waiting],
        decided=[_show(desk, chosen, proposal, names) for proposal in decided],
        may_propose=may_propose(desk.actor, chosen.community),
        refusal=refusal,
        done=done,
    )


async def draw_line(
    session: AsyncSession,
    desk: Desk,
    chosen: Chosen,
    kind: str,
    place_id: UUID | None,
    applies: Applies,
    *,
    need_id: UUID | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    """The form of one line; from a need it comes filled in. Raises NotFound, NotAllowed."""
    if kind not in KINDS:
        raise NotFound
    if not may_propose(desk.actor, chosen.community):
        raise NotAllowed
    need = await _find_need(session, desk, need_id)
    current = await find_line(session, chosen.community.id, kind, place_id, applies)
    usual = current or await find_line(session, chosen.community.id, kind, None, Applies.ALWAYS)
    shares = {party.id: share.value for party, share in (usual.shares if usual else ())}
    if need is not None and need.lead_party_id is not None and not refusal:
        shares = {party: "assist" if share == "lead" else share for party, share in shares.items()}
        shares[need.lead_party_id] = Share.LEAD.value
    return await desk.draw(
        session,
        "matrix_line.html",
        status=status,
        chosen=chosen,
        kind=kind,
        place_id=place_id,
        applies=applies.value,
        existing=current is not None,
        parties=await find_parties(session, chosen.community.id),
        shares=shares | dict(_ticked(desk.typed.fields)),
        narrowings=await find_narrowings(session, chosen.community.id),
        need=need,
        refusal=refusal,
    )


async def _find_need(session: AsyncSession, desk: Desk, need_id: UUID | None) -> Need | None:
    need = await session.get(Need, need_id) if need_id else None
    if need_id is not None and (need is None or not await may_read(session, desk.actor, need)):
        raise NotFound
    return need


async def _name_parties(session: AsyncSession, desk: Desk, chosen: Chosen) -> Mapping[str, str]:
    parties: Sequence[Party] = await find_parties(session, chosen.community.id)
    return {str(party.id): party.name[desk.language] for party in parties}


def _group(lines: Sequence[MatrixLine], desk: Desk) -> list[tuple[str, list[MatrixLine]]]:
    """The lines of each kind, the general one first; a kind without a line is the committee's."""
    found: dict[str, list[MatrixLine]] = {code: [] for code in KINDS}
    for line in lines:
        found.setdefault(line.kind, []).append(line)
    known = {code: lines for code, lines in found.items() if code in KINDS}
    return sorted(known.items(), key=lambda group: KINDS[group[0]].name[desk.language])


def _show(desk: Desk, chosen: Chosen, proposal: Proposal, names: Mapping[str, str]) -> Shown:
    return Shown(
        proposal,
        _say_shares(desk, proposal.row.before, names),
        _say_shares(desk, proposal.row.after, names),
        may_decide=may_decide(desk.actor, proposal.row, chosen.community),
        own=proposal.row.proposed_by == desk.actor.staff_id,
    )


def _say_shares(desk: Desk, ids: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, str]:
    comma = desk.t("staff.comma")
    return {
        "lead": names.get(str(ids["lead"]), ""),
        "assist": comma.join(names.get(str(party), "–") for party in ids["assist"]),
        "inform": comma.join(names.get(str(party), "–") for party in ids["inform"]),
    }


def read_line(fields: Mapping[str, str], kind: str, place: UUID | None, applies: Applies) -> NewLine:
    """The line that was filled in. Raises Refused("matrix_one_lead"), BodyRefused."""
    shares: dict[str, list[UUID]] = {share.value: [] for share in Share}
    for party_id, value in _ticked(fields):
        if value in shares:
            shares[value].append(party_id)
    lead = shares[Share.LEAD.value]
    if len(lead) > 1:
        raise Refused("matrix_one_lead")
    assist, inform = shares[Share.ASSIST.value], shares[Share.INFORM.value]
    return NewLine(kind, lead[0] if lead else None, assist, inform, place, applies)


def _ticked(fields: Mapping[str, str]) -> Sequence[tuple[UUID, str]]:
    """The parties of the form with their shares. Raises BodyRefused for what no form of ours has."""
    try:
        return [
            (UUID(name.removeprefix(SHARE)), value)
            for name, value in fields.items()
            if name.startswith(SHARE)
        ]
    except ValueError as error:
        raise BodyRefused("unreadable") from error
