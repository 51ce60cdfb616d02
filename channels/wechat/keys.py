"""What a click in the account's menu says to Linli: the keys that a menu file may use, and the payload of each."""

from __future__ import annotations

HELP = "/help_menu"
KEYS = frozenset(
    {
        "report_need",
        "follow_need",
        "add_to_need",
        "rate_service",
        "read_notices",
        "find_activities",
        "my_signups",
        "ask_procedure",
        "ask_contact",
        "talk_to_human",
        "offer_help",
        "propose_idea",
        "update_profile",
        "my_data",
        "manage_subscription",
        "change_language",
        "help_menu",
    }
)
"""Each is an intent of the bot; tests/channels/wechat/test_commands.py holds them to the domain."""


def payload_of(key: str) -> str:
    """The payload that we issue for a click; a key of an older menu asks what is wanted."""
    return f"/{key}" if key in KEYS else HELP
