"""What is due around shifts: reminders, offers that ran out, substitutes and swaps to ask for, shifts that ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from community.credits.usecases import find_unhelped, return_credit
from community.signups.usecases.ending import end_shift, find_ended_shifts
from community.signups.usecases.reminding import find_due_reminders, take_due_reminder
from community.signups.usecases.waiting import find_lapsed_offers, take_lapsed_offer
from community.substitutes.usecases import find_due_searches, take_due_search
from community.swaps.usecases import find_due_swaps, take_due_swap
from scheduler.one_by_one import Find, Take, take_one_by_one
from scheduler.tools import Tools

MOST = 2_000
STEPS: Sequence[tuple[Find, Take, str]] = (
    (find_due_reminders, take_due_reminder, "reminder_broke"),
    (find_lapsed_offers, take_lapsed_offer, "offer_broke"),
    (find_due_searches, take_due_search, "search_broke"),
    (find_due_swaps, take_due_swap, "swap_broke"),
    (find_ended_shifts, end_shift, "ended_shift_broke"),
    (find_unhelped, return_credit, "credit_broke"),
)


async def shifts(tools: Tools, at: datetime) -> int:
    """Do what is due at `at`, at most 2,000 of each, each in a transaction of its own; gives how many."""
    return sum(
        [await take_one_by_one(tools, at, find, take, most=MOST, broke=broke) for find, take, broke in STEPS]
    )
