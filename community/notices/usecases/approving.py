"""Four eyes: somebody else reads a notice and approves it, or gives it back with words. Next: it is sent.

In an emergency who leads the office may send at once; that stands in the history and in the audit log.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, Refused
from community.notices.models import Notice, NoticeAct
from community.notices.sending.withdrawing import withdraw_notice
from community.notices.states import may_step, step
from community.notices.usecases.checking import check_activity, check_somebody
from community.notices.usecases.steps import has_written, lock_own, lock_to_decide, may_send_at_once
from linli.text import check_text, clean_text

LONGEST_WHY = 300


async def submit_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """Ask a colleague to read and approve it.

    Raises WrongState for anything but a draft, Refused: notice_expired, notice_for_nobody, notice_activity.
    """
    notice = await lock_own(session, actor, notice_id)
    step(session, notice, NoticeAct.SUBMITTED, actor)
    await _check_still_fits(session, actor, notice)
    return notice


async def take_back_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """Make it a draft again as long as nothing is out; an approval it had is void. Raises WrongState."""
    notice = await lock_own(session, actor, notice_id)
    step(session, notice, NoticeAct.TAKEN_BACK, actor)
    notice.approved_by = notice.approved_at = None
    notice.sent_as_emergency = False
    return notice


async def approve_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """Let it go out, at its time or now.

    Raises Refused("notice_own") for whoever wrote or submitted it, WrongState for what was not submitted, Refused:
    notice_expired, notice_for_nobody, notice_activity.
    """
    notice = await lock_to_decide(session, actor, notice_id)
    if may_step(notice, NoticeAct.APPROVED) and await has_written(session, actor, notice):
        raise Refused("notice_own")
    step(session, notice, NoticeAct.APPROVED, actor)
    await _check_still_fits(session, actor, notice)
    _let_out(notice, actor)
    return notice


async def reject_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID, why: str) -> Notice:
    """Give it back as a draft, with words that say what is to be changed. Raises TextRefused, WrongState."""
    notice = await lock_to_decide(session, actor, notice_id)
    step(session, notice, NoticeAct.REJECTED, actor, check_text(why, LONGEST_WHY))
    return notice


async def send_emergency(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """Send an emergency notice now, without a second person: only who leads the office may.

    Raises NotAllowed for everybody else, Refused("notice_no_emergency") for another category, WrongState.
    """
    notice = await lock_own(session, actor, notice_id)
    if not await may_send_at_once(session, actor):
        raise NotAllowed("notice_leader_only")
    if not notice.is_emergency:
        raise Refused("notice_no_emergency")
    step(session, notice, NoticeAct.SENT_AS_EMERGENCY, actor)
    notice.send_at = notice.repeat = None
    await _check_still_fits(session, actor, notice)
    notice.sent_as_emergency = True
    _let_out(notice, actor)
    return notice


async def cancel_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID, why: str = "") -> Notice:
    """Call it off, also when it is out: what is not out stays in, and nobody is shown it any more.

    Raises WrongState for what was called off before.
    """
    notice = await lock_to_decide(session, actor, notice_id)
    step(session, notice, NoticeAct.CANCELLED, actor, clean_text(why)[:LONGEST_WHY] or None)
    await session.flush()
    await withdraw_notice(session, now(), notice.id)
    return notice


async def _check_still_fits(session: AsyncSession, actor: StaffActor, notice: Notice) -> None:
    if notice.valid_until <= max(now(), notice.send_at or now()):
        raise Refused("notice_expired")
    await check_activity(session, actor, notice.activity_id)
    await check_somebody(session, notice)


def _let_out(notice: Notice, actor: StaffActor) -> None:
    at = now()
    notice.approved_by, notice.approved_at = actor.staff_id, at
    notice.valid_from = max(notice.send_at or at, at)
