"""Refusing a need has an end: the second refusal, an errand too, goes to the street office, whose word stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotAllowed
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import DeclineReason, decline_need, hand_over_need
from community.needs.usecases.steering import decide_need, refuse_errand
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

COMMITTEE, SOCIAL_WORK = PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM


async def _report(sessions: Sessions, cast: Cast, kind: str) -> UUID:
    async with sessions.begin() as session:
        return (await report_need(session, cast.owner.resident_id, Report(kind, "帮忙看一下"))).id


async def _do(sessions: Sessions, act: Callable[[AsyncSession], Awaitable[Need]]) -> Need:
    async with sessions.begin() as session:
        return await act(session)


async def test_an_errand_as_the_second_refusal_goes_to_the_street(sessions: Sessions, cast: Cast) -> None:
    need_id, team = await _report(sessions, cast, "noise"), cast.here.staff[SOCIAL_WORK]
    await _do(
        sessions,
        lambda session: decline_need(
            session,
            cast.here.staff[COMMITTEE],
            need_id,
            DeclineReason.NOT_OURS,
            named_party_id=team.party_id,
        ),
    )
    need = await _do(sessions, lambda session: refuse_errand(session, team, need_id))
    assert (need.lead_party_id, need.routing_why) == (cast.street.party_id, "street")


async def test_what_the_street_has_decided_goes_back_or_on_to_nobody(sessions: Sessions, cast: Cast) -> None:
    need_id, team = await _report(sessions, cast, "elderly_care"), cast.here.staff[SOCIAL_WORK]
    committee = cast.here.staff[COMMITTEE]
    await _do(sessions, lambda session: refuse_errand(session, team, need_id))
    await _do(sessions, lambda session: decline_need(session, committee, need_id, DeclineReason.NO_CAPACITY))
    await _do(sessions, lambda session: decide_need(session, cast.street, need_id, team.party_id))
    for act in (
        lambda session: refuse_errand(session, team, need_id),
        lambda session: hand_over_need(session, team, need_id, committee.party_id, "还是归居委会"),
    ):
        with pytest.raises(NotAllowed) as refused:
            await _do(sessions, act)
        assert refused.value.message == "street_has_decided"


async def test_what_the_street_gives_on_is_decided_whichever_way(sessions: Sessions, cast: Cast) -> None:
    need_id, team = await _report(sessions, cast, "elderly_care"), cast.here.staff[SOCIAL_WORK]
    committee = cast.here.staff[COMMITTEE]
    await _do(sessions, lambda session: refuse_errand(session, team, need_id))
    await _do(sessions, lambda session: decline_need(session, committee, need_id, DeclineReason.NO_CAPACITY))
    await _do(
        sessions,
        lambda session: hand_over_need(session, cast.street, need_id, committee.party_id, "居委会来办"),
    )
    with pytest.raises(NotAllowed, match="street_has_decided"):
        await _do(sessions, lambda session: decline_need(session, committee, need_id, DeclineReason.NOT_OURS))
