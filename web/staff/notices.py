"""Notices at the console: the list by state, one of them with its preview and history, and what is decided about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity
from community.activities.repeating import say_rule
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.notices.audiences import audience_of
from community.notices.counting import count_audience, forecast
from community.notices.describing import describe_audience
from community.notices.files import find_files
from community.notices.kinds import NOTICE_KINDS
from community.notices.listing import (
    PAGE,
    Shelf,
    count_shelves,
    find_history,
    find_notices,
)
from community.notices.models import Notice, NoticeAct
from community.notices.rights import may_decide, owns
from community.notices.sending.models import NoticeSending
from community.notices.sending.steps import get_zone
from community.notices.states import may_step
from community.notices.usecases.approving import (
    approve_notice,
    cancel_notice,
    reject_notice,
    send_emergency,
    submit_notice,
    take_back_notice,
)
from community.notices.usecases.drafting import copy_notice
from community.notices.usecases.steps import get_notice, has_written, may_send_at_once
from community.parties.models import Staff
from community.places.models import Community
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.notice_composer import NOTICES, check_writer
from web.staff.notice_drawing import preview_values, say_morning
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=NOTICES)
Do = Callable[[AsyncSession], Awaitable[Notice]]


@router.get("")
async def notices(desk: Looking, shelf: str = "", before: datetime | None = None) -> Response:
    """One part of the list; first what waits for approval, else what is on its way."""
    check_writer(desk)
    async with desk.parts.sessions() as session:
        counts = await count_shelves(session, desk.actor)
        wanted = Shelf(shelf) if shelf in set(Shelf) else _first_shelf(counts)
        before = before if before and before.tzinfo else None
        lines = await find_notices(session, desk.actor, wanted, before=before)
        return await desk.draw(
            session,
            "notices.html",
            lines=lines,
            shelf=wanted,
            shelves=counts,
            kinds=NOTICE_KINDS,
            next=lines[-1].notice.created_at if len(lines) == PAGE else None,
        )


@router.get("/{notice_id}")
async def one(desk: Looking, notice_id: UUID) -> Response:
    """A notice as it will be shown, for whom, and what was done with it."""
    async with desk.parts.sessions() as session:
        return await _draw_one(session, desk, notice_id)


@router.post("/{notice_id}/submit")
async def submit(desk: Changing, notice_id: UUID) -> Response:
    """Ask for approval."""
    return await _act(desk, notice_id, lambda session: submit_notice(session, desk.actor, notice_id))


@router.post("/{notice_id}/approve")
async def approve(desk: Changing, notice_id: UUID) -> Response:
    """Let it go out."""
    return await _act(desk, notice_id, lambda session: approve_notice(session, desk.actor, notice_id))


@router.post("/{notice_id}/reject")
async def reject(desk: Changing, notice_id: UUID) -> Response:
    """Give it back with words."""
    why = desk.typed.again("why")
    return await _act(desk, notice_id, lambda session: reject_notice(session, desk.actor, notice_id, why))


@router.post("/{notice_id}/take-back")
async def take_back(desk: Changing, notice_id: UUID) -> Response:
    """Make it a draft again."""
    return await _act(desk, notice_id, lambda session: take_back_notice(session, desk.actor, notice_id))


@router.post("/{notice_id}/send-now")
async def send_now(desk: Changing, notice_id: UUID) -> Response:
    """Send an emergency notice without a second person."""
    return await _act(desk, notice_id, lambda session: send_emergency(session, desk.actor, notice_id))


@router.post("/{notice_id}/cancel")
async def cancel(desk: Changing, notice_id: UUID) -> Response:
    """Call it off; what is not out stays in, what is out is shown no more."""
    why = desk.typed.again("why")
    return await _act(desk, notice_id, lambda session: cancel_notice(session, desk.actor, notice_id, why))


@router.post("/{notice_id}/copy")
async def copy(desk: Changing, notice_id: UUID) -> Response:
    """A draft like it."""
    async with desk.parts.sessions.begin() as session:
        made = await copy_notice(session, desk.actor, notice_id)
    return desk.go(f"{NOTICES}/{made.id}/edit")


def _first_shelf(counts: Mapping[Shelf, int]) -> Shelf:
    order = (Shelf.SUBMITTED, Shelf.DRAFT, Shelf.GOING)
    return next((shelf for shelf in order if counts[shelf]), Shelf.SENT)


async def _act(desk: Desk, notice_id: UUID, do: Do) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except NotFound:
        raise
    except NotAllowed as error:
        if error.message == NotAllowed.message:
            raise
        return await _refuse(desk, notice_id, error, 403)
    except Refused as error:
        return await _refuse(desk, notice_id, error, 409)
    except TextRefused as error:
        return await _refuse(desk, notice_id, error, 422)
    return desk.go(f"{NOTICES}/{notice_id}")


async def _refuse(desk: Desk, notice_id: UUID, error: Refused | TextRefused, status: int) -> Response:
    async with desk.parts.sessions() as session:
        return await _draw_one(session, desk, notice_id, refusal=desk.say(error), status=status)


async def _draw_one(
    session: AsyncSession, desk: Desk, notice_id: UUID, *, refusal: str = "", status: int = 200
) -> Response:
    notice = await get_notice(session, desk.actor, notice_id)
    audience = audience_of(notice)
    counted = await count_audience(session, desk.actor, audience)
    community = await session.get(Community, notice.community_id) if notice.community_id else None
    files = await find_files(session, notice.id)
    activity = await session.get(Activity, notice.activity_id) if notice.activity_id else None
    author = await session.get(Staff, notice.created_by) if notice.created_by else None
    return await desk.draw(
        session,
        "notice.html",
        status=status,
        refusal=refusal,
        notice=notice,
        kind=NOTICE_KINDS.get(notice.category),
        community=community,
        activity=activity,
        author=author,
        files=files,
        counted=counted,
        forecast=await forecast(session, audience, notice.category, counted.people),
        morning=say_morning(desk, notice.category, notice.send_at or now(), await get_zone(session, notice)),
        audience=await describe_audience(session, audience, desk.language),
        history=await find_history(session, notice.id),
        rule=say_rule(notice.repeat, desk.language) if notice.repeat else "",
        acts=await _find_acts(session, desk, notice, community),
        is_own=await has_written(session, desk.actor, notice),
        **await preview_values(session, notice, files),
    )


async def _find_acts(
    session: AsyncSession, desk: Desk, notice: Notice, community: Community | None
) -> set[str]:
    """What this person may do with it now, by the last part of the address."""
    owned = owns(desk.actor, notice)
    decides = may_decide(desk.actor, notice, community.street_id if community else None)
    may = {
        "edit": owned and may_step(notice, NoticeAct.EDITED),
        "submit": owned and may_step(notice, NoticeAct.SUBMITTED),
        "take-back": owned and may_step(notice, NoticeAct.TAKEN_BACK),
        "approve": decides and may_step(notice, NoticeAct.APPROVED),
        "reject": decides and may_step(notice, NoticeAct.REJECTED),
        "cancel": decides and may_step(notice, NoticeAct.CANCELLED),
        "send-now": owned
        and notice.is_emergency
        and may_step(notice, NoticeAct.SENT_AS_EMERGENCY)
        and await may_send_at_once(session, desk.actor),
        "progress": await session.get(NoticeSending, notice.id) is not None,
    }
    return {name for name, is_so in may.items() if is_so}
