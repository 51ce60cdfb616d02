"""The months before the demo's stories: needs that came and went, so that the charts of who leads are not empty.

All of it is over. The rows of past_lives.py are written in one go; nothing of it was told to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clocks.models import NeedClock
from community.needs.codes import make_code
from community.needs.models import Need, NeedAssignment, NeedHistory, Visibility
from community.needs.terms import make_terms
from community.parties.models import Party, PartyType, Staff
from community.parts.models import NeedPart
from community.places.models import Community
from community.places.queries import find_path
from community.residents.models import HomeClaim, Language, Resident
from community.routing.models import NeedMove
from community.surveys.models import Survey
from operations.demo.past_lives import WEEKS, Row, Town, live

ENDED_SINCE = timedelta(days=2)
"""The latest of it ended so long ago; what happens now are the stories."""
HOUSEHOLDS = 45


async def remember_past(
    session: AsyncSession,
    community: Community,
    parties: Mapping[PartyType, Party],
    people: Mapping[UUID, Sequence[Staff]],
    homes: Sequence[UUID],
    at: datetime,
    a_week: int,
) -> None:
    """Write about so many needs a week, of people who gave no name."""
    luck = Random(community.code)  # noqa: S311 - a demo that is the same each time, nothing secret
    residents = [uuid4() for _ in range(HOUSEHOLDS)]
    town = Town(community, parties, people, homes, residents, at, luck)
    await session.execute(insert(Resident), [_neighbour(town, resident) for resident in residents])
    pasts = [live(town, week) for week in range(WEEKS) for _ in range(_how_many(town, week, a_week))]
    whole = [past for past in pasts if past.at < at - ENDED_SINCE]
    codes = await _codes(session, len(whole))
    needs = [past.need | {"code": code} for past, code in zip(whole, codes, strict=True)]
    await session.execute(insert(Need), [need | {"terms": await _terms(session, need)} for need in needs])
    for table in (NeedHistory, NeedClock, NeedAssignment, NeedMove, NeedPart, Survey):
        rows = [row for past in whole for row in past.rows.get(table, [])]
        if rows:
            await session.execute(insert(table), rows)


async def _terms(session: AsyncSession, need: Row) -> list[str]:
    """What the need is found by."""
    if need["visibility"] is Visibility.CONFIDENTIAL:
        return []
    path = await find_path(session, need["place_id"])
    return make_terms(kind=need["kind"], words=[need["words"]], path=path, phones=[], at=need["created_at"])


async def _codes(session: AsyncSession, number: int) -> list[str]:
    """So many codes that no need has."""
    taken = set(await session.scalars(select(Need.code)))
    fresh: dict[str, None] = {}
    while len(fresh) < number:
        code = make_code()
        if code not in taken:
            fresh[code] = None
    return [*fresh]


def _how_many(town: Town, week: int, a_week: int) -> int:
    """More and more people come with the months; a holiday week is a quiet one."""
    return max(1, round(a_week * (1.25 - 0.5 * week / WEEKS) * town.luck.uniform(0.6, 1.4)))


def _neighbour(town: Town, resident_id: UUID) -> Row:
    return {
        "id": resident_id,
        "community_id": town.community.id,
        "home_id": town.luck.choice(town.homes),
        "home_claim": HomeClaim.CONFIRMED,
        "language": Language.ZH,
        "created_at": town.at - timedelta(weeks=WEEKS + 1),
    }
