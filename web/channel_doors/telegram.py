"""Telegram's door: an update with our secret is stored and then answered; next: channels/telegram/service.py.

Open in webhook mode only. 200 means stored, or not worth coming again; anything else and Telegram brings it again.
"""

from __future__ import annotations

from hmac import compare_digest

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from channels.telegram.service import TelegramService
from web.bodies import BodyRefused, read_json
from web.parts import Held, Parts
from web.refusals import DoorRefused

router = APIRouter()
log = structlog.get_logger()
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
MOST_BYTES = 500_000


@router.post("/channels/telegram", include_in_schema=False)
async def telegram_update(request: Request, parts: Held) -> Response:
    """One update of the platform."""
    service = _check_secret(request, parts)
    try:
        value = await read_json(request, MOST_BYTES)
    except BodyRefused as error:
        log.warning("telegram_body_refused", reason=error.reason)
        return Response(status_code=200)
    await service.take_in(value)
    return Response(status_code=200)


def _check_secret(request: Request, parts: Parts) -> TelegramService:
    """The service, for who says our secret. Raises DoorRefused, the same way whether there is a door or not."""
    settings, service = parts.settings, parts.telegram
    secret = settings.telegram_secret.get_secret_value()
    said = request.headers.get(SECRET_HEADER, "")
    is_right = compare_digest(said.encode("utf-8", "replace"), secret.encode())
    if service is None or settings.telegram_mode != "webhook" or not secret or not is_right:
        raise DoorRefused(403, "not_allowed")
    return service
