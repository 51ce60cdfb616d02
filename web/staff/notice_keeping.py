"""What an office keeps for its notices: templates of its own, and audiences under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed, NotFound, Refused
from community.notices.audiences import read_audience
from community.notices.describing import describe_audience
from community.notices.fields import FIELDS
from community.notices.kinds import NOTICE_KINDS
from community.notices.saved import find_audiences, forget_audience, save_audience
from community.notices.templates import NewTemplate, find_templates, keep_template, retire_template
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.forms import Typed
from web.staff.notice_composer import NOTICES, check_writer
from web.staff.notice_form import read_chosen
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=NOTICES)
KEPT = f"{NOTICES}/kept"


@router.get("/kept")
async def kept(desk: Looking) -> Response:
    """The templates and audiences of the office."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("/templates")
async def keep(desk: Changing) -> Response:
    """Keep a template of the office."""
    typed = desk.typed
    made = NewTemplate(
        category=typed.get("category", 40),
        title_zh=typed.again("title_zh"),
        text_zh=typed.again("text_zh"),
        title_en=typed.again("title_en"),
        text_en=typed.again("text_en"),
        need_receipt=bool(typed.get("need_receipt")),
        help_button=bool(typed.get("help_button")),
    )
    try:
        async with desk.parts.sessions.begin() as session:
            await keep_template(session, desk.actor, made)
    except NotAllowed:
        raise
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error))
    return desk.go(KEPT)


@router.post("/templates/{template_id}/retire")
async def retire(desk: Changing, template_id: UUID) -> Response:
    """Offer a template of the office no more."""
    async with desk.parts.sessions.begin() as session:
        await retire_template(session, desk.actor, template_id)
    return desk.go(KEPT)


@router.post("/audiences")
async def save(desk: Changing) -> Response:
    """Keep the audience that `query` names, as `query_of` writes it."""
    chosen = Typed(dict(parse_qsl(desk.typed.again("query"))))
    try:
        async with desk.parts.sessions.begin() as session:
            await save_audience(session, desk.actor, desk.typed.get("name", 40), read_chosen(chosen))
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error))
    return desk.go(KEPT)


@router.post("/audiences/{audience_id}/forget")
async def forget(desk: Changing, audience_id: UUID) -> Response:
    """Let an audience go."""
    async with desk.parts.sessions.begin() as session:
        await forget_audience(session, desk.actor, audience_id)
    return desk.go(KEPT)


async def _draw(session: AsyncSession, desk: Desk, *, refusal: str = "") -> Response:
    check_writer(desk)
    audiences = [
        (saved, await describe_audience(session, read_audience(saved.audience), desk.language))
        for saved in await find_audiences(session, desk.actor)
    ]
    own = [template for template in await find_templates(session, desk.actor) if template.is_own]
    return await desk.draw(
        session,
        "notices_kept.html",
        status=422 if refusal else 200,
        refusal=refusal,
        templates=own,
        audiences=audiences,
        fields=list(FIELDS.values()),
        kinds=NOTICE_KINDS,
    )
