"""The methods by which a bot hears: asking for updates, or naming an address that they are pushed to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from operations.platforms.telegram.refusals import RefusedCall, bad, moved
from operations.platforms.telegram.state import Json, State, Webhook

LONGEST_WAIT = 50
LOOPBACK = ("127.0.0.1", "localhost")
LARGEST_DOWNLOAD = 20_000_000
Call = Mapping[str, Any]


async def get_me(state: State, _: Call) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return {**state.bot, "can_join_groups": True, "can_read_all_group_messages": False}


async def get_updates(state: State, call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getupdates: who asks ends the call of whoever asked before."""
    if state.webhook:
        raise RefusedCall(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    async with state.changed:
        state.poller += 1
        mine = state.poller
        state.changed.notify_all()
    await state.confirm(int(call.get("offset") or 0))
    wait = min(float(call.get("timeout") or 0), LONGEST_WAIT)
    try:
        async with asyncio.timeout(wait), state.changed:
            await state.changed.wait_for(lambda: state.updates or state.poller != mine or state.webhook)
    except TimeoutError:
        pass
    if state.poller != mine or state.webhook:
        raise RefusedCall(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        )
    return state.updates[: int(call.get("limit") or 100)]


async def set_webhook(state: State, call: Call) -> bool:
    """https://core.telegram.org/bots/api#setwebhook; http is taken on this machine only."""
    url, secret = str(call.get("url", "")), str(call.get("secret_token", ""))
    parts = urlsplit(url)
    if url and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
    await _drop_if_asked(state, call)
    async with state.changed:
        state.webhook = Webhook(url, secret) if url else None
        state.changed.notify_all()
    return True


async def delete_webhook(state: State, call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook"""
    await _drop_if_asked(state, call)
    async with state.changed:
        state.webhook = None
        state.changed.notify_all()
    return True


async def get_webhook_info(state: State, _: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    hook = state.webhook
    told: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates),
    }
    if hook and hook.error:
        told |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
    return told


async def get_chat_administrators(state: State, call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators"""
    group = state.groups.get(int(call.get("chat_id") or 0))
    if group is None:
        raise bad("chat not found")
    if group.moved_to is not None:
        raise moved(group.moved_to)
    people = [state.people[number] for number in sorted(group.administrators)]
    return [{"status": "creator", "user": person.as_user(), "is_anonymous": False} for person in people]


async def get_file(state: State, call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    stored = state.files.get(str(call.get("file_id")))
    if stored is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[-12:],
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


async def take_note(_: State, __: Call) -> bool:
    """Methods that change nothing here: commands of the menu, "typing"."""
    return True


async def _drop_if_asked(state: State, call: Call) -> None:
    if str(call.get("drop_pending_updates", "")).lower() == "true":
        async with state.changed:
            state.updates.clear()
