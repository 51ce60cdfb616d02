"""Buttons that several skills offer, and what tapping them says to Rasa."""

from __future__ import annotations

import json

from bot.actions.turn import Button, Values

OFFERS = {
    "report_need": "button_menu_report",
    "follow_need": "button_menu_follow",
    "add_to_need": "button_menu_add",
    "withdraw_need": "button_menu_withdraw",
    "rate_service": "button_menu_rate",
    "read_notices": "button_menu_notices",
    "find_activities": "button_menu_activities",
    "join_activity": "button_menu_join",
    "confirm_shift": "button_menu_confirm_shift",
    "cancel_signup": "button_menu_cancel_signup",
    "my_signups": "button_menu_shifts",
    "ask_procedure": "button_menu_procedure",
    "offer_help": "button_menu_offer",
    "propose_idea": "button_menu_idea",
    "update_profile": "button_menu_profile",
    "my_data": "button_menu_data",
    "manage_subscription": "button_menu_subscription",
    "ask_contact": "button_menu_contact",
    "talk_to_human": "button_menu_person",
    "change_language": "button_menu_language",
}
"""What can be offered by a button: the intent, and the label that names it."""

MENU = ("report_need", "follow_need", "read_notices", "talk_to_human")


def offer(intent: str) -> Button:
    """A button that says what the person wants."""
    return Button(OFFERS[intent], f"/{intent}")


def menu() -> list[Button]:
    """The four things that people come for."""
    return [offer(intent) for intent in MENU]


def choice(label: str, value: str, values: Values | None = None) -> Button:
    """A button that answers the open question with `value`."""
    return Button(label, payload("choose", value=value), values or {})


def payload(intent: str, **entities: str) -> str:
    """What Rasa reads as this intent with these entities."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"
