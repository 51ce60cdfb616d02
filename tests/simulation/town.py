"""The people of the simulated quarter: two communities with their staff, and residents with and without a channel."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert

from community.actors import StaffActor
from community.parties.models import PartyType, Staff
from community.residents.models import Address, AddressState, HomeClaim, Language, Resident
from linli.database import Sessions
from tests.cast import Cast, Neighbourhood, make_cast

WINDOW = timedelta(hours=48)
WINDOWS = {"post": WINDOW}
"""A channel of the simulation that may be written to for two days after a person's own message, as WeChat may."""

MORE_STAFF = 4


@dataclass(frozen=True)
class Person:
    """A resident: lives in `home`, is reached by `channel`, or only by phone where that is None."""

    id: UUID
    home: Neighbourhood
    channel: str | None


@dataclass
class Town:
    """Everybody by id. `contacts` and `stopped` are when each resident wrote and stopped us, kept by the simulation."""

    cast: Cast
    actors: dict[UUID, StaffActor]
    by_party: dict[UUID, list[StaffActor]]
    people: list[Person]
    contacts: dict[UUID, list[datetime]] = field(default_factory=dict)
    stopped: dict[UUID, list[datetime]] = field(default_factory=dict)
    _known: dict[UUID, Person] = field(default_factory=dict)

    def person(self, resident_id: UUID) -> Person:
        if not self._known:
            self._known.update({person.id: person for person in self.people})
        return self._known[resident_id]

    def homes(self) -> tuple[Neighbourhood, Neighbourhood]:
        return self.cast.here, self.cast.there


async def make_town(sessions: Sessions, residents: int, at: datetime, chance: random.Random) -> Town:
    """Each party has six people, the first of whom leads; six in a hundred residents have nothing but a phone."""
    cast = await make_cast(sessions)
    actors = [actor for home in (cast.here, cast.there) for actor in _staff_of(home)] + [cast.street]
    async with sessions.begin() as session:
        for home in (cast.here, cast.there):
            for kind in home.parties:
                actors += [_more(home, kind, number) for number in range(MORE_STAFF)]
        known = {cast.street.staff_id} | {
            actor.staff_id for home in (cast.here, cast.there) for actor in _staff_of(home)
        }
        rows = [
            {
                "id": actor.staff_id,
                "party_id": actor.party_id,
                "role": actor.role,
                "sign_in": actor.name,
                "name": actor.name,
            }
            for actor in actors
            if actor.staff_id not in known
        ]
        await session.execute(insert(Staff), rows)
        for home in (cast.here, cast.there):
            for actor in home.staff.values():
                (await session.get_one(Staff, actor.staff_id)).leads = True
        people = [_person(cast, chance) for _ in range(residents)]
        await session.execute(insert(Resident), [_resident(person) for person in people])
        await session.execute(insert(Address), [_address(person, at) for person in people if person.channel])
    by_party: dict[UUID, list[StaffActor]] = {}
    for actor in actors:
        by_party.setdefault(actor.party_id, []).append(actor)
    town = Town(cast, {actor.staff_id: actor for actor in actors}, by_party, people)
    town.contacts = {person.id: [at] for person in people}
    return town


def _staff_of(home: Neighbourhood) -> list[StaffActor]:
    return [*home.staff.values(), *home.colleagues.values()]


def _more(home: Neighbourhood, kind: PartyType, number: int) -> StaffActor:
    first = home.staff[kind]
    return StaffActor(
        uuid4(), first.role, first.party_id, first.community_id, first.street_id, f"{first.name}.{number + 3}"
    )


def _person(cast: Cast, chance: random.Random) -> Person:
    channels = (None, "post", "web")
    channel = chance.choices(channels, (6, 34, 60))[0]
    return Person(uuid4(), chance.choice((cast.here, cast.there)), channel)


def _resident(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "community_id": person.home.community.id,
        "home_claim": HomeClaim.NONE,
        "language": Language.ZH,
        "phone": "13800001234" if person.channel is None else None,
    }


def _address(person: Person, at: datetime) -> dict[str, object]:
    return {
        "resident_id": person.id,
        "channel": person.channel,
        "outside_id": str(person.id),
        "state": AddressState.ACTIVE,
        "last_seen_at": at,
    }
