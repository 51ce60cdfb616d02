"""Help with a notice: its button begins a report that is about the notice, whatever the person then needs."""

from __future__ import annotations

from uuid import UUID

from bot.actions.report_step import ReportStep
from community.clock import now
from community.notices.reading import get_readable, reader_of


async def take_help_in_between(step: ReportStep) -> None:
    """A tap while something else is reported: that is finished first, unless nothing of it was told yet."""
    if step.draft.words:
        step.turn.say("notice_help_later")
    else:
        await began_with_notice(step)


async def began_with_notice(step: ReportStep) -> bool:
    """Ask what is needed, with the notice as the subject; False where no notice's button was tapped."""
    turn = step.turn
    if turn.intent != "help_with_notice" or "notice" not in turn.entities:
        return False
    reader = reader_of(step.profile)
    notice = await get_readable(step.session, reader, UUID(turn.entities["notice"]), now())
    step.draft.about = {"id": str(notice.id), **notice.title}
    turn.ask("what", "report_ask_what_notice", title=notice.title)
    return True
