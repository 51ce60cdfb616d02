"""The places of the console: one line says who sees a place and what it counts; the frame console.html draws them.

A new place is a line in `PLACES`, with a count of its own where it has one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.rights import PLANNERS
from community.actors import StaffActor
from community.callbacks.queries import count_call_backs
from community.clocks.queries import count_reminders
from community.conversations.queries import count_waiting
from community.needs.models import NeedState
from community.needs.queue import count_queue
from community.notices.listing import count_to_approve
from community.outbox.queries import count_trouble
from community.overview.views import may_overlook
from community.parties.models import Role
from community.parts.queries import count_asked_parts
from community.roster.weeks import count_asked
from community.routing.burdens import count_undecided

NEW = frozenset({NeedState.ROUTED, NeedState.REOPENED})
ADMIN = frozenset({Role.ADMIN})
WORKING = frozenset(Role) - ADMIN
OFFICES = frozenset({Role.COMMITTEE, Role.STREET})
ON_DUTY = OFFICES | {Role.SOCIAL_WORKER}
IN_BAR = 4


class Group(StrEnum):
    """The groups in which places stand: what is to be done, what holds, what was."""

    WORK = "work"
    RULES = "rules"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: address, icon (templates/pages/icons.html), the key of its name, who sees it.

    `counts` are names of `COUNTS`, added up on its badge, `said` the key of the sentence that a screen reader hears
    of it (with `count`). `tabs` are other addresses that belong to it. `only` is a count without which nobody sees it.
    """

    address: str
    icon: str
    name: str
    roles: frozenset[Role]
    group: Group = Group.WORK
    counts: tuple[str, ...] = ()
    said: str = ""
    tabs: tuple[str, ...] = ()
    only: str = ""


PLACES = (
    Place("/staff/needs", "list", "staff.needs", WORKING, counts=("needs",), said="staff.count_needs"),
    Place(
        "/staff/reminders",
        "bell",
        "staff_rules.reminders",
        WORKING,
        counts=("reminders", "parts", "undecided"),
        said="staff_rules.count_reminders",
        tabs=("/staff/parts", "/staff/decide"),
    ),
    Place(
        "/staff/conversations",
        "chat",
        "staff.conversations",
        WORKING,
        counts=("conversations",),
        said="staff.count_conversations",
    ),
    Place(
        "/staff/trouble", "warning", "staff.trouble", WORKING, counts=("trouble",), said="staff.count_trouble"
    ),
    Place(
        "/staff/call-backs",
        "phone",
        "staff_call_backs.call_backs",
        WORKING,
        counts=("call_backs",),
        said="staff_call_backs.count",
    ),
    Place("/staff/activities", "star", "staff_activities.activities", PLANNERS),
    Place(
        "/staff/notices",
        "horn",
        "staff_notices.notices",
        OFFICES,
        counts=("notices",),
        said="staff_notices.count",
        tabs=("/staff/residents",),
    ),
    Place("/staff/people", "person", "staff_people.people", ADMIN, tabs=("/staff/parties",)),
    Place(
        "/staff/matrix",
        "board",
        "staff_rules.rules",
        frozenset(Role),
        Group.RULES,
        tabs=("/staff/calendar", "/staff/kinds", "/staff/absences", "/staff/pushed"),
    ),
    Place(
        "/staff/roster",
        "clock",
        "staff_roster.roster",
        ON_DUTY,
        Group.RULES,
        counts=("roster",),
        said="staff_roster.count",
    ),
    Place("/staff/canned", "chat", "staff_canned.canned", frozenset(Role), Group.RULES),
    Place("/staff/overview", "chart", "staff_overview.overview", WORKING, Group.BACK, only="overlooks"),
    Place("/staff/hotlines", "phone", "staff_hotlines.hotlines", ADMIN, Group.RULES),
    Place("/staff/audit", "lock", "staff_audit.audit", frozenset({Role.ADMIN, Role.STREET}), Group.BACK),
    Place("/staff/learning", "book", "staff_learning.learning", OFFICES | ADMIN, Group.BACK),
)
Count = Callable[[AsyncSession, StaffActor], Awaitable[int]]


async def _count_new(session: AsyncSession, actor: StaffActor) -> int:
    return sum((await count_queue(session, actor, states=NEW)).values())


async def _overlooks(session: AsyncSession, actor: StaffActor) -> int:
    """One for who sees figures of others' work."""
    return int(await may_overlook(session, actor))


COUNTS: Mapping[str, Count] = MappingProxyType(
    {
        "overlooks": _overlooks,
        "notices": count_to_approve,
        "call_backs": count_call_backs,
        "needs": _count_new,
        "conversations": count_waiting,
        "trouble": count_trouble,
        "roster": count_asked,
        "reminders": count_reminders,
        "parts": count_asked_parts,
        "undecided": count_undecided,
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as somebody sees it now."""

    place: Place
    address: str
    count: int

    def holds(self, path: str) -> bool:
        """Whether a page belongs here."""
        return path.startswith((self.place.address, *self.place.tabs))


@dataclass(frozen=True, slots=True)
class Menu:
    """What somebody sees: `bar` is always in sight; `rest` stands in groups, on a phone behind one button."""

    bar: Sequence[Shown]
    rest: Sequence[tuple[Group, Sequence[Shown]]]

    @property
    def waiting(self) -> int:
        """What the places behind the button count together."""
        return sum(shown.count for _, group in self.rest for shown in group)


async def count_all(session: AsyncSession, actor: StaffActor) -> dict[str, int]:
    """Every count of the console for this person."""
    return {name: await count(session, actor) for name, count in COUNTS.items()}


def make_menu(actor: StaffActor, counts: Mapping[str, int]) -> Menu:
    """The places of this person's role; where all of them fit into the bar of a phone, they stand there."""
    seen = [place for place in PLACES if actor.role in place.roles and (not place.only or counts[place.only])]
    shown = [_show(actor, place, counts) for place in seen]
    first = len(shown) if len(shown) <= IN_BAR + 1 else IN_BAR
    rest = [(group, [each for each in shown[first:] if each.place.group is group]) for group in Group]
    return Menu(shown[:first], [(group, places) for group, places in rest if places])


def _show(actor: StaffActor, place: Place, counts: Mapping[str, int]) -> Shown:
    """The street office comes to what waits for its decision first."""
    decides = actor.role is Role.STREET and "undecided" in place.counts and counts["undecided"]
    address = "/staff/decide" if decides else place.address
    return Shown(place, address, sum(counts[name] for name in place.counts))
