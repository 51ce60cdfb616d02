"""Needs that are the same: found nearby by meaning or words, followed, merged, split; none of them confidential."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from channels.render import render_text
from community.actors import StaffActor
from community.clock import now
from community.duplicates.finding import SIZE, Sought, find_likely
from community.duplicates.models import NeedFollower, NeedVector
from community.duplicates.usecases import follow_need, merge_needs, split_need
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import Need, NeedState, Urgency, Visibility
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.places.models import Level, Place
from community.residents.models import Language
from community.residents.usecases import Known, meet_person
from linli.database import Sessions
from tests.cast import Cast

WORDS = "三号楼的电梯又停了，老人下不来"


def direction(angle: float) -> bytes:
    """A vector of length 1; the cosine of two is that of the angle between them."""
    row = np.zeros(SIZE, dtype=np.float32)
    row[0], row[1] = np.cos(angle), np.sin(angle)
    return row.astype("<f2").tobytes()


def lead(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.PROPERTY_COMPANY]


async def report(
    sessions: Sessions,
    who: Known,
    kind: str = "elevator",
    words: str = WORDS,
    *,
    place: UUID | None = None,
    vector: bytes | None = None,
    visibility: Visibility | None = None,
) -> Need:
    async with sessions.begin() as session:
        made = Report(kind, words, place_id=place, visibility=visibility, meaning=vector)
        return await report_need(session, who.resident_id, made)


def sought(cast: Cast, **changed: object) -> Sought:
    values: dict[str, object] = {
        "community_id": cast.here.community.id,
        "kind": "elevator",
        "words": "电梯停了，老人下不来楼",
        "place_id": cast.here.unit.id,
        "resident_id": cast.neighbour.resident_id,
    }
    return Sought(**(values | changed))  # type: ignore[arg-type]


async def found(sessions: Sessions, wanted: Sought) -> list[str]:
    async with sessions() as session:
        return [likely.need.code for likely in await find_likely(session, wanted, now(), most=5)]


async def test_words_find_it_in_the_same_building(sessions: Sessions, cast: Cast) -> None:
    need = await report(sessions, cast.owner, place=cast.here.building.id)
    assert await found(sessions, sought(cast)) == [need.code]
    assert await found(sessions, sought(cast, words="按钮按了没有反应")) == []
    assert await found(sessions, sought(cast, kind="noise")) == []
    assert await found(sessions, sought(cast, place_id=None)) == []
    assert await found(sessions, sought(cast, resident_id=cast.owner.resident_id)) == []
    assert await found(sessions, sought(cast, community_id=cast.there.community.id)) == []


@pytest.mark.parametrize(
    ("angle", "kind", "same"),
    [(0.5, "elevator", True), (1.2, "elevator", False), (0.5, "noise", True), (1.0, "noise", False)],
)
async def test_meaning_finds_it_in_other_words(
    sessions: Sessions, cast: Cast, angle: float, kind: str, same: bool
) -> None:
    need = await report(sessions, cast.owner, place=cast.here.unit.id, vector=direction(0))
    wanted = sought(cast, words="it does not move", kind=kind, vector=direction(angle))
    assert await found(sessions, wanted) == ([need.code] if same else [])


async def test_another_building_is_another_matter(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        other = Place(
            community_id=cast.here.community.id, level=Level.BUILDING, number="9", zh="9号楼", en="Building 9"
        )
        session.add(other)
    await report(sessions, cast.owner, place=other.id)
    assert await found(sessions, sought(cast)) == []


async def test_what_is_over_old_private_or_confidential_is_not_offered(
    sessions: Sessions, cast: Cast
) -> None:
    place = cast.here.unit.id
    over = await report(sessions, cast.owner, place=place, vector=direction(0))
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, over.id)
    await report(sessions, cast.owner, place=place, vector=direction(0), visibility=Visibility.PRIVATE)
    hidden = await report(
        sessions, cast.owner, place=place, vector=direction(0), visibility=Visibility.CONFIDENTIAL
    )
    assert await found(sessions, sought(cast, vector=direction(0))) == []
    async with sessions() as session:
        assert await session.get(NeedVector, hidden.id) is None
        public = await find_likely(session, sought(cast), now() + timedelta(days=40))
        assert public == []


async def test_a_vector_goes_when_a_need_becomes_confidential(sessions: Sessions, cast: Cast) -> None:
    need = await report(sessions, cast.owner, vector=direction(0))
    async with sessions.begin() as session:
        assert await session.get(NeedVector, need.id) is not None
        await change_kind(session, lead(cast), need.id, "mental_health")
    async with sessions() as session:
        assert await session.get(NeedVector, need.id) is None


async def _told(sessions: Sessions, who: Known) -> list[OutboxMessage]:
    async with sessions() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.resident_id == who.resident_id)
        return list((await session.scalars(wanted.order_by(OutboxMessage.seq))).all())


async def test_who_follows_is_told_how_far_it_is_and_nothing_else(sessions: Sessions, cast: Cast) -> None:
    need = await report(sessions, cast.owner, place=cast.here.unit.id)
    for _ in range(2):
        async with sessions.begin() as session:
            await follow_need(session, cast.neighbour.resident_id, need.id)
    async with sessions.begin() as session:
        await accept_need(session, lead(cast), need.id)
        await answer_resident(session, lead(cast), need.id, "王阿姨，您家501我们下午来")
        await resolve_need(session, lead(cast), need.id, "王阿姨家门口换了门机", survey_at=now())
    told = await _told(sessions, cast.neighbour)
    assert [row.message for row in told] == ["followed_accepted", "followed_resolved"]
    for row in told:
        for language in ("zh", "en"):
            words = render_text(row.message, language, row.values)
            assert "王阿姨" not in words
            assert need.code not in words
        assert "王阿姨" not in str(row.values)
        assert row.need_id is None


async def test_who_may_follow(sessions: Sessions, cast: Cast) -> None:
    need = await report(sessions, cast.owner)
    private = await report(sessions, cast.owner, "admin_policy_consult")
    async with sessions.begin() as session:
        for who, what in ((cast.owner, need), (cast.stranger, need), (cast.neighbour, private)):
            with pytest.raises(NotFound):
                await follow_need(session, who.resident_id, what.id)
        await withdraw_need(session, cast.owner.resident_id, need.id)
        with pytest.raises(WrongState):
            await follow_need(session, cast.neighbour.resident_id, need.id)


async def _followers(sessions: Sessions, need: Need) -> set[UUID]:
    async with sessions() as session:
        wanted = select(NeedFollower.resident_id).where(NeedFollower.need_id == need.id)
        return set(await session.scalars(wanted))


async def _third(sessions: Sessions, cast: Cast) -> Known:
    async with sessions.begin() as session:
        here = cast.here.community.id
        return await meet_person(session, "web", "third", community_id=here, language=Language.ZH)


async def _follow_and_merge(sessions: Sessions, cast: Cast, third: Known) -> Need:
    """A public need of the owner, which the third follows, and into which the neighbour's report is merged."""
    need = await report(sessions, cast.owner)
    same = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        await follow_need(session, third.resident_id, need.id)
        await merge_needs(session, lead(cast), same.id, need.code)
    return need


