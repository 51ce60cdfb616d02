"""The list of responsibilities 责任清单: who leads what, proposals with a second pair of eyes, and what was decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
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
from community.routing.proposals import (
    NewLine,
    approve_proposal,
    propose_line,
    refuse_proposal,
    withdraw_proposal,
)
from community.routing.proposed import Proposal, find_proposals
from community.routing.rights import may_decide, may_propose
from linli.text import TextRefused
from web.bodies import BodyRefused
from web.staff.chosen import Chosen, choose_community, is_closed
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/matrix")
LIST = "/staff/matrix"
SHARE = "share-"


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with what the reader may do, and both versions in names."""

    proposal: Proposal
    before: Mapping[str, str]
    after: Mapping[str, str]
    may_decide: bool
    own: bool


@router.get("")
async def matrix(desk: Looking, community: UUID | None = None, done: str = "") -> Response:
    """The list, what waits for approval, and the history."""
    async with desk.parts.sessions() as session:
        chosen = await choose_community(session, desk, community)
        return await _draw(session, desk, chosen, done=done)


@router.get("/line")
async def line_page(
    desk: Looking,
    kind: str,
    community: UUID | None = None,
    place: UUID | None = None,
    applies: Applies = Applies.ALWAYS,
    need: UUID | None = None,
) -> Response:
    """The form for one line; from a need that the street decided it comes filled in."""
    async with desk.parts.sessions() as session:
        chosen = await choose_community(session, desk, community)
        return await _draw_line(session, desk, chosen, kind, place, applies, need_id=need)


@router.post("/line")
async def propose(desk: Changing) -> Response:
    """Propose the line; nothing changes yet."""
    typed = desk.typed
    community = typed.id("community")
    need = typed.id("need") if typed.get("need") else None
    place = typed.id("place") if typed.get("place") else None
    applies = Applies(typed.get("applies")) if typed.get("applies") in list(Applies) else Applies.ALWAYS
    kind = typed.get("kind")
    try:
        async with desk.parts.sessions.begin() as session:
            fresh = _read_line(typed.fields, kind, place, applies)
            await propose_line(session, desk.actor, community, fresh, typed.words_if_any("why"), need)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            chosen = await choose_community(session, desk, community)
            refusal = desk.say(error)
            return await _draw_line(
                session, desk, chosen, kind, place, applies, need_id=need, refusal=refusal, status=422
            )
    return desk.go(f"{LIST}?community={community}&done=proposed")


@router.post("/proposals/{proposal_id}/{act}")
async def decide(desk: Changing, proposal_id: UUID, act: str) -> Response:
    """Approve or refuse as somebody else, or withdraw as who proposed."""
    do = _DECIDE.get(act)
    if do is None:
        raise NotFound
    try:
        async with desk.parts.sessions.begin() as session:
            community = await do(session, desk, proposal_id)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            chosen = await choose_community(session, desk, desk.actor.community_id)
            return await _draw(session, desk, chosen, refusal=desk.say(error), status=422)
    return desk.go(f"{LIST}?community={community}&done={act}")


async def _approve(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    return (await approve_proposal(session, desk.actor, proposal_id)).community_id


async def _refuse(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    words = desk.typed.words_if_any("why")
    return (await refuse_proposal(session, desk.actor, proposal_id, words)).community_id


async def _withdraw(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    return (await withdraw_proposal(session, desk.actor, proposal_id)).community_id


_DECIDE: Mapping[str, Callable[[AsyncSession, Desk, UUID], Awaitable[UUID]]] = {
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
}


async def _draw(
    session: AsyncSession, desk: Desk, chosen: Chosen, *, status: int = 200, refusal: str = "", done: str = ""
) -> Response:
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
        done=done if done in ("proposed", *_DECIDE) else "",
    )


async def _draw_line(
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


def _read_line(fields: Mapping[str, str], kind: str, place: UUID | None, applies: Applies) -> NewLine:
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
