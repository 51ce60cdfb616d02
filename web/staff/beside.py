"""Acts beside the words of a need: talk with the resident, give the conversation back, say what was told by phone."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.conversations.models import Handover
from community.conversations.talking import find_talk, talk_about_need
from community.conversations.usecases import give_back, write_in_conversation
from community.errors import WrongState
from community.needs.models import Need
from community.outbox.telling import tell_in_person
from web.staff.desk import HOME, Changing, Desk
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)


@router.post("/{need_id}/told")
async def told(desk: Changing, need_id: UUID) -> Response:
    """The resident has been told by phone or at the door."""
    outbox_id = desk.typed.id("outbox_id")
    return await act(
        desk, need_id, "told", lambda session: tell_in_person(session, desk.actor, need_id, outbox_id)
    )


@router.post("/{need_id}/talk")
async def talk(desk: Changing, need_id: UUID) -> Response:
    """Talk with the resident; Linli is silent from now on."""
    return await act(desk, need_id, "talk", lambda session: talk_about_need(session, desk.actor, need_id))


@router.post("/{need_id}/say")
async def say(desk: Changing, need_id: UUID) -> Response:
    """Say something in the conversation."""
    typed = desk.typed

    async def do(session: AsyncSession) -> None:
        handover = await _get_talk(session, desk, need_id)
        words, request_id = typed.words("words"), typed.id("request_id")
        await write_in_conversation(session, desk.actor, handover.id, words, request_id)

    return await act(desk, need_id, "say", do)


@router.post("/{need_id}/give-back")
async def leave(desk: Changing, need_id: UUID) -> Response:
    """Linli speaks again."""

    async def do(session: AsyncSession) -> None:
        handover = await _get_talk(session, desk, need_id)
        await give_back(session, desk.actor, handover.id)

    return await act(desk, need_id, "give_back", do)


async def _get_talk(session: AsyncSession, desk: Desk, need_id: UUID) -> Handover:
    need = await session.get(Need, need_id)
    handover = await find_talk(session, desk.actor, need) if need is not None else None
    if handover is None:
        raise WrongState("talk_is_over")
    return handover
