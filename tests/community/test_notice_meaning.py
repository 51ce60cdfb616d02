"""What a notice means for one person: when it is, whether their building is meant, and which one "收到" is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.actions.notices import tell_notice
from bot.actions.receipts import take_receipt
from bot.actions.turn import NeedGuess, Turn
from community.clock import now
from community.errors import NotFound
from community.inbox.models import InboundMessage
from community.needs.usecases.residents import ReportLimits
from community.notices.meaning import find_when, is_meant, named_buildings
from community.notices.models import Notice, NoticeRecipient, NoticeState, RecipientState
from community.notices.reading import Reader
from community.notices.shown import find_awaited, find_shown
from community.outbox.models import OutboxMessage, OutboxState
from community.places.models import Street
from linli.database import Sessions
from tests.cast import Cast

ZONE = "Asia/Shanghai"
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo(ZONE))


def notice(text: str, **more: object) -> Notice:
    """A notice that went out on a Friday at ten."""
    return Notice(title_zh="通知", text_zh=text, valid_from=FRIDAY, **more)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("明天9:00到12:00，3号楼停水", "21 09:00-12:00"),
        ("11月24日（周二） 9:00–12:00 检修水管", "24 09:00-12:00"),
        ("周六上午9点到11点接种", "21 09:00-11:00"),
        ("11月23日8时至17时停电", "23 08:00-17:00"),
        ("14:00–16:00，3号楼电梯保养", None),
        ("今晚22点至明早6点停电", None),
        ("11月21日至25日停气", None),
        ("周六9:00-10:00一队，14:00-15:00二队，后天16:00-17:00三队", None),
        ("请提前存水", None),
    ],
)
def test_when_it_is_is_said_only_where_it_is_plain(text: str, told: str | None) -> None:
    when = find_when(notice(text), ZONE)
    assert (when and f"{when.start:%d %H:%M}-{when.end:%H:%M}") == told


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3 到 7 栋停水", "3 4 5 6 7"),
        ("3、5、7号楼停电", "3 5 7"),
        ("明天9:00到12:00，3号楼停水", "3"),
        ("No water in Buildings 3 to 5", "3 4 5"),
        ("除3号楼外全部停水", ""),
        ("3号楼大厅集合探访老人", ""),
        ("全社区停水", ""),
    ],
)
def test_buildings_are_named_where_something_is_off(text: str, numbers: str) -> None:
    assert sorted(named_buildings(text)) == numbers.split()


async def test_a_building_is_meant_by_the_audience_before_the_words(sessions: Sessions, cast: Cast) -> None:
    here = cast.here
    async with sessions() as session:
        words = notice("3号楼停水", audience={})
        other = notice("5号楼停水", audience={})
        chosen = notice("停水", audience={"places": [str(here.building.id)]})
        without = notice("3号楼停水", audience={"without_places": [str(here.building.id)]})
        everybody = notice("义诊", audience={})
        told = [
            await is_meant(session, each, here.unit) for each in (words, other, chosen, without, everybody)
        ]
        assert told == [True, False, True, False, None]
        assert await is_meant(session, words, None) is None


async def test_a_building_of_which_a_unit_is_meant_is_neither_in_nor_out(
    sessions: Sessions, cast: Cast
) -> None:
    here = cast.here
    async with sessions() as session:
        part = notice("停水", audience={"places": [str(here.unit.id)]})
        rest = notice("停水", audience={"without_places": [str(here.unit.id)]})
        assert [await is_meant(session, each, here.building) for each in (part, rest)] == [None, None]
        assert [await is_meant(session, each, here.unit) for each in (part, rest)] == [True, False]


def _turn(cast: Cast, message_id: int) -> Turn:
    return Turn(
        resident_id=cast.owner.resident_id,
        message_id=message_id,
        text="收到",
        intent="ack_notice",
        ranking=[("ack_notice", 0.9)],
        entities={},
        files=(),
        slots={},
        form=None,
        asked=None,
        limits=ReportLimits(),
        need=NeedGuess(),
    )


async def test_words_confirm_what_was_shown_and_not_withdrawn(sessions: Sessions, cast: Cast) -> None:
    await _say(sessions, cast)
    sent, withdrawn = await _send(sessions, cast), await _send(sessions, cast)
    for each in (sent, withdrawn):
        await _tell(sessions, cast, "notice", notice=str(each.id))
    async with sessions.begin() as session:
        gone = await session.get_one(Notice, withdrawn.id)
        gone.state, gone.approved_at = NoticeState.CANCELLED, now()
    said = await _say(sessions, cast)
    async with sessions.begin() as session:
        await take_receipt(_turn(cast, said), session)
    async with sessions.begin() as session:
        row = await session.get_one(NoticeRecipient, (sent.id, cast.owner.resident_id))
        assert row.confirmed_at is not None
        gone = await session.get_one(Notice, sent.id)
        gone.state, gone.approved_at = NoticeState.CANCELLED, now()
    async with sessions.begin() as session:
        with pytest.raises(NotFound, match="notice_withdrawn"):
            await take_receipt(_turn(cast, said), session)


async def test_a_notice_of_the_street_is_told_as_the_streets(sessions: Sessions, cast: Cast) -> None:
    said = await _say(sessions, cast)
    sent = await _send(sessions, cast)
    async with sessions.begin() as session:
        of_street = await session.get_one(Notice, sent.id)
        of_street.community_id, of_street.street_id = None, cast.here.community.street_id
        turn = _turn(cast, said)
        await tell_notice(turn, session, of_street)
        street = await session.get_one(Street, of_street.street_id)
        assert turn.bubbles[0]["values"]["community"] == {"zh": street.zh, "en": street.en}


async def _say(sessions: Sessions, cast: Cast) -> int:
    """The owner says something; its number."""
    async with sessions.begin() as session:
        row = InboundMessage(
            resident_id=cast.owner.resident_id,
            address_id=cast.owner.address_id,
            channel="web",
            outside_id=str(now().timestamp()),
            text="好",
            due_at=now(),
            received_at=now(),
        )
        session.add(row)
        await session.flush()
        return row.id


async def _tell(sessions: Sessions, cast: Cast, message: str, **values: object) -> OutboxMessage:
    async with sessions.begin() as session:
        row = OutboxMessage(
            resident_id=cast.owner.resident_id,
            address_id=cast.owner.address_id,
            channel="web",
            purpose=f"{message}:{now().timestamp()}",
            message=message,
            values=values,
            state=OutboxState.SENT,
            due_at=now(),
            sent_at=now(),
        )
        session.add(row)
    return row


async def _send(sessions: Sessions, cast: Cast, outbox: OutboxMessage | None = None) -> Notice:
    async with sessions.begin() as session:
        sent = Notice(
            community_id=cast.here.community.id,
            category="utilities",
            state=NoticeState.SENT,
            title_zh="停水",
            text_zh="明天停水",
            need_receipt=True,
            valid_from=now() - timedelta(hours=1),
            valid_until=now() + timedelta(days=1),
        )
        session.add(sent)
        await session.flush()
        session.add(
            NoticeRecipient(
                notice_id=sent.id,
                resident_id=cast.owner.resident_id,
                state=RecipientState.SENT,
                queued_at=now(),
                outbox_id=outbox.id if outbox else None,
            )
        )
    return sent


async def test_what_was_shown_last_is_what_got_it_is_about(sessions: Sessions, cast: Cast) -> None:
    await _say(sessions, cast)
    sent = await _send(sessions, cast)
    await _tell(sessions, cast, "notice", notice=str(sent.id))
    said = await _say(sessions, cast)
    async with sessions() as session:
        assert await find_shown(session, cast.owner.resident_id, said) == [sent.id]
    await _tell(sessions, cast, "contact")
    later = await _say(sessions, cast)
    async with sessions() as session:
        assert await find_shown(session, cast.owner.resident_id, later) == []
        assert await find_shown(session, cast.neighbour.resident_id, later) == []


async def test_a_digest_is_about_all_that_it_carried(sessions: Sessions, cast: Cast) -> None:
    digest = await _tell(sessions, cast, "notice_digest", titles=[], count=2)
    both = {(await _send(sessions, cast, digest)).id for _ in range(2)}
    said = await _say(sessions, cast)
    async with sessions() as session:
        assert set(await find_shown(session, cast.owner.resident_id, said)) == both


async def test_what_waits_for_a_receipt(sessions: Sessions, cast: Cast) -> None:
    sent = await _send(sessions, cast)
    here = cast.here.community
    async with sessions() as session:
        owner = Reader(here.id, here.street_id, cast.owner.resident_id)
        neighbour = Reader(here.id, here.street_id, cast.neighbour.resident_id)
        assert [each.id for each in await find_awaited(session, owner, now())] == [sent.id]
        assert await find_awaited(session, neighbour, now()) == []
