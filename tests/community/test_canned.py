"""Canned answers: filled in, never sent with a gap, kept by those who may, counted when they are used."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from community.audit.models import AuditAct
from community.canned.filling import NAMES, Field, check_filled, fill, find_unfilled
from community.canned.founding import SHIPPED, found_canned
from community.canned.models import CannedAnswer, CannedFor
from community.canned.queries import find_kept_parties, find_offered, get_kept
from community.canned.usecases import CannedText, count_canned_use, keep_canned, retire_canned
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import Need
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.parties.models import PartyType, Staff
from linli.database import Sessions
from tests.cast import Cast

TEXT = CannedText(CannedFor.ANSWER, "在路上", "On the way", "{称呼}，师傅在路上", "{name}, we are on our way")
ALL = dict.fromkeys(Field, "x")


@pytest.mark.parametrize(
    ("words", "language", "filled"),
    [
        ("{称呼}您好，编号{编号}", "zh", "王阿姨您好，编号N7K4P"),
        ("Hello {name} ({code})", "en", "Hello 王阿姨 (N7K4P)"),
        ("{name}在{地点}", "zh", "王阿姨在【填：地点】"),
        ("{place} by {time}", "en", "[fill in: place] by [fill in: time]"),
        ("{不认识}", "zh", "【填：不认识】"),
        ("没有空格", "zh", "没有空格"),
        ("{}", "en", "[fill in: ?]"),
    ],
)
def test_fields_are_filled_and_gaps_are_marked(words: str, language: str, filled: str) -> None:
    known = {Field.RESIDENT: "王阿姨", Field.CODE: "N7K4P"}
    assert fill(words, known, language) == filled


@pytest.mark.parametrize("words", ["【填：地点】见", "at [fill in: place]", "在{地点}", "{ name }"])
def test_what_is_not_filled_in_is_not_sent(words: str) -> None:
    with pytest.raises(Refused, match="fill_in_first"):
        check_filled(words)


@pytest.mark.parametrize("words", ["好的", "用{x}表示", "【通知】明天停水", "[see the photo]", "{}"])
def test_usual_brackets_are_no_gaps(words: str) -> None:
    check_filled(words)


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda each: each.title_en)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_shipped_ones_know_their_fields_and_are_short(shipped: CannedAnswer, language: str) -> None:
    words = getattr(shipped, language)
    assert find_unfilled(fill(words, ALL, language)) == []
    assert set(find_unfilled(words)) <= {names[language] for names in NAMES.values()}
    assert len(words) <= 60 if language == "zh" else len(words.split()) <= 35


async def _lift(sessions: Sessions, cast: Cast) -> Need:
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, Report("elevator", "电梯停了"))


async def test_nothing_with_a_gap_reaches_a_resident(sessions: Sessions, cast: Cast) -> None:
    need, clerk = await _lift(sessions, cast), cast.here.staff[PartyType.PROPERTY_COMPANY]
    gap = "在【填：地点】修好了"
    async with sessions.begin() as session:
        await accept_need(session, clerk, need.id)
        for act in (
            answer_resident(session, clerk, need.id, gap),
            ask_resident(session, clerk, need.id, gap),
            resolve_need(session, clerk, need.id, gap, survey_at=need.created_at),
        ):
            with pytest.raises(Refused, match="fill_in_first"):
                await act


async def test_a_party_starts_with_ten_and_gets_them_once(sessions: Sessions, cast: Cast) -> None:
    party = cast.here.parties[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        for _ in range(2):
            await found_canned(session, party.id)
        offered = await find_offered(session, cast.here.staff[PartyType.COMMITTEE])
        others = await find_offered(session, cast.here.staff[PartyType.PROPERTY_COMPANY])
    assert (len(offered), len(others)) == (10, 0)


async def test_what_is_used_most_comes_first_and_only_of_the_own_party(
    sessions: Sessions, cast: Cast
) -> None:
    party, clerk = cast.here.parties[PartyType.COMMITTEE], cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await found_canned(session, party.id)
        answers = [each for each in await find_offered(session, clerk) if each.fits is CannedFor.ANSWER]
        for actor in (clerk, cast.here.staff[PartyType.PROPERTY_COMPANY], cast.admin):
            await count_canned_use(session, actor, answers[-1].id)
        session.expire_all()
        again = await find_offered(session, clerk)
    assert (again[0].id, again[0].used) == (answers[-1].id, 1)


async def test_its_leader_the_committee_and_admins_keep_them(sessions: Sessions, cast: Cast) -> None:
    party = cast.here.parties[PartyType.PROPERTY_COMPANY]
    clerk = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await keep_canned(session, clerk, party.id, TEXT)
        leader = cast.here.colleagues[PartyType.PROPERTY_COMPANY]
        await session.execute(update(Staff).where(Staff.id == leader.staff_id).values(leads=True))
        for actor in (leader, cast.here.staff[PartyType.COMMITTEE], cast.admin):
            await keep_canned(session, actor, party.id, TEXT)
        for actor in (
            cast.there.staff[PartyType.COMMITTEE],
            cast.here.staff[PartyType.SOCIAL_WORK_TEAM],
            cast.here.staff[PartyType.VOLUNTEER_TEAM],
            cast.street,
        ):
            with pytest.raises(NotFound):
                await keep_canned(session, actor, party.id, TEXT)
            with pytest.raises(NotFound):
                await get_kept(session, actor, party.id)
        acts = (await session.scalars(select(AuditAct.act))).all()
        assert (len(await find_offered(session, clerk)), acts) == (3, ["canned_kept"] * 3)
        assert [each.id for each in await find_kept_parties(session, clerk)] == [party.id]
        assert len(await find_kept_parties(session, cast.here.staff[PartyType.COMMITTEE])) == 6


async def test_change_retire_and_use_again(sessions: Sessions, cast: Cast) -> None:
    party, clerk = cast.here.parties[PartyType.COMMITTEE], cast.here.staff[PartyType.COMMITTEE]
    other = cast.here.parties[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        made = await keep_canned(session, clerk, party.id, TEXT)
        await keep_canned(session, clerk, party.id, replace(TEXT, zh="{称呼}，马上到"), made.id)
        assert [each.zh for each in await find_offered(session, clerk)] == ["{称呼}，马上到"]
        await retire_canned(session, clerk, party.id, made.id)
        assert await find_offered(session, clerk) == []
        with pytest.raises(NotFound):
            await retire_canned(session, clerk, other.id, made.id)
        await retire_canned(session, clerk, party.id, made.id, retired=False)
        assert len(await find_offered(session, clerk)) == 1
        with pytest.raises(NotFound):
            await keep_canned(session, clerk, party.id, TEXT, uuid4())


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (replace(TEXT, en=" "), "canned_missing"),
        (replace(TEXT, title_zh=""), "canned_missing"),
        (replace(TEXT, zh="{称乎}您好"), "field_unknown"),
    ],
)
async def test_what_cannot_be_used_is_not_kept(
    sessions: Sessions, cast: Cast, typed: CannedText, refusal: str
) -> None:
    async with sessions.begin() as session:
        with pytest.raises(Refused, match=refusal):
            await keep_canned(
                session,
                cast.here.staff[PartyType.COMMITTEE],
                cast.here.parties[PartyType.COMMITTEE].id,
                typed,
            )
