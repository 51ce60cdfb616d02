"""What a person does with a notice on its page, by the chat's use-cases: confirm it, ask for help with it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound
from community.notices.models import Notice
from community.notices.reading import get_readable, reader_of
from community.notices.sending.bubble import notice_bubble
from community.notices.sending.receipts import confirm_receipt
from community.notices.sending.steps import get_sender
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message
from web.parts import Held
from web.residents.drawing import see_other
from web.residents.forms import take_form
from web.residents.here import Here, get_resident_here
from web.residents.notices import get_shown

router = APIRouter()


@router.post("/m/notices/{notice_id}/receipt")
async def confirm(request: Request, parts: Held, notice_id: UUID) -> Response:
    """The person has read the notice; a second tap changes nothing."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        shown = await get_shown(session, here, notice_id)
    await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await confirm_receipt(session, resident_id, notice_id)
    return see_other(page_of(shown.notice), "receipt")


@router.post("/m/notices/{notice_id}/help")
async def ask_help(request: Request, parts: Held, notice_id: UUID) -> Response:
    """The notice comes into the chat once more, where its button for help begins a report about it."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        notice = await _get_to_help_with(session, here, notice_id)
        sender = await get_sender(session, notice)
    form = await take_form(request, parts, resident_id)
    bubble = notice_bubble(notice, sender)
    async with parts.sessions.begin() as session:
        await enqueue_message(
            session,
            resident_id,
            bubble.message,
            f"notice_again:{notice_id}:{form.id('request_id')}",
            values=bubble.values,
            buttons=bubble.buttons,
            priority=Priority.REPLY,
        )
    return see_other(page_of(notice), "in_chat") if here.by_link else see_other("/chat")


async def _get_to_help_with(session: AsyncSession, here: Here, notice_id: UUID) -> Notice:
    """A notice within the person's own walls that offers help and still holds. Raises NotFound."""
    if here.profile is None:
        raise NotFound
    notice = await get_readable(session, reader_of(here.profile), notice_id, now())
    if not notice.help_button or notice.valid_until <= now():
        raise NotFound
    return notice


def page_of(notice: Notice) -> str:
    """The page of a notice: one to forward, or the person's own."""
    return f"/m/notices/{notice.id}" if notice.public else f"/m/notices/mine/{notice.id}"
