"""Notices are found by words, in both languages, misspelt or asked as a question, and only within one's walls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from community.clock import now
from community.notices.asking import read_question
from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.notices.reading import Reader, anybody_in, find_newest
from community.notices.search import find_about, search_notices
from community.notices.spelling import count_slips
from linli.database import Sessions
from operations.search_terms import fill_notices
from tests.cast import Cast


def make_notice(community_id: UUID, title: str, words: str, **more: object) -> Notice:
    """A notice that went out three hours ago and holds until tomorrow."""
    fields = {
        "category": "utilities",
        "state": NoticeState.SENT,
        "valid_from": now() - timedelta(hours=3),
        "valid_until": now() + timedelta(days=1),
    }
    return Notice(community_id=community_id, title_zh=title, text_zh=words, **{**fields, **more})


@pytest.fixture
async def reader(sessions: Sessions, cast: Cast) -> Reader:
    """The owner, among notices of two communities and of the street."""
    here, there = cast.here.community, cast.there.community
    of_street = make_notice(here.id, "街道停水", "全街道", street_id=here.street_id)
    of_street.community_id = None
    async with sessions.begin() as session:
        session.add_all(
            [
                make_notice(
                    here.id,
                    "停水通知",
                    "明天9:00到12:00，3到7号楼停水。",
                    title_en="Water cut",
                    text_en="No water in Buildings 3 to 7 tomorrow, 9:00 to 12:00.",
                ),
                make_notice(
                    here.id,
                    "流感疫苗",
                    "周六上午居委会一楼接种，带身份证。",
                    title_en="Flu vaccination",
                    text_en="Saturday morning at the committee's office; bring your ID card.",
                    valid_from=now() - timedelta(hours=5),
                ),
                make_notice(
                    here.id,
                    "停电通知",
                    "上周停电检修。",
                    valid_from=now() - timedelta(days=8),
                    valid_until=now() - timedelta(days=7),
                ),
                make_notice(here.id, "还没发的停水", "草稿", state=NoticeState.APPROVED),
                make_notice(there.id, "河畔停水", "只给河畔。"),
                make_notice(here.id, "只给五栋的通知", "5号楼停水检修。", public=False),
                of_street,
            ]
        )
    return Reader(here.id, here.street_id, cast.owner.resident_id)


async def found(sessions: Sessions, reader: Reader, typed: str) -> list[str]:
    """The titles that a search finds."""
    async with sessions() as session:
        return titles(await search_notices(session, reader, typed, now()))


def titles(notices: Sequence[Notice]) -> list[str]:
    return sorted(notice.title_zh for notice in notices)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("停水", ["停水通知", "街道停水"]),
        ("停 水", []),
        ("停水 3号楼", ["停水通知"]),
        ("停水 building 3", ["停水通知"]),
        ("停水通知", ["停水通知", "街道停水"]),
        ("身份证", ["流感疫苗"]),
        ("停電", ["停电通知"]),
        ("water", ["停水通知", "街道停水"]),
        ("water cut", ["停水通知"]),
        ("vacination", ["流感疫苗"]),
        ("vaccinaton comittee", ["流感疫苗"]),
        ("Flu VACCINATION", ["流感疫苗"]),
        ("明天停水吗", ["停水通知", "街道停水"]),
        ("zebra", []),
        ("", []),
        ("%_'\"\\", []),
    ],
)
async def test_words_find_notices(sessions: Sessions, reader: Reader, typed: str, wanted: list[str]) -> None:
    assert await found(sessions, reader, typed) == wanted


async def test_a_misspelt_topic_is_found_where_the_notice_calls_it_otherwise(
    sessions: Sessions, cast: Cast, reader: Reader
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE notices SET state = 'draft' WHERE title_en = 'Flu vaccination'"))
        await session.execute(text("DELETE FROM notice_words WHERE word LIKE 'vaccin%'"))
        session.add(
            make_notice(cast.here.community.id, "打针", "周六。", title_en="Flu shots", text_en="Saturday.")
        )
    assert await found(sessions, reader, "vacination") == ["打针"]
    assert await found(sessions, reader, "vaccenation when") == ["打针"]
    assert await found(sessions, reader, "vacation") == []


async def test_what_is_for_others_is_found_by_whom_it_was_for(
    sessions: Sessions, reader: Reader, cast: Cast
) -> None:
    assert await found(sessions, reader, "五栋") == []
    async with sessions.begin() as session:
        secret = await session.scalar(text("SELECT id FROM notices WHERE NOT public"))
        session.add(NoticeRecipient(notice_id=secret, resident_id=cast.owner.resident_id, queued_at=now()))
    assert await found(sessions, reader, "五栋") == ["只给五栋的通知"]
    neighbour = Reader(reader.community_id, reader.street_id, cast.neighbour.resident_id)
    assert await found(sessions, neighbour, "五栋") == []
    assert await found(sessions, anybody_in(cast.here.community), "五栋") == []
    assert await found(sessions, anybody_in(cast.there.community), "停水") == ["河畔停水", "街道停水"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("明天几点停水来着", ["停水通知", "街道停水"]),
        ("is the water off tomorrow", ["停水通知", "街道停水"]),
        ("when do the flu shots start according to the notice", ["流感疫苗"]),
        ("疫苗通知里说带什么证件", ["流感疫苗"]),
        ("今天有没有水", ["停水通知", "街道停水"]),
        ("我家水停了吗", ["停水通知", "街道停水"]),
        ("打预防针在哪", ["流感疫苗"]),
        ("is the watr off tomorow", ["停水通知"]),
        ("有没有水果卖", []),
        ("停电了吗", []),
        ("有什么通知", []),
    ],
)
async def test_a_question_is_about_what_holds(
    sessions: Sessions, reader: Reader, question: str, wanted: list[str]
) -> None:
    async with sessions() as session:
        notices = await find_about(session, reader, read_question(question), now())
    assert titles(notices) == wanted


async def test_the_newest_first_and_only_what_holds(sessions: Sessions, reader: Reader) -> None:
    async with sessions() as session:
        notices = await find_newest(session, reader, now(), 9)
    assert titles(notices) == ["停水通知", "流感疫苗", "街道停水"]
    assert notices[-1].title_zh == "流感疫苗"


async def test_terms_follow_the_words(sessions: Sessions, reader: Reader) -> None:
    async with sessions.begin() as session:
        notice = (await search_notices(session, reader, "疫苗", now()))[0]
        notice.text_zh = "改为在广场接种。"
    assert await found(sessions, reader, "广场") == ["流感疫苗"]
    assert await found(sessions, reader, "身份证") == []


async def test_terms_are_written_again_for_what_is_there(sessions: Sessions, reader: Reader) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE notices SET terms = '{}'"))
        await session.execute(text("DELETE FROM notice_words"))
    assert await found(sessions, reader, "停水") == []
    async with sessions.begin() as session:
        await (await session.connection()).run_sync(fill_notices)
    assert await found(sessions, reader, "停水") == ["停水通知", "街道停水"]
    assert await found(sessions, reader, "vacination") == ["流感疫苗"]


async def test_searches_use_the_index(sessions: Sessions, reader: Reader) -> None:
    async with sessions.begin() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL enable_indexscan = off"))
        plans = [
            " ".join(await session.scalars(text(f"EXPLAIN {query}")))
            for query in (
                "SELECT 1 FROM notices WHERE terms @> ARRAY['停水']::varchar[]",
                "SELECT 1 FROM notice_words WHERE trigrams && ARRAY['vac', 'aci']::varchar[]",
            )
        ]
    assert "ix_notices_terms" in plans[0]
    assert "ix_notice_words_trigrams" in plans[1]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("water", "water", 0),
        ("wter", "water", 1),
        ("watre", "water", 1),
        ("wat", "water", 2),
        ("gas", "water", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert min(count_slips(one, other, 2), 3) == slips
