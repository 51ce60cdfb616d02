"""Acts on a need that steer it: ask and wait, another kind, refuse an errand, decide as the street office."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from community.duplicates.usecases import merge_needs, split_need
from community.needs.usecases.asking import ask_resident, stop_waiting
from community.needs.usecases.steering import change_kind, decide_need, refuse_errand
from web.staff.desk import HOME, Changing
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)


@router.post("/{need_id}/ask")
async def ask(desk: Changing, need_id: UUID) -> Response:
    """Ask the resident; the clocks stand still until the answer."""
    typed = desk.typed
    return await act(
        desk,
        need_id,
        "ask",
        lambda session: ask_resident(
            session, desk.actor, need_id, typed.words("words"), request_id=typed.id("request_id")
        ),
    )


@router.post("/{need_id}/stop-waiting")
async def stop(desk: Changing, need_id: UUID) -> Response:
    """The answer came in another way."""
    return await act(
        desk, need_id, "stop_waiting", lambda session: stop_waiting(session, desk.actor, need_id)
    )


@router.post("/{need_id}/change-kind")
async def kind(desk: Changing, need_id: UUID) -> Response:
    """It is of another kind, and is routed again; afterwards it may be out of sight."""
    return await act(
        desk,
        need_id,
        "change_kind",
        lambda session: change_kind(session, desk.actor, need_id, desk.typed.get("kind")),
        then=f"{HOME}?done=kind_changed",
    )


@router.post("/{need_id}/errand")
async def errand(desk: Changing, need_id: UUID) -> Response:
    """A plain errand is not social work: one button, counted."""
    return await act(
        desk,
        need_id,
        "errand",
        lambda session: refuse_errand(session, desk.actor, need_id),
        then=f"{HOME}?done=errand",
    )


@router.post("/{need_id}/merge")
async def merge(desk: Changing, need_id: UUID) -> Response:
    """It is the same as another need."""
    code = desk.typed.get("code", 10)
    return await act(desk, need_id, "merge", lambda session: merge_needs(session, desk.actor, need_id, code))


@router.post("/{need_id}/split")
async def split(desk: Changing, need_id: UUID) -> Response:
    """It is a matter of its own after all."""
    return await act(desk, need_id, "split", lambda session: split_need(session, desk.actor, need_id))


@router.post("/{need_id}/decide")
async def decide(desk: Changing, need_id: UUID) -> Response:
    """The street office names who takes it; from there it may become a line of the list."""
    typed = desk.typed
    return await act(
        desk,
        need_id,
        "decide",
        lambda session: decide_need(
            session, desk.actor, need_id, typed.choice("party_id"), typed.words_if_any("words")
        ),
        then=f"/staff/decide?decided={need_id}",
    )
