"""Audiences: who is in them, what is counted and shown before sending, and what the channels make of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.usecases.following import follow_kind
from community.actors import StaffActor
from community.contact.usecases import set_follow, set_preference
from community.errors import NotFound, Refused
from community.notices.audiences import Audience, read_audience, residents_in
from community.notices.counting import Way, count_audience, forecast
from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.notices.saved import find_audiences, forget_audience, save_audience
from community.parties.models import PartyType
from community.places.models import Level, Place
from community.residents.models import Address, Language, Resident
from community.residents.queries import find_addresses
from community.residents.tags import ResidentTag
from linli.database import Sessions
from tests.cast import Cast
from tests.community.notices.sent import recipients, send_out

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@dataclass(frozen=True)
class People:
    """The cast's people, who are of some age, home and language; `grid` holds building 3."""

    grid: Place
    old: Resident
    young: Resident
    nowhere: Resident
    stranger: Resident


@pytest.fixture
async def people(sessions: Sessions, cast: Cast) -> People:
    """Two of the cast live in building 3 and its unit; a third has neither home nor channel."""
    async with sessions.begin() as session:
        here = cast.here.community.id
        grid = Place(community_id=here, level=Level.GRID, number="1", zh="第一网格", en="Grid 1")
        session.add(grid)
        await session.flush()
        (await session.get_one(Place, cast.here.building.id)).parent_id = grid.id
        old = await session.get_one(Resident, cast.owner.resident_id)
        old.home_id, old.birth_year, old.name = cast.here.unit.id, 1950, "王阿姨"
        young = await session.get_one(Resident, cast.neighbour.resident_id)
        young.home_id, young.birth_year, young.language = cast.here.building.id, 1995, Language.EN
        nowhere = Resident(community_id=here, language=Language.ZH)
        session.add(nowhere)
        stranger = await session.get_one(Resident, cast.stranger.resident_id)
        stranger.birth_year = 1940
        session.add(ResidentTag(resident_id=old.id, tag="living_alone", since=AT))
        await session.flush()
        return People(grid, old, young, nowhere, stranger)


async def names_in(sessions: Sessions, people: People, audience: Audience) -> set[str]:
    async with sessions() as session:
        found = set((await session.scalars(residents_in(audience))).all())
    return {name for name in ("old", "young", "nowhere", "stranger") if getattr(people, name).id in found}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {"old", "young", "nowhere"}),
        ({"age_from": 60}, {"old"}),
        ({"age_to": 40}, {"young"}),
        ({"language": Language.EN}, {"young"}),
        ({"tags": ("living_alone", "tenant")}, {"old"}),
        ({"without_tags": ("living_alone",)}, {"young", "nowhere"}),
        ({"channels": ("web",)}, {"old", "young"}),
        ({"channels": ("wechat",)}, set()),
        ({"follows": ("utilities",)}, {"old", "nowhere"}),
        ({"activities": ("patrol",)}, {"old"}),
    ],
)
async def test_whoever_fits_is_in_it(
    sessions: Sessions, cast: Cast, people: People, chosen: dict[str, Any], expected: set[str]
) -> None:
    async with sessions.begin() as session:
        await set_follow(session, people.young.id, "utilities", follows=False)
        await follow_kind(session, people.old.id, "patrol")
    audience = Audience(community_id=cast.here.community.id, **chosen)
    assert await names_in(sessions, people, audience) == expected
    again = read_audience(audience.stored(), community_id=cast.here.community.id)
    assert await names_in(sessions, people, again) == expected


async def test_places_hold_what_lies_below_them(sessions: Sessions, cast: Cast, people: People) -> None:
    here = cast.here.community.id
    for places, expected in (
        ((people.grid.id,), {"old", "young"}),
        ((cast.here.building.id,), {"old", "young"}),
        ((cast.here.unit.id,), {"old"}),
    ):
        assert await names_in(sessions, people, Audience(here, places=places)) == expected
    without = Audience(here, without_places=(cast.here.unit.id,))
    assert await names_in(sessions, people, without) == {"young", "nowhere"}


async def test_walls_hold_and_no_wall_is_nobody(sessions: Sessions, cast: Cast, people: People) -> None:
    there = cast.there.community.id
    street = Audience(street_id=cast.street.street_id, age_from=60)
    assert await names_in(sessions, people, street) == {"old", "stranger"}
    part = Audience(street_id=cast.street.street_id, communities=(there,))
    assert await names_in(sessions, people, part) == {"stranger"}
    assert await names_in(sessions, people, Audience(there, places=(people.grid.id,))) == set()
    assert await names_in(sessions, people, Audience()) == set()


