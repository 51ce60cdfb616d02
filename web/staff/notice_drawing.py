"""Drawing what belongs to writing a notice: the composer, the fields of a template, the count, the preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import name_moment
from community.activities.kinds import ACTIVITY_KINDS
from community.activities.repeating import Every
from community.clock import now
from community.errors import NotFound, Refused
from community.files.attaching import Attachment
from community.notices.composing import find_choices
from community.notices.counting import count_audience, forecast
from community.notices.files import find_files
from community.notices.kinds import NOTICE_KINDS
from community.notices.listing import count_month
from community.notices.models import Notice
from community.notices.saved import find_audiences
from community.notices.sending.steps import get_sender, get_zone
from community.notices.templates import Template, find_templates
from community.notices.usecases.checking import check_audience
from community.parties.queries import get_workplace
from community.quiet import after_quiet, is_quiet
from community.residents.models import Language
from community.residents.tags import TAGS
from web.pages import page
from web.staff.desk import Desk, zone_of
from web.staff.forms import Typed
from web.staff.notice_folds import opened_by
from web.staff.notice_form import query_of, read_chosen
from web.staff.notice_preview import CHANNELS, preview_notice, warns_of_tags

LISTS = {
    "kinds": list(NOTICE_KINDS.values()),
    "activity_kinds": list(ACTIVITY_KINDS.values()),
    "tags": list(TAGS.values()),
    "channels": list(CHANNELS),
    "languages": list(Language),
    "every": list(Every),
}


async def draw_composer(
    session: AsyncSession,
    desk: Desk,
    fields: Mapping[str, str],
    *,
    notice: Notice | None = None,
    refusal: str = "",
) -> Response:
    """The composer with these fields in it; `notice` is the draft that is changed."""
    filled = replace(desk, typed=Typed(fields))
    choices = await find_choices(session, desk.actor)
    return await filled.draw(
        session,
        "notice_composer.html",
        status=422 if refusal else 200,
        refusal=refusal,
        notice=notice,
        files=await find_files(session, notice.id) if notice else (),
        request_id=uuid4(),
        templates=await find_templates(session, desk.actor),
        saved=await find_audiences(session, desk.actor),
        choices=choices,
        opened=opened_by(fields, choices),
        today=now().astimezone(ZoneInfo(zone_of(await get_workplace(session, desk.actor)))).date(),
        **LISTS,
    )


async def draw_fields(
    session: AsyncSession, desk: Desk, template: Template, typed: Mapping[str, str], refusal: str
) -> Response:
    """The fields of a template, with what was typed into them."""
    filled = replace(desk, typed=Typed(typed))
    return await filled.draw(
        session,
        "notice_fields.html",
        status=422 if refusal else 200,
        refusal=refusal,
        template=template,
    )


async def draw_count(session: AsyncSession, desk: Desk, typed: Typed) -> Response:
    """A part of the composer: how many, who for example, what becomes of it."""
    try:
        audience = await check_audience(session, desk.actor, read_chosen(typed))
    except NotFound:
        raise
    except Refused as error:
        return _draw_part(desk, "notice_count.html", refusal=desk.say(error), counted=None)
    counted = await count_audience(session, desk.actor, audience)
    zone, category = zone_of(await get_workplace(session, desk.actor)), typed.get("category", 40)
    return _draw_part(
        desk,
        "notice_count.html",
        refusal="",
        counted=counted,
        of_street=desk.actor.community_id is None,
        forecast=await forecast(session, audience, category, counted.people),
        morning=say_morning(desk, category, now(), zone),
        query=query_of(audience),
        month=await count_month(session, desk.actor, _begin_of_month(zone)),
        budget=desk.parts.settings.notices_a_month,
    )


async def draw_preview(session: AsyncSession, desk: Desk, notice: Notice) -> Response:
    """A part of the composer: the notice in both languages, as every channel shows it; what is looked at stays so."""
    chosen = {name: desk.typed.get(f"look-{name}", 20) for name in ("language", "channel")}
    return _draw_part(desk, "notice_preview.html", chosen=chosen, **await preview_values(session, notice))


async def preview_values(
    session: AsyncSession, notice: Notice, files: Sequence[Attachment] = ()
) -> dict[str, object]:
    """What the preview is drawn from."""
    sender = await get_sender(session, notice)
    return {
        "previews": preview_notice(notice, sender, files, await get_zone(session, notice)),
        "has_tags": warns_of_tags(notice),
    }


def say_morning(desk: Desk, category: str, at: datetime, zone: str) -> str:
    """When a notice that goes out at night reaches people; nothing by day, and for what wakes them."""
    kind = NOTICE_KINDS.get(category)
    if (kind is not None and kind.for_all) or not is_quiet(at, zone):
        return ""
    return name_moment(after_quiet(at, zone), desk.language, zone, now())


def _draw_part(desk: Desk, name: str, **values: object) -> Response:
    shown = {"csrf": desk.me.csrf, **values}
    return page(desk.request, f"staff/{name}", status=200, language=desk.language, **shown)


def _begin_of_month(zone: str) -> datetime:
    local = now().astimezone(ZoneInfo(zone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
