"""Alerts in the console: take one that rings, and set crisis on a need. The banner itself is in every page's frame."""

from __future__ import annotations

from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response

from community.alerts.crisis import set_crisis
from community.alerts.usecases import take_alert
from community.errors import Refused
from community.hotlines.models import Danger
from community.needs.models import Need
from community.needs.rights import may_know
from web.staff.desk import HOME, Changing, Desk
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff")
log = structlog.get_logger()


@router.post("/alerts/{alert_id}/take")
async def take(desk: Changing, alert_id: UUID) -> Response:
    """The one who taps has the case, and looks at it now."""
    async with desk.parts.sessions.begin() as session:
        need = await take_alert(session, desk.actor, alert_id)
    log.info("alert_taken", alert=str(alert_id), by=str(desk.actor.staff_id))
    return desk.go(f"{HOME}/{need.id}")


@router.post("/needs/{need_id}/crisis")
async def set_on_need(desk: Changing, need_id: UUID) -> Response:
    """Danger in a need, as its leading party sees it: it alerts from now on; afterwards it may be out of sight."""
    async with desk.parts.sessions.begin() as session:
        await set_crisis(session, desk.actor, need_id, _danger(desk))
        in_sight = await may_know(session, desk.actor, await session.get_one(Need, need_id))
    return desk.go(f"{HOME}/{need_id}" if in_sight else f"{HOME}?done=crisis")


def _danger(desk: Desk) -> Danger:
    try:
        danger = Danger(desk.typed.get("danger"))
    except ValueError as error:
        raise Refused("choose_one") from error
    if danger is Danger.DISTRESS:
        raise Refused("choose_one")
    return danger
