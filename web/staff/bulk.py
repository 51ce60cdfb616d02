"""What is done to several needs at once: each in a transaction of its own and under its own rights, and the list says
how many went through and which did not, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.audit.usecases import note_act
from community.errors import NotFound, Refused
from community.needs.known import known_to
from community.needs.models import Need
from community.needs.usecases.asking import ask_resident, stop_waiting
from community.needs.usecases.staff import accept_need, assign_need, hand_over_need
from linli.text import TextRefused
from web.bodies import BodyRefused
from web.staff.desk import HOME, Changing, Desk
from web.staff.queue import draw_queue
from web.staff.routes import ConsoleRoute
from web.staff.wanted import Wanted

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)
MOST = 100
Do = Callable[[AsyncSession, UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an act: the needs that it was done to, and the code of each other one with the words why not."""

    act: str
    done: Sequence[UUID]
    refused: Sequence[tuple[str, str]]


@router.post("/bulk/{act}")
async def bulk(desk: Changing, act: str, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    """Do it to each of the chosen needs, and show the list that the address asks for."""
    try:
        need_ids, do = _read_ids(desk), _read_act(desk, act)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound) and error.message == NotFound.message:
            raise
        async with desk.parts.sessions() as session:
            return await draw_queue(session, desk, wanted, status=422, refusal=desk.say(error))
    result = await _do_each(desk, act, need_ids, do)
    async with desk.parts.sessions() as session:
        return await draw_queue(session, desk, wanted, status=200 if result.done else 422, result=result)


async def _do_each(desk: Desk, act: str, need_ids: Sequence[UUID], do: Do) -> Result:
    done: list[UUID] = []
    refused: list[tuple[UUID, str]] = []
    for need_id in need_ids:
        try:
            async with desk.parts.sessions.begin() as session:
                await do(session, need_id)
            done.append(need_id)
        except (Refused, TextRefused) as error:
            refused.append((need_id, desk.say(error)))
    async with desk.parts.sessions.begin() as session:
        if done:
            _note(session, desk, act, len(done), len(refused))
        codes = await _find_codes(session, desk, [need_id for need_id, _ in refused])
    return Result(act, done, [(codes.get(need_id, ""), why) for need_id, why in refused])


def _note(session: AsyncSession, desk: Desk, act: str, done: int, refused: int) -> None:
    note_act(
        session,
        desk.actor,
        "needs_bulk",
        subject_kind="need",
        subject_id=None,
        community_id=desk.actor.community_id,
        did=act.replace("-", "_"),
        done=done,
        refused=refused,
    )


async def _find_codes(session: AsyncSession, desk: Desk, need_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The codes of those that the person may know of."""
    if not need_ids:
        return {}
    wanted = select(Need.id, Need.code).where(Need.id.in_(need_ids), known_to(desk.actor))
    return dict((await session.execute(wanted)).all())


def _read_ids(desk: Desk) -> Sequence[UUID]:
    """The chosen needs, each once. Raises Refused where none was chosen, or too many."""
    try:
        chosen = [UUID(each) for each in desk.typed.again("needs").split(",") if each]
    except ValueError as error:
        raise BodyRefused("unreadable") from error
    chosen = list(dict.fromkeys(chosen))
    if not chosen:
        raise Refused("choose_one")
    if len(chosen) > MOST:
        raise Refused("too_many_chosen", most=MOST)
    return chosen


def _read_act(desk: Desk, act: str) -> Do:
    """What to do with each, with what was typed once for all. Raises NotFound for another act."""
    if act not in ACTS:
        raise NotFound
    return ACTS[act](desk)


def _accept(desk: Desk) -> Do:
    return lambda session, need_id: accept_need(session, desk.actor, need_id)


def _assign(desk: Desk) -> Do:
    staff_id = desk.typed.choice("staff_id")
    return lambda session, need_id: assign_need(session, desk.actor, need_id, staff_id)


def _hand_over(desk: Desk) -> Do:
    party_id, words = desk.typed.choice("party_id"), desk.typed.words("words")
    return lambda session, need_id: hand_over_need(session, desk.actor, need_id, party_id, words)


def _ask(desk: Desk) -> Do:
    words, request_id = desk.typed.words("words"), desk.typed.id("request_id")
    return lambda session, need_id: ask_resident(
        session, desk.actor, need_id, words, request_id=uuid5(request_id, need_id.hex)
    )


def _stop_waiting(desk: Desk) -> Do:
    return lambda session, need_id: stop_waiting(session, desk.actor, need_id)


ACTS: Mapping[str, Callable[[Desk], Do]] = MappingProxyType(
    {
        "accept": _accept,
        "assign": _assign,
        "hand-over": _hand_over,
        "ask": _ask,
        "stop-waiting": _stop_waiting,
    }
)
