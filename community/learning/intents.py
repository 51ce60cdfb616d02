"""What staff may teach: the wishes that people put into words. Their names on pages are in templates/pages/words."""

from __future__ import annotations

TEACHABLE = (
    "report_need",
    "follow_need",
    "add_to_need",
    "withdraw_need",
    "rate_service",
    "find_activities",
    "join_activity",
    "confirm_shift",
    "cancel_signup",
    "my_signups",
    "check_in",
    "read_notices",
    "ack_notice",
    "manage_subscription",
    "ask_contact",
    "ask_procedure",
    "talk_to_human",
    "offer_help",
    "propose_idea",
    "change_language",
    "update_profile",
    "my_data",
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "help_menu",
    "bot_challenge",
    "stop_current",
    "out_of_scope",
)
"""All but crisis, which is taught by those who know it, and what only buttons say."""
