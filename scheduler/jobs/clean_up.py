"""Delete what nobody needs any more: counters of limits, ended sign-ins and failures, what is kept for a while only."""

from __future__ import annotations

from datetime import datetime

from channels.telegram.albums import forget_old_album_parts
from channels.telegram.groups import forget_old_group_questions
from channels.wechat.forgetting import forget_old_replies
from community.access.usecases import forget_ended_access
from community.alerts.forgetting import forget_old_alerts
from community.audit.usecases import forget_old_acts
from community.inbox.answers import forget_old_answers
from community.learning.noting import forget_old_unclear
from community.limits.usecases import forget_old_counters
from community.linking.codes import forget_old_codes
from community.roster.forgetting import forget_old_swaps
from community.signups.forgetting import forget_old_sign_ups
from community.wishes.forgetting import forget_old_wishes
from scheduler.tools import Tools

FORGETTING = (
    forget_old_counters,
    forget_ended_access,
    forget_old_answers,
    forget_old_acts,
    forget_old_unclear,
    forget_old_alerts,
    forget_old_codes,
    forget_old_swaps,
    forget_old_wishes,
    forget_old_sign_ups,
    forget_old_group_questions,
    forget_old_album_parts,
    forget_old_replies,
)


async def clean_up(tools: Tools, at: datetime) -> int:
    """Delete what ended before `at`; gives how many rows. A dry run counts them and takes it all back."""
    async with tools.sessions() as session:
        ended = sum([await forget(session, at) for forget in FORGETTING])
        if not tools.dry:
            await session.commit()
    return ended