async def test_who_has_not_confirmed_yet(sessions: Sessions, cast: Cast, people: People) -> None:
    async with sessions.begin() as session:
        notice = Notice(
            community_id=cast.here.community.id,
            category="utilities",
            state=NoticeState.SENT,
            title_zh="停水",
            text_zh="停水",
            valid_from=AT,
            valid_until=AT + timedelta(days=1),
        )
        session.add(notice)
        await session.flush()
        for person, confirmed_at in ((people.old, AT), (people.young, None)):
            session.add(
                NoticeRecipient(
                    notice_id=notice.id, resident_id=person.id, queued_at=AT, confirmed_at=confirmed_at
                )
            )
    here = cast.here.community.id
    assert await names_in(sessions, people, Audience(here, unconfirmed=notice.id)) == {"young"}
    rest = Audience(here, without_confirmed=notice.id)
    assert await names_in(sessions, people, rest) == {"young", "nowhere"}


async def test_the_sample_names_people_to_their_committee_only(
    sessions: Sessions, cast: Cast, people: People
) -> None:
    audience = Audience(cast.here.community.id, age_from=60)
    async with sessions() as session:
        counted = await count_audience(session, cast.here.staff[PartyType.COMMITTEE], audience)
        by_street = await count_audience(session, cast.street, audience)
    assert (counted.people, counted.examples[0].name) == (1, "王阿姨")
    assert (by_street.examples[0].name, by_street.examples[0].home) == (
        None,
        {"zh": "3号楼2单元", "en": "Building 3 Unit 2"},
    )


async def test_the_forecast_tells_what_the_channels_and_wishes_make_of_it(
    sessions: Sessions, cast: Cast, people: People
) -> None:
    audience = Audience(cast.here.community.id)
    async with sessions() as session:
        before = await forecast(session, audience, "utilities", 3)
    assert (before.ways, before.unreachable, before.is_exact) == ([Way("web", 2, 0)], 1, True)
    async with sessions.begin() as session:
        await move_to_wechat(session, people.old, until=AT - timedelta(hours=1))
        await set_preference(session, people.young.id, notices_stopped_at=AT)
    async with sessions() as session:
        after = await forecast(session, audience, "utilities", 3)
        emergency = await forecast(session, audience, "emergency", 3)
    assert (after.ways, after.unwanted) == ([Way("wechat", 0, 1)], 1)
    assert (emergency.now, emergency.waiting, emergency.unwanted) == (1, 1, 0)


async def test_the_forecast_goes_by_where_somebody_was_lately_as_sending_does(
    sessions: Sessions, cast: Cast, people: People
) -> None:
    audience = Audience(cast.here.community.id)
    async with sessions.begin() as session:
        old_web = (await find_addresses(session, people.old.id))[0]
        old_web.last_seen_at = AT - timedelta(days=90)
        closed = AT - timedelta(hours=1)
        session.add(
            Address(
                resident_id=people.old.id,
                channel="wechat",
                outside_id="openid",
                may_send=0,
                window_until=closed,
                last_seen_at=AT - timedelta(days=3),
            )
        )
    async with sessions() as session:
        told = await forecast(session, audience, "utilities", 3)
    assert told.ways == [Way("web", 1, 0), Way("wechat", 0, 1)]
    notice_id = await send_out(sessions, cast.here, AT)
    assert (await recipients(sessions, notice_id))[people.old.id].channel == "wechat"


async def move_to_wechat(session: AsyncSession, resident: Resident, until: datetime) -> None:
    address = (await find_addresses(session, resident.id))[0]
    address.channel, address.may_send, address.window_until = "wechat", 5, until
    await session.flush()


async def test_an_audience_is_kept_under_its_name_within_the_office(
    sessions: Sessions, cast: Cast, people: People
) -> None:
    ours, theirs = cast.here.staff[PartyType.COMMITTEE], cast.there.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await save_audience(session, ours, "老人", Audience(age_from=65))
        await save_audience(session, ours, "老人", Audience(age_from=60, places=(people.grid.id,)))
    async with sessions() as session:
        (kept,) = await find_audiences(session, ours)
        assert (kept.name, kept.audience) == ("老人", {"age_from": 60, "places": [str(people.grid.id)]})
        assert await find_audiences(session, theirs) == []
    with pytest.raises(NotFound):
        async with sessions.begin() as session:
            await forget_audience(session, theirs, kept.id)
    with pytest.raises(Refused, match="audience_needs_name"):
        async with sessions.begin() as session:
            await save_audience(session, ours, " ", Audience())
    async with sessions.begin() as session:
        await forget_audience(session, ours, kept.id)


async def test_two_colleagues_who_keep_one_name_at_once_keep_it_once(
    sessions: Sessions, cast: Cast, people: People
) -> None:
    async def keep(actor: StaffActor, age_from: int) -> None:
        async with sessions.begin() as session:
            await save_audience(session, actor, "老人", Audience(age_from=age_from))

    committee = PartyType.COMMITTEE
    await asyncio.gather(keep(cast.here.staff[committee], 60), keep(cast.here.colleagues[committee], 70))
    async with sessions() as session:
        assert len(await find_audiences(session, cast.here.staff[committee])) == 1
