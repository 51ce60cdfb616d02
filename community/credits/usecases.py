"""The time bank: hours earned by helping, spent on asking for help, given back where the help was not needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.activities.models import Part
from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.credits.models import CreditLine, CreditReason, TimeBank
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import Need, NeedState, Visibility
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.parties.models import Role
from community.signups.usecases.steps import Held, lock_resident
from linli.text import check_text

HOUR = 60
MOST_HOURS = 8
LONGEST_WORDS = 500
HELP = "other"
"""The kind of need that asks for a neighbour's help: the committee looks for somebody."""


async def set_time_bank(session: AsyncSession, actor: StaffActor, *, kept: bool) -> None:
    """The committee begins or ends its community's time bank; what was earned stays. Raises NotAllowed."""
    if actor.role is not Role.COMMITTEE or actor.community_id is None:
        raise NotAllowed
    bank = await session.get(TimeBank, actor.community_id)
    if kept == (bank is not None):
        return
    if bank is not None:
        await session.delete(bank)
    else:
        session.add(TimeBank(community_id=actor.community_id, since=now(), begun_by=actor.staff_id))
    note_act(
        session,
        actor,
        "time_bank_begun" if kept else "time_bank_ended",
        subject_kind="community",
        subject_id=actor.community_id,
        community_id=actor.community_id,
    )


async def keeps_time_bank(session: AsyncSession, community_id: UUID) -> bool:
    """Whether the community keeps a time bank."""
    return await session.get(TimeBank, community_id) is not None


async def get_balance(session: AsyncSession, resident_id: UUID, community_id: UUID) -> int:
    """The minutes that a resident has in the time bank of a community."""
    wanted = select(func.coalesce(func.sum(CreditLine.minutes), 0)).where(
        CreditLine.resident_id == resident_id, CreditLine.community_id == community_id
    )
    return int(await session.scalar(wanted) or 0)


async def earn_credit(session: AsyncSession, held: Held) -> None:
    """The minutes of a shift at which somebody helped, once; companions' minutes are nobody's."""
    minutes = held.sign_up.minutes or 0
    if held.places.part is not Part.VOLUNTEER or minutes <= 0:
        return
    if not await keeps_time_bank(session, held.shift.community_id):
        return
    row = insert(CreditLine).values(
        **_of(held), minutes=minutes, reason=CreditReason.SERVED, sign_up_id=held.sign_up.id, at=now()
    )
    await session.execute(row.on_conflict_do_nothing())


async def correct_credit(session: AsyncSession, held: Held, before: int) -> None:
    """Hours that a leader corrected change what was earned by as much, on a line of its own."""
    earned = exists().where(CreditLine.sign_up_id == held.sign_up.id)
    if not await session.scalar(select(earned)):
        await earn_credit(session, held)
        return
    changed = (held.sign_up.minutes or 0) - before
    if changed:
        line = CreditLine(
            **_of(held),
            minutes=changed,
            reason=CreditReason.CORRECTED,
            sign_up_id=held.sign_up.id,
            at=now(),
        )
        session.add(line)


async def ask_for_help(
    session: AsyncSession,
    resident_id: UUID,
    hours: int,
    words: str,
    *,
    request_id: UUID,
    limits: ReportLimits | None = None,
) -> UUID:
    """Spend hours on a neighbour's help: a need that the committee finds somebody for. Gives the need.

    A form that comes again spends once. Raises Refused: credits_short, hours_unclear; TextRefused without words;
    NotFound where the community keeps no time bank.
    """
    resident = await lock_resident(session, resident_id)
    spent = select(CreditLine.need_id).where(
        CreditLine.request_id == request_id, CreditLine.resident_id == resident_id
    )
    if known := await session.scalar(spent):
        return known
    if resident.community_id is None or not await keeps_time_bank(session, resident.community_id):
        raise NotFound
    if not 1 <= hours <= MOST_HOURS:
        raise Refused("hours_unclear")
    balance = await get_balance(session, resident_id, resident.community_id)
    if hours * HOUR > balance:
        raise Refused("credits_short", hours=round(balance / HOUR, 1))
    said = check_text(words, LONGEST_WORDS)
    report = Report(HELP, f"【时间银行 {hours} 小时】{said}", visibility=Visibility.PRIVATE)
    need = await report_need(session, resident_id, report, limits=limits)
    session.add(
        CreditLine(
            resident_id=resident_id,
            community_id=resident.community_id,
            minutes=-hours * HOUR,
            reason=CreditReason.SPENT,
            need_id=need.id,
            request_id=request_id,
            at=now(),
        )
    )
    await session.flush()
    return need.id


async def find_unhelped(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` needs that were withdrawn, or paid for twice, and whose hours are not given back yet."""
    del at  # whatever is withdrawn is due
    back = aliased(CreditLine)
    wanted = (
        select(CreditLine.need_id)
        .join(Need, Need.id == CreditLine.need_id)
        .where(
            CreditLine.reason == CreditReason.SPENT,
            or_(Need.state == NeedState.WITHDRAWN, _paid_twice()),
            ~exists().where(back.need_id == CreditLine.need_id, back.reason == CreditReason.RETURNED),
        )
        .limit(most)
    )
    return [each for each in await session.scalars(wanted) if each is not None]


def _paid_twice() -> ColumnElement[bool]:
    """That a need is merged into another of the same person, for which they have spent hours as well."""
    other, paid = aliased(Need), aliased(CreditLine)
    return exists().where(
        Need.state == NeedState.CLOSED,
        other.id == Need.merged_into,
        other.resident_id == Need.resident_id,
        paid.need_id == other.id,
        paid.reason == CreditReason.SPENT,
    )


async def return_credit(session: AsyncSession, at: datetime, need_id: UUID) -> int:
    """Give back what was spent on a need of `find_unhelped`, once; 1 where it was done."""
    spent = await session.scalar(
        select(CreditLine).where(CreditLine.need_id == need_id, CreditLine.reason == CreditReason.SPENT)
    )
    if spent is None:
        return 0
    row = insert(CreditLine).values(
        resident_id=spent.resident_id,
        community_id=spent.community_id,
        minutes=-spent.minutes,
        reason=CreditReason.RETURNED,
        need_id=need_id,
        at=at,
    )
    made = await session.scalar(row.on_conflict_do_nothing().returning(CreditLine.id))
    return int(made is not None)


async def find_lines(session: AsyncSession, resident_id: UUID, most: int = 50) -> Sequence[CreditLine]:
    """The newest lines of a resident's account."""
    wanted = select(CreditLine).where(CreditLine.resident_id == resident_id)
    return (await session.scalars(wanted.order_by(CreditLine.id.desc()).limit(most))).all()


def _of(held: Held) -> dict[str, UUID]:
    return {"resident_id": held.sign_up.resident_id, "community_id": held.shift.community_id}