async def test_what_becomes_confidential_is_told_to_nobody_who_follows(
    sessions: Sessions, cast: Cast
) -> None:
    third = await _third(sessions, cast)
    need = await _follow_and_merge(sessions, cast, third)
    async with sessions.begin() as session:
        await change_kind(session, lead(cast), need.id, "mental_health")
    async with sessions.begin() as session:
        await accept_need(session, cast.here.staff[PartyType.SOCIAL_WORK_TEAM], need.id)
    assert await _followers(sessions, need) == set()
    assert await _told(sessions, third) == []
    assert [row.message for row in await _told(sessions, cast.neighbour)] == ["need_merged"]
    assert [row.message for row in await _told(sessions, cast.owner)] == ["need_passed_on", "need_accepted"]


async def test_of_a_confidential_need_no_follower_hears_whoever_is_still_listed(
    sessions: Sessions, cast: Cast
) -> None:
    need = await report(sessions, cast.owner, "mental_health")
    async with sessions.begin() as session:
        session.add(NeedFollower(need_id=need.id, resident_id=cast.neighbour.resident_id, at=now()))
        await accept_need(session, cast.here.staff[PartyType.SOCIAL_WORK_TEAM], need.id)
    assert await _told(sessions, cast.neighbour) == []


async def test_what_becomes_private_is_told_only_to_who_reported_it_too(
    sessions: Sessions, cast: Cast
) -> None:
    third = await _third(sessions, cast)
    need = await _follow_and_merge(sessions, cast, third)
    async with sessions.begin() as session:
        await change_kind(session, lead(cast), need.id, "admin_policy_consult")
    assert await _followers(sessions, need) == {cast.neighbour.resident_id}
    assert await _told(sessions, third) == []


