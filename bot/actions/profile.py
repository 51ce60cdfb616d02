"""Correcting what is known about oneself: home, name and phone, read out of the words, read back, then kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import offer, payload
from bot.actions.choosing import ask_community
from bot.actions.profile_words import read_name, read_phone
from bot.actions.turn import Button, Turn
from bot.actions.unclear import next_wording
from community.places.matching import match_place
from community.places.models import Level
from community.places.trees import get_tree
from community.residents.queries import get_profile
from community.residents.usecases import claim_home, keep_name, keep_phone

Facts = Mapping[str, Any]


async def update(turn: Turn, session: AsyncSession) -> None:
    """One step: what is new, right so, kept."""
    facts = turn.slots.get("errand") if turn.asked else None
    known: Facts = facts if isinstance(facts, dict) else {"id": str(turn.message_id)}
    if turn.entities.get("draft", known["id"]) != known["id"]:
        turn.say("question_is_over")
        _read_back(turn, known)
    elif turn.asked and leaves_off(turn, "deny"):
        turn.end()
        turn.say("profile_unchanged")
    elif turn.asked == "confirm" and turn.intent == "affirm":
        await _keep(turn, session, known)
    elif not turn.asked or not leads_elsewhere(turn, "profile_form"):
        await _take_facts(turn, session, known)


async def _take_facts(turn: Turn, session: AsyncSession, known: Facts) -> None:
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        turn.end()
        await ask_community(turn, session, "profile_community_unknown")
        return
    said = await _read(turn, session, profile.community.id)
    if "unknown" in said:
        turn.keep(errand=dict(known))
        turn.ask("what", "profile_place_unknown", number=said["unknown"])
    elif said:
        _read_back(turn, {**known, **said})
    elif turn.asked and not await answered_aside(turn, session):
        _ask_differently(turn, known)
    elif turn.asked == "confirm":
        _read_back(turn, known)
    else:
        turn.keep(errand=dict(known))
        turn.ask("what", "profile_ask_what")


async def _read(turn: Turn, session: AsyncSession, community_id: UUID) -> Facts:
    """What the words tell: a place of the tree to live at, a name, a phone number."""
    facts: dict[str, Any] = {"name": read_name(turn.text), "phone": read_phone(turn.text)}
    match = match_place(turn.text, await get_tree(session, community_id), answer=turn.asked == "what")
    if match.place is not None and match.place.level is not Level.GRID:
        facts["home"] = {"id": str(match.place.id), **match.place.name}
    elif match.unknown is not None and not facts["phone"]:
        facts["unknown"] = match.unknown
    return {name: value for name, value in facts.items() if value}


def _ask_differently(turn: Turn, known: Facts) -> None:
    """Once more in other words, then where else it is done."""
    if turn.count_failure() > 1:
        turn.end()
        turn.say("profile_page", offer("talk_to_human"))
    elif turn.asked == "confirm":
        turn.say("answer_unclear", nth=next_wording(turn, "answer_unclear"))
        _read_back(turn, known)
    else:
        turn.keep(errand=dict(known))
        turn.ask("what", "profile_ask_example")


def _read_back(turn: Turn, facts: Facts) -> None:
    turn.keep(errand=dict(facts))
    turn.ask(
        "confirm",
        "profile_read_back",
        Button("button_keep_profile", payload("affirm", draft=facts["id"])),
        Button("button_not_now", payload("deny", draft=facts["id"])),
        home=facts.get("home"),
        name=facts.get("name"),
        phone=facts.get("phone"),
    )


async def _keep(turn: Turn, session: AsyncSession, facts: Facts) -> None:
    if home := facts.get("home"):
        await claim_home(session, turn.resident_id, UUID(home["id"]))
    if name := facts.get("name"):
        await keep_name(session, turn.resident_id, name)
    if phone := facts.get("phone"):
        await keep_phone(session, turn.resident_id, phone)
    turn.end()
    turn.say("profile_kept")
