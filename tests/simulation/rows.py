"""Everything that the quarter left in the database, by need, and the story of a need for who finds something wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.callbacks.models import CallBack
from community.clocks.models import ClockReminder, NeedClock
from community.needs.models import EntryKind, Need, NeedAssignment, NeedEntry, NeedHistory
from community.outbox.models import OutboxMessage
from community.parties.models import Party
from community.routing.models import Absence, NeedMove
from community.surveys.models import Survey

Row = TypeVar("Row")
OfNeed = TypeVar("OfNeed", NeedHistory, NeedEntry, NeedClock, NeedMove, NeedAssignment, Survey, CallBack)
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Rows:
    """Rows of every table by need, each in the order in which they were written."""

    needs: Sequence[Need]
    history: Mapping[UUID, list[NeedHistory]]
    entries: Mapping[UUID, list[NeedEntry]]
    clocks: Mapping[UUID, list[NeedClock]]
    steps: Mapping[int, list[ClockReminder]]
    moves: Mapping[UUID, list[NeedMove]]
    assignments: Mapping[UUID, list[NeedAssignment]]
    surveys: Mapping[UUID, list[Survey]]
    calls: Mapping[UUID, list[CallBack]]
    told: Mapping[UUID, list[OutboxMessage]]
    parties: Mapping[UUID, Party]
    absences: Sequence[Absence]

    def tell(self, need: Need) -> str:
        """What happened to a need, line by line, in the community's time."""
        told = "\n".join(f"  {_local(at)} {what}" for at, what in sorted(self._lines(need), key=_moment))
        return f"{need.code} {need.kind} {need.urgency.value} {need.visibility.value}\n{told}"

    def _lines(self, need: Need) -> Iterator[tuple[datetime, str]]:
        for line in self.history[need.id]:
            yield line.at, f"{line.event or line.to_state.value} {line.why or ''}"
        for entry in self.entries[need.id]:
            yield entry.at, f"{entry.kind.value} by {'staff' if entry.staff_id else 'resident'}"
        for clock in self.clocks[need.id]:
            name = f"{clock.name.value} {clock.round}"
            yield clock.started_at, f"clock {name} due {_local(clock.due_at)}"
            if clock.ended_at:
                yield clock.ended_at, f"clock {name} {clock.outcome}"
            for step in self.steps[clock.id]:
                yield step.done_at, f"step {step.step.value} of {name}"
        for survey in self.surveys[need.id]:
            said = f"survey {survey.round}/{survey.turn} {survey.state.value} {survey.held_for or ''}"
            at = survey.asked_at or survey.held_since or survey.due_at or need.created_at
            yield at, f"{said} solved {survey.solved} {survey.score}"
        for call in self.calls[need.id]:
            yield call.created_at, f"call-back {call.why.value} {call.state.value}"


async def read_rows(session: AsyncSession) -> Rows:
    """All of it at once."""
    clocks = await _all(session, NeedClock, NeedClock.id)
    return Rows(
        needs=await _all(session, Need, Need.created_at),
        history=_by_need(await _all(session, NeedHistory, NeedHistory.id)),
        entries=_by_need(await _all(session, NeedEntry, NeedEntry.id)),
        clocks=_by_need(clocks),
        steps=_by_clock(await _all(session, ClockReminder, ClockReminder.id)),
        moves=_by_need(await _all(session, NeedMove, NeedMove.id)),
        assignments=_by_need(await _all(session, NeedAssignment, NeedAssignment.at)),
        surveys=_by_need(await _all(session, Survey, Survey.round)),
        calls=_by_need(await _all(session, CallBack, CallBack.created_at)),
        told=_told(await _all(session, OutboxMessage, OutboxMessage.seq)),
        parties={party.id: party for party in await _all(session, Party, Party.created_at)},
        absences=await _all(session, Absence, Absence.starts_at),
    )


def said_by_staff(entries: Iterable[NeedEntry]) -> list[NeedEntry]:
    """The answers to the resident among the entries."""
    return [entry for entry in entries if entry.kind is EntryKind.ANSWER]


async def _all(session: AsyncSession, table: type[Row], order: object) -> Sequence[Row]:
    return (await session.scalars(select(table).order_by(order))).all()  # type: ignore[arg-type]


def _by_need(rows: Iterable[OfNeed]) -> Mapping[UUID, list[OfNeed]]:
    found: defaultdict[UUID, list[OfNeed]] = defaultdict(list)
    for row in rows:
        found[row.need_id].append(row)
    return found


def _told(rows: Iterable[OutboxMessage]) -> Mapping[UUID, list[OutboxMessage]]:
    found: defaultdict[UUID, list[OutboxMessage]] = defaultdict(list)
    for row in rows:
        if row.need_id is not None:
            found[row.need_id].append(row)
    return found


def _by_clock(rows: Iterable[ClockReminder]) -> Mapping[int, list[ClockReminder]]:
    found: defaultdict[int, list[ClockReminder]] = defaultdict(list)
    for row in rows:
        found[row.clock_id].append(row)
    return found


def _moment(line: tuple[datetime, str]) -> datetime:
    return line[0]


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%m-%d %a %H:%M}"
