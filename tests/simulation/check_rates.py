"""The rates that staff and residents see, counted again answer by answer."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from community.parties.models import PartyType
from community.surveys.models import Survey, SurveyState
from community.surveys.rates import find_public_rate, find_rates
from tests.simulation.rows import Rows
from tests.simulation.town import Town

AFTER_OCTOBER = datetime(2025, 11, 20, tzinfo=UTC)


async def check_rates(session: AsyncSession, rows: Rows, town: Town, end: datetime) -> None:
    """The committee's rates by party and kind, and October as residents of the community read it."""
    home = town.cast.here
    committee = home.staff[PartyType.COMMITTEE]
    open_needs = {
        need.id: need
        for need in rows.needs
        if need.community_id == home.community.id and need.visibility.value != "confidential"
    }
    answered = [
        survey
        for need_id in open_needs
        for survey in rows.surveys[need_id]
        if survey.state is SurveyState.ANSWERED
    ]
    groups: defaultdict[tuple[object, str], list[Survey]] = defaultdict(list)
    for survey in answered:
        groups[survey.party_id, open_needs[survey.need_id].kind].append(survey)
    rates = await find_rates(session, committee, datetime(2025, 1, 1, tzinfo=UTC), end)
    assert {(rate.party.id, rate.kind) for rate in rates} == set(groups)
    for rate in rates:
        first = [survey for survey in groups[rate.party.id, rate.kind] if survey.turn == 1]
        scores = [survey.score for survey in first if survey.score is not None]
        assert rate.answered == len(first)
        assert rate.solved == sum(survey.solved is True for survey in first)
        assert (rate.scored, rate.stars) == (len(scores), sum(scores))
        assert rate.low == sum(score <= 2 for score in scores)
    october = [survey for survey in answered if survey.turn == 1 and _in_october(survey)]
    public = await find_public_rate(session, home.community, AFTER_OCTOBER)
    assert (public is None) == (len(october) < 5)
    if public is not None:
        solved = sum(survey.solved is True for survey in october)
        assert (public.answered, public.percent) == (len(october), round(100 * solved / len(october)))


def _in_october(survey: Survey) -> bool:
    """October in Chinese time: from 16:00 UTC on the last day of September."""
    begins, ends = datetime(2025, 9, 30, 16, tzinfo=UTC), datetime(2025, 10, 31, 16, tzinfo=UTC)
    return survey.answered_at is not None and begins <= survey.answered_at < ends
