"""One need of the past: reported, taken on or passed on, solved, asked about, sometimes opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from community.base import Base
from community.clocks.models import ClockName, NeedClock, Outcome
from community.needs.clocks import Allowed, accept_time, add_time, answer_time, solution_time
from community.needs.kinds import KINDS, Kind
from community.needs.models import NeedAssignment, NeedHistory, NeedState, Urgency, Visibility
from community.parties.models import Party, PartyType, Staff
from community.parts.models import NeedPart, PartState
from community.places.models import Community
from community.routing.models import MoveKind, NeedMove
from community.surveys.models import Survey, SurveyState
from operations.demo.past_words import ASKED_OF_OTHERS, DECLINED_WORDS, PAST_KINDS

WEEKS = 56
PACE: Mapping[PartyType, float] = {
    PartyType.COMMITTEE: 0.42,
    PartyType.SOCIAL_WORK_TEAM: 0.45,
    PartyType.PROPERTY_COMPANY: 0.5,
    PartyType.VOLUNTEER_TEAM: 0.4,
    PartyType.SOCIAL_ORGANISATION: 0.5,
    PartyType.DEPARTMENT: 0.75,
}
"""Which share of the allowed time a party usually needs."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """The community with its parties and their people, its units, and who lives there."""

    community: Community
    parties: Mapping[PartyType, Party]
    people: Mapping[UUID, Sequence[Staff]]
    homes: Sequence[UUID]
    residents: Sequence[UUID]
    at: datetime
    luck: Random


@dataclass(slots=True)
class Past:
    """One need as it is made: its row, what happened, and where it stands."""

    town: Town
    kind: Kind
    need: Row
    at: datetime
    party: Party
    state: NeedState | None = None
    rows: dict[type[Base], list[Row]] = field(default_factory=dict)

    def add(self, table: type[Base], **values: object) -> None:
        """A row of a table that belongs to this need."""
        self.rows.setdefault(table, []).append({"need_id": self.need["id"], **values})

    def move(
        self, to: NeedState, at: datetime, *, staff: Staff | None = None, resident: bool = False,
        why: str | None = None, details: Row | None = None,
    ) -> None:  # fmt: skip
        """The next state, with its line of history."""
        self.at = max(at, self.at)
        self.add(
            NeedHistory,
            at=self.at,
            resident_id=self.need["resident_id"] if resident else None,
            staff_id=staff.id if staff else None,
            from_state=self.state,
            to_state=to,
            party_id=self.party.id,
            why=why,
            details=details,
        )
        self.state = to


def live(town: Town, week: int) -> Past:
    """One need from its report to its end."""
    past = _report(town, week)
    luck = town.luck
    if luck.random() < 0.04:
        _withdraw(past)
        return past
    if past.kind.visibility is not Visibility.CONFIDENTIAL:
        _pass_on(past)
    _solve(past)
    _survey(past)
    _finish(past)
    return past


def _report(town: Town, week: int) -> Past:
    luck = town.luck
    code = luck.choices([*PAST_KINDS], [kind.weight for kind in PAST_KINDS.values()])[0]
    kind, party = KINDS[code], town.parties[KINDS[code].lead]
    urgency = Urgency.URGENT if luck.random() < 0.12 else Urgency.NORMAL
    at = _some_moment(town, week)
    hours, zone = town.community.office_hours, town.community.zone
    need = {
        "id": uuid4(),
        "community_id": town.community.id,
        "resident_id": luck.choice(town.residents),
        "kind": code,
        "words": luck.choice(PAST_KINDS[code].said),
        "place_id": luck.choice(town.homes) if kind.asks_place else None,
        "urgency": urgency,
        "visibility": kind.visibility,
        "routing_why": "matrix",
        "routing_values": {"kind": kind.name, "party": party.name},
        "first_answer_due_at": add_time(answer_time(kind, urgency), at, hours, zone),
        "solution_due_at": add_time(solution_time(kind, urgency), at, hours, zone),
        "created_at": at,
        "assignee_id": None,
        "first_answered_at": None,
        "resolved_at": None,
        "rounds": 1,
        "declines": 0,
    }
    past = Past(town, kind, need, at, party)
    past.move(NeedState.REPORTED, at, resident=True)
    past.move(NeedState.ROUTED, at, why="matrix", details={"kind": kind.name, "party": party.name})
    return past


def _some_moment(town: Town, week: int) -> datetime:
    """In the daytime and evening of some day of that week, counted back from now."""
    day = town.at - timedelta(days=7 * week + town.luck.uniform(3, 10))
    local = day.astimezone(ZoneInfo(town.community.zone))
    hour = town.luck.choices(range(7, 23), [2, 6, 8, 8, 6, 4, 3, 4, 6, 5, 5, 6, 8, 8, 5, 2])[0]
    return local.replace(hour=hour, minute=town.luck.randrange(60)).astimezone(day.tzinfo)


def _withdraw(past: Past) -> None:
    at = past.at + timedelta(hours=past.town.luck.uniform(1, 20))
    past.move(NeedState.WITHDRAWN, at, resident=True, why="已经好了。")
    past.need |= {
        "closed_at": past.at,
        "state": past.state,
        "changed_at": past.at,
        "lead_party_id": past.party.id,
    }


def _pass_on(past: Past) -> None:
    """Some parties decline; social work refuses what is an errand. The committee gets it."""
    town, luck = past.town, past.town.luck
    committee, staff = town.parties[PartyType.COMMITTEE], luck.choice(town.people[past.party.id])
    how = MoveKind.ERRAND if past.party.type is PartyType.SOCIAL_WORK_TEAM else MoveKind.DECLINED
    if past.party is committee or luck.random() > (0.2 if past.party.type is PartyType.DEPARTMENT else 0.09):
        return
    words = "" if how is MoveKind.ERRAND else luck.choice(DECLINED_WORDS)
    at = past.at + timedelta(minutes=luck.uniform(10, 300))
    past.move(
        NeedState.DECLINED, at, staff=staff, why="errand" if how is MoveKind.ERRAND else f"not_ours: {words}"
    )
    past.add(
        NeedMove, at=past.at, how=how, from_party_id=past.party.id, to_party_id=committee.id, staff_id=staff.id,
        reason="errand" if how is MoveKind.ERRAND else "not_ours", words=words,
    )  # fmt: skip
    why = "errand" if how is MoveKind.ERRAND else "assisting"
    values = {"kind": past.kind.name, "party": committee.name, "declined": past.party.name}
    past.party = committee
    past.need |= {"declines": 1, "routing_why": why, "routing_values": values}
    past.move(NeedState.ROUTED, past.at, why=why, details=values)


def _solve(past: Past) -> None:
    """Taken on, answered, solved: each within what is allowed, or late."""
    town, kind, urgency = past.town, past.kind, past.need["urgency"]
    staff = town.luck.choice(town.people[past.party.id])
    began = past.at
    accepted = _run(past, ClockName.ACCEPT, accept_time(kind, urgency), began)
    answered = max(
        accepted, _run(past, ClockName.ANSWER, answer_time(kind, urgency), past.need["created_at"])
    )
    solved = _run(past, ClockName.SOLUTION, solution_time(kind, urgency), past.need["created_at"])
    past.need |= {"assignee_id": staff.id, "first_answered_at": answered}
    past.add(NeedAssignment, staff_id=staff.id, assigned_by=staff.id, at=accepted)
    past.move(NeedState.ACCEPTED, accepted, staff=staff)
    past.move(NeedState.IN_PROGRESS, answered, staff=staff)
    _ask_others(past, staff)
    past.move(NeedState.RESOLVED, solved, staff=staff, why=town.luck.choice(PAST_KINDS[kind.code].done))


def _run(past: Past, name: ClockName, allowed: Allowed, began: datetime, turn: int = 1) -> datetime:
    """A clock from its start to its end; the months show: it takes less and less."""
    town = past.town
    age = (town.at - began) / timedelta(weeks=WEEKS)
    share = PACE[past.party.type] * (1 + 0.35 * age) * town.luck.lognormvariate(0, 0.55)
    hours, zone = town.community.office_hours, town.community.zone
    taken = Allowed(max(3, round(allowed.minutes * share)), allowed.around_the_clock)
    due, ended = (add_time(time, began, hours, zone) for time in (allowed, taken))
    past.add(
        NeedClock, name=name, round=turn, minutes=allowed.minutes, around_the_clock=allowed.around_the_clock,
        started_at=began, counted_from=began, used=taken.minutes * 60, due_at=due, ended_at=ended,
        outcome=Outcome.MET if ended <= due else Outcome.LATE,
    )  # fmt: skip
    return ended


def _ask_others(past: Past, staff: Staff) -> None:
    """Another party takes a part: most agree and do it, some agree and do not."""
    town, luck = past.town, past.town.luck
    others = [town.parties[kind] for kind in past.kind.assist if town.parties[kind] is not past.party]
    if not others or past.kind.visibility is Visibility.CONFIDENTIAL or luck.random() > 0.14:
        return
    state = luck.choices((PartState.DONE, PartState.REFUSED, PartState.ACCEPTED), (8, 2, 1))[0]
    past.add(
        NeedPart, id=uuid4(), party_id=luck.choice(others).id, what=luck.choice(ASKED_OF_OTHERS), state=state,
        asked_by=staff.id, asked_at=past.at, changed_at=past.at + timedelta(hours=luck.uniform(1, 30)),
    )  # fmt: skip


def _survey(past: Past) -> None:
    """Two of three answer; what is not solved opens again, and takes another round."""
    luck, solved_at = past.town.luck, past.at
    if luck.random() > 0.66:
        past.move(NeedState.CLOSED, solved_at + timedelta(days=7), why="no_answer")
        return
    asked = solved_at + timedelta(hours=24)
    answered = asked + timedelta(minutes=luck.uniform(5, 900))
    good = luck.random() < (0.82 if past.party.type is PartyType.DEPARTMENT else 0.91)
    score = luck.choices((5, 4, 3), (6, 3, 1))[0] if good else luck.choices((1, 2, 3), (2, 4, 2))[0]
    past.add(
        Survey, id=uuid4(), resident_id=past.need["resident_id"], party_id=past.party.id, round=1, turn=1,
        state=SurveyState.ANSWERED, asked_at=asked, answered_at=answered, solved=good, score=score,
        created_at=solved_at,
    )  # fmt: skip
    if good:
        past.move(NeedState.CLOSED, answered, resident=True, why="solved")
        return
    past.move(NeedState.REOPENED, answered, resident=True, why="not_solved")
    past.need["rounds"] = 2
    again = _run(past, ClockName.SOLUTION, solution_time(past.kind, past.need["urgency"]), past.at, turn=2)
    staff = past.town.luck.choice(past.town.people[past.party.id])
    past.move(NeedState.IN_PROGRESS, past.at + timedelta(minutes=20), staff=staff)
    past.move(NeedState.RESOLVED, again, staff=staff, why=luck.choice(PAST_KINDS[past.kind.code].done))
    past.move(NeedState.CLOSED, past.at + timedelta(days=7), why="no_answer")


def _finish(past: Past) -> None:
    """The need as it stands at its end."""
    resolved = [row["at"] for row in past.rows[NeedHistory] if row["to_state"] is NeedState.RESOLVED]
    past.need |= {
        "state": past.state,
        "lead_party_id": past.party.id,
        "resolved_at": resolved[-1],
        "closed_at": past.at,
        "changed_at": past.at,
    }
