"""Writing a notice at the console: the composer with templates, the live count of the audience, the live preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed, NotFound, Refused
from community.notices.audiences import audience_of, read_audience
from community.notices.models import Notice
from community.notices.rights import may_write, owns
from community.notices.saved import find_audiences
from community.notices.templates import Template, get_template
from community.notices.usecases.drafting import draft_notice, edit_notice
from community.notices.usecases.steps import get_notice
from community.parties.queries import get_workplace
from linli.text import TextRefused
from web.bodies import BodyRefused
from web.parts import Held
from web.refusals import DoorRefused
from web.staff.attaching import MOST_TOGETHER, at_attaching_desk, keeping_files
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.notice_drawing import draw_composer, draw_count, draw_fields, draw_preview
from web.staff.notice_form import chosen_fields, fields_of_notice, first_fields, kept_files, read_draft
from web.staff.notice_preview import draft_of
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/notices")
NOTICES = "/staff/notices"
MEGABYTE = 1024 * 1024


async def at_composing_desk(request: Request, parts: Held) -> Desk:
    """Who is signed in, with the form and its files; what is too large in all is refused before it is read."""
    try:
        return await at_attaching_desk(request, parts)
    except BodyRefused as error:
        if error.reason != "too_long":
            raise
        raise DoorRefused(413, "files_too_large", most=MOST_TOGETHER // MEGABYTE) from error


Composing = Annotated[Desk, Depends(at_composing_desk)]


@router.get("/new")
async def new(desk: Looking, template: str = "", saved: UUID | None = None) -> Response:
    """The empty composer; with `template` its fields first, then the composer filled from them."""
    check_writer(desk)
    async with desk.parts.sessions() as session:
        fields = first_fields(zone_of(await get_workplace(session, desk.actor)))
        fields |= await _saved_fields(session, desk, saved)
        if template:
            chosen = await get_template(session, desk.actor, template)
            return await _fill(session, desk, chosen, fields)
        return await draw_composer(session, desk, fields)


@router.post("")
async def draft(desk: Composing) -> Response:
    """Keep a draft; what does not fit is said above the form, which keeps all that was typed."""
    check_writer(desk)
    try:
        async with keeping_files(desk) as file_ids, desk.parts.sessions.begin() as session:
            made = read_draft(desk.typed, zone_of(await get_workplace(session, desk.actor)))
            request_id = desk.typed.id("request_id")
            notice = await draft_notice(session, desk.actor, made, request_id=request_id, file_ids=file_ids)
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await draw_composer(session, desk, desk.typed.fields, refusal=desk.say(error))
    return desk.go(f"{NOTICES}/{notice.id}")


@router.post("/audience")
async def audience(desk: Changing) -> Response:
    """How many people the form's audience is, some of them, and what the channels make of it. Nothing is kept.

    No address: the ticks of a big community are longer than proxies let one be.
    """
    check_writer(desk)
    async with desk.parts.sessions() as session:
        return await draw_count(session, desk, desk.typed)


@router.post("/preview")
async def preview(desk: Changing) -> Response:
    """The words of the form as every channel will show them. Nothing is kept."""
    check_writer(desk)
    async with desk.parts.sessions() as session:
        return await draw_preview(session, desk, _unsaved(desk))


@router.get("/{notice_id}/edit")
async def edit(desk: Looking, notice_id: UUID) -> Response:
    """The composer with a draft in it."""
    async with desk.parts.sessions() as session:
        notice = await get_notice(session, desk.actor, notice_id)
        if not owns(desk.actor, notice):
            raise NotAllowed
        zone = zone_of(await get_workplace(session, desk.actor))
        fields = fields_of_notice(notice, audience_of(notice), zone)
        return await draw_composer(session, desk, fields, notice=notice)


@router.post("/{notice_id}")
async def change(desk: Composing, notice_id: UUID) -> Response:
    """Keep what was changed in a draft."""
    try:
        async with keeping_files(desk) as file_ids, desk.parts.sessions.begin() as session:
            made = read_draft(desk.typed, zone_of(await get_workplace(session, desk.actor)))
            version = desk.typed.get("version", 6)
            await edit_notice(
                session,
                desk.actor,
                notice_id,
                made,
                version=int(version) if version.isdecimal() else 0,
                kept=kept_files(desk.typed),
                file_ids=file_ids,
            )
    except (NotFound, NotAllowed):
        raise
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            notice = await get_notice(session, desk.actor, notice_id)
            refusal = desk.say(error)
            return await draw_composer(session, desk, desk.typed.fields, notice=notice, refusal=refusal)
    return desk.go(f"{NOTICES}/{notice_id}")


def check_writer(desk: Desk) -> None:
    """For whoever writes no notices these pages are not there. Raises NotFound."""
    if not may_write(desk.actor):
        raise NotFound


async def _fill(session: AsyncSession, desk: Desk, template: Template, fields: Mapping[str, str]) -> Response:
    """The composer filled from a template, or the fields that are still to be filled in."""
    typed = dict(desk.request.query_params)
    refusal = ""
    if "fill" in typed or not template.fields:
        try:
            titles, texts = template.fill(typed)
        except Refused as error:
            refusal = desk.say(error)
        else:
            words = {f"title_{language}": title for language, title in titles.items()}
            words |= {f"text_{language}": text for language, text in texts.items()}
            flags = {"need_receipt": template.need_receipt, "help_button": template.help_button}
            ticked = {name: "1" for name, is_set in flags.items() if is_set}
            return await draw_composer(
                session, desk, {**fields, **words, **ticked, "category": template.category}
            )
    return await draw_fields(session, desk, template, typed, refusal)


async def _saved_fields(session: AsyncSession, desk: Desk, saved: UUID | None) -> dict[str, str]:
    """The fields of an audience that the office keeps. Raises NotFound for one of another office."""
    if saved is None:
        return {}
    found = next((each for each in await find_audiences(session, desk.actor) if each.id == saved), None)
    if found is None:
        raise NotFound
    return chosen_fields(read_audience(found.audience))


def _unsaved(desk: Desk) -> Notice:
    typed = desk.typed
    names = ("title_zh", "title_en", "text_zh", "text_en")
    fields = {name: typed.again(name)[:2_000] for name in names}
    flags = {name: bool(typed.get(name, 40)) for name in ("need_receipt", "help_button", "activity")}
    return draft_of(desk.actor, fields, flags)
