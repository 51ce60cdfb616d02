"""One survey a need and round, one question at a time, written only where it arrives; and every low score called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from community.callbacks.models import CallBack
from community.needs.models import Need, NeedState
from community.parties.models import PartyType, Role
from community.surveys.models import Survey
from tests.simulation.rows import Rows, said_by_staff
from tests.simulation.town import WINDOWS, Town

DAY = timedelta(days=1)
REMINDED, CLOSED = timedelta(hours=48), timedelta(hours=120)


def check_surveys(rows: Rows, town: Town, tick: timedelta) -> Iterator[tuple[Need, str]]:
    """What is wrong with any survey or call-back."""
    for need in rows.needs:
        for wrong in (*_one_each(rows, need), *_answers(rows, need)):
            yield need, wrong
        for survey in rows.surveys[need.id]:
            for wrong in (*_times(survey, tick), *_arrives(survey, town)):
                yield need, f"survey {survey.round}/{survey.turn}: {wrong}"
        for call in rows.calls[need.id]:
            for wrong in _caller(rows, town, need, call):
                yield need, f"call-back: {wrong}"
    yield from _one_at_a_time(rows)


def _one_each(rows: Rows, need: Need) -> Iterator[str]:
    resolved = [
        line for line in rows.history[need.id] if line.event is None and line.to_state is NeedState.RESOLVED
    ]
    first = [survey for survey in rows.surveys[need.id] if survey.turn == 1]
    if sorted(survey.round for survey in first) != list(range(1, len(resolved) + 1)):
        yield f"{len(first)} surveys of {len(resolved)} rounds"
    told = Counter(row.purpose for row in rows.told[need.id] if row.message.startswith("survey_"))
    asked = sum(survey.asked_at is not None for survey in rows.surveys[need.id])
    reminded = sum(survey.reminded_at is not None for survey in rows.surveys[need.id])
    if any(number > 1 for number in told.values()) or sum(told.values()) != asked + reminded:
        yield f"{sum(told.values())} questions for {asked} surveys and {reminded} reminders"
    again = [survey for survey in rows.surveys[need.id] if survey.turn == 2]
    done = [call.survey_id for call in rows.calls[need.id] if call.state.value == "done"]
    before = {(survey.round, survey.id) for survey in first}
    if any(not any(round_ == survey.round and id_ in done for round_, id_ in before) for survey in again):
        yield "a second survey without a call-back that was done"


def _answers(rows: Rows, need: Need) -> Iterator[str]:
    """A no opens the need again, a yes closes it; a one or two has a call-back, any other score has none."""
    reopened = [
        line.at
        for line in rows.history[need.id]
        if line.event is None and line.to_state is NeedState.REOPENED
    ]
    calls = {call.survey_id: call for call in rows.calls[need.id]}
    for survey in rows.surveys[need.id]:
        if survey.solved is False and survey.answered_at not in reopened:
            yield "was not opened again after a no"
        called = survey.id in calls and calls[survey.id].state.value != "cancelled"
        low = (
            survey.score is not None and survey.score <= 2 and survey.turn == 1 and survey.entered_by is None
        )
        if low and not called:
            yield f"nobody calls about a {survey.score}"
        if called and calls[survey.id].why.value == "low_score" and not low:
            yield f"somebody calls about a {survey.score}"
        if survey.entered_by is not None and survey.entered_by in _hands(
            rows, need, calls[survey.id].created_at
        ):
            yield "staff wrote down the answer about their own work"


def _times(survey: Survey, tick: timedelta) -> Iterator[str]:
    if survey.reminded_at is not None and survey.asked_at is not None:
        late = survey.reminded_at - survey.asked_at - REMINDED
        if not timedelta() <= late <= tick:
            yield f"reminded {late} too late"
    if survey.answered_at and survey.asked_at and survey.answered_at - survey.asked_at > CLOSED + tick:
        yield "answered after it was closed"
    if survey.state.value == "expired" and survey.asked_at is None and survey.held_for is None:
        yield "was never asked, and nobody knows why"


def _arrives(survey: Survey, town: Town) -> Iterator[str]:
    """It was asked where the person's channel was open, by the simulation's own record of who wrote when."""
    if survey.asked_at is None:
        return
    person = town.person(survey.resident_id)
    if person.channel is None:
        yield "asked somebody in writing who has no channel"
        return
    window = WINDOWS.get(person.channel)
    last = max(at for at in town.contacts[person.id] if at <= survey.asked_at)
    if window is not None and survey.asked_at - last >= window:
        yield f"asked {survey.asked_at - last} after the last contact"
    stopped = [at for at in town.stopped.get(person.id, []) if at <= survey.asked_at]
    if stopped and max(stopped) > last:
        yield "asked somebody who had stopped us"


def _one_at_a_time(rows: Rows) -> Iterator[tuple[Need, str]]:
    """No question while one about another need is open, nor within a day of it."""
    needs = {need.id: need for need in rows.needs}
    asked: defaultdict[object, list[Survey]] = defaultdict(list)
    for surveys in rows.surveys.values():
        for survey in surveys:
            if survey.asked_at is not None:
                asked[survey.resident_id].append(survey)
    for mine in asked.values():
        mine.sort(key=_asked)
        for number, later in enumerate(mine):
            for earlier in mine[:number]:
                ended = max(_asked(earlier) + DAY, earlier.answered_at or _asked(earlier) + CLOSED)
                if earlier.need_id != later.need_id and _asked(later) < ended:
                    yield needs[later.need_id], f"asked while {needs[earlier.need_id].code} was asked about"


def _asked(survey: Survey) -> datetime:
    assert survey.asked_at is not None
    return survey.asked_at


def _caller(rows: Rows, town: Town, need: Need, call: CallBack) -> Iterator[str]:
    """Who calls is of the leading party or the committee and had no hand in the need before."""
    if call.staff_id is None:
        if call.state.value in ("done", "reopened"):
            yield "nobody did it"
        return
    caller = town.actors[call.staff_id]
    if call.staff_id in _hands(rows, need, call.created_at):
        yield f"{caller.name} had a hand in it"
    survey = next(each for each in rows.surveys[need.id] if each.id == call.survey_id)
    committee = rows.parties[caller.party_id].type is PartyType.COMMITTEE
    if need.visibility.value == "confidential":
        if caller.role is not Role.SOCIAL_WORKER or caller.party_id != survey.party_id:
            yield "a confidential need left social work"
    elif caller.party_id != survey.party_id and not committee:
        yield "is with a third party"
    if call.state.value == "not_reached" and call.tries < 3:
        yield f"given up after {call.tries} tries"


def _hands(rows: Rows, need: Need, before: datetime) -> set[UUID | None]:
    """Everybody of staff who did something about the need up to a moment, apart from calling back and noting."""
    acted = {
        line.staff_id
        for line in rows.history[need.id]
        if line.at <= before
        and not (line.event or "").startswith("call_back")
        and line.to_state is not NeedState.REOPENED
    }
    answered = {entry.staff_id for entry in said_by_staff(rows.entries[need.id]) if entry.at <= before}
    assigned = {row.staff_id for row in rows.assignments[need.id] if row.at <= before}
    return (acted | answered | assigned | {need.filed_by}) - {None}
