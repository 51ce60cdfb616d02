"""Around one's shifts: how one was, when to be reminded, and hours of the time bank spent on a neighbour's help."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from channels.render import render_text
from community.credits.usecases import ask_for_help
from community.errors import NotFound, Refused, TooMany
from community.needs.usecases.residents import ReportLimits
from community.signups.usecases.feedback import rate_shift, remark_on_shift
from community.signups.usecases.wishes import wish_reminders
from linli.text import TextRefused
from web.parts import Held
from web.residents.drawing import see_other
from web.residents.forms import Form, take_form
from web.residents.here import get_resident_here
from web.residents.shifts import MINE, draw_shifts

router = APIRouter()


@router.post("/m/shifts/reminders")
async def reminders(request: Request, parts: Held) -> Response:
    """How long before a shift to be asked, and reminded."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await wish_reminders(session, resident_id, _minutes(form, "confirm"), _minutes(form, "remind"))
    return see_other(MINE, "saved")


@router.post("/m/shifts/help")
async def spend(request: Request, parts: Held) -> Response:
    """Hours for help; what is missing is said on the same page."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    limits = ReportLimits(parts.settings.reports_per_hour, parts.settings.reports_per_day)
    try:
        async with parts.sessions.begin() as session:
            need_id = await ask_for_help(
                session,
                resident_id,
                _minutes(form, "hours") or 0,
                form.fields.get("words", ""),
                request_id=form.id("request_id"),
                limits=limits,
            )
    except (NotFound, TooMany):
        raise
    except (Refused, TextRefused) as error:
        name, values = (
            (f"text_{error.reason}", {}) if isinstance(error, TextRefused) else (error.message, error.values)
        )
        return await draw_shifts(request, parts, problem=render_text(name, here.language, values, here.zone))
    return see_other(f"/m/needs/{need_id}", "help_asked")


@router.post("/m/shifts/{sign_up_id}/feedback")
async def feedback(request: Request, parts: Held, sign_up_id: UUID) -> Response:
    """One to five, and a word on it, which may be missing."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await rate_shift(session, resident_id, sign_up_id, _minutes(form, "score") or 0)
        if words := form.remark():
            await remark_on_shift(session, resident_id, sign_up_id, words)
    return see_other(MINE, "rated")


def _minutes(form: Form, name: str) -> int | None:
    typed = form.fields.get(name, "")
    return int(typed) if len(typed) <= 4 and typed.isascii() and typed.isdigit() else None