async def test_who_follows_a_public_need_does_not_follow_the_private_one_that_takes_it_in(
    sessions: Sessions, cast: Cast
) -> None:
    third = await _third(sessions, cast)
    private = await report(sessions, cast.owner, visibility=Visibility.PRIVATE)
    public = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        await follow_need(session, third.resident_id, public.id)
        await merge_needs(session, lead(cast), public.id, private.code)
    assert await _followers(sessions, private) == {cast.neighbour.resident_id}


async def test_what_is_withdrawn_is_told_to_who_follows(sessions: Sessions, cast: Cast) -> None:
    need = await report(sessions, cast.owner)
    async with sessions.begin() as session:
        await follow_need(session, cast.neighbour.resident_id, need.id)
        await withdraw_need(session, cast.owner.resident_id, need.id)
    assert [row.message for row in await _told(sessions, cast.neighbour)] == ["followed_withdrawn"]


async def test_merging_and_splitting(sessions: Sessions, cast: Cast) -> None:
    third = await _third(sessions, cast)
    first = await report(sessions, cast.owner)
    second = await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        await follow_need(session, third.resident_id, second.id)
        merged = await merge_needs(session, lead(cast), second.id, f" {first.code.lower()} ")
    assert (merged.state, merged.merged_into) == (NeedState.CLOSED, first.id)
    async with sessions() as session:
        rows = (await session.execute(select(NeedFollower.need_id, NeedFollower.resident_id))).all()
    assert {tuple(row) for row in rows} == {
        (first.id, cast.neighbour.resident_id),
        (first.id, third.resident_id),
    }
    async with sessions.begin() as session:
        await accept_need(session, lead(cast), first.id)
    assert [row.message for row in await _told(sessions, cast.neighbour)] == [
        "need_merged",
        "followed_accepted",
    ]
    assert [row.message for row in await _told(sessions, third)] == ["followed_accepted"]
    async with sessions.begin() as session:
        split = await split_need(session, lead(cast), second.id)
    assert (split.state, split.merged_into, split.lead_party_id) == (
        NeedState.ROUTED,
        None,
        lead(cast).party_id,
    )
    assert split.solution_due_at is not None
    async with sessions.begin() as session:
        with pytest.raises(WrongState):
            await split_need(session, lead(cast), second.id)


async def test_who_was_merged_over_two_steps_and_split_again_follows_none_of_them(
    sessions: Sessions, cast: Cast
) -> None:
    third = await _third(sessions, cast)
    first, second = await report(sessions, third), await report(sessions, cast.neighbour)
    last = await report(sessions, cast.owner)
    async with sessions.begin() as session:
        await merge_needs(session, lead(cast), first.id, second.code)
        await merge_needs(session, lead(cast), second.id, last.code)
    assert await _followers(sessions, last) == {third.resident_id, cast.neighbour.resident_id}
    async with sessions.begin() as session:
        await split_need(session, lead(cast), first.id)
    assert await _followers(sessions, last) == {cast.neighbour.resident_id}


async def test_what_is_more_urgent_is_not_merged_into_what_is_less(sessions: Sessions, cast: Cast) -> None:
    calm, urgent = await report(sessions, cast.owner), await report(sessions, cast.neighbour)
    async with sessions.begin() as session:
        (await session.get_one(Need, urgent.id)).urgency = Urgency.URGENT
    async with sessions() as session:
        with pytest.raises(Refused, match="merge_other_way"):
            await merge_needs(session, lead(cast), urgent.id, calm.code)
    async with sessions.begin() as session:
        merged = await merge_needs(session, lead(cast), calm.id, urgent.code)
        assert merged.merged_into == urgent.id


async def test_who_may_merge_what(sessions: Sessions, cast: Cast) -> None:
    first, second = await report(sessions, cast.owner), await report(sessions, cast.neighbour)
    elsewhere = await report(sessions, cast.stranger)
    secret = await report(sessions, cast.neighbour, "mental_health")
    over = await report(sessions, cast.owner)
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, over.id)
        for code in (elsewhere.code, secret.code, second.code, "ZZZZ9"):
            with pytest.raises(NotFound):
                await merge_needs(session, lead(cast), second.id, code)
        with pytest.raises(Refused):
            await merge_needs(session, lead(cast), second.id, over.code)
        with pytest.raises(NotAllowed):
            await merge_needs(session, cast.here.staff[PartyType.COMMITTEE], second.id, first.code)
        with pytest.raises(NotFound):
            await merge_needs(session, cast.there.staff[PartyType.PROPERTY_COMPANY], second.id, first.code)
