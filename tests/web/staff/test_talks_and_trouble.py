"""Conversations with residents who want a person, and messages that are stuck."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community.clock import now
from community.conversations.models import Handover
from community.conversations.usecases import ask_for_person
from community.inbox.models import InboundMessage, InboundState
from community.needs.models import Need
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.paces import rest, rest_after_nothing
from community.outbox.usecases import enqueue_message
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, WORDS, OpenDesk, actor_of, new_request


@pytest.fixture
async def wish(sessions: Sessions, cast: Cast) -> Handover:
    """A resident wants a person."""
    async with sessions.begin() as session:
        return await ask_for_person(session, cast.owner.resident_id, "想问问居住证")


async def _told(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        rows = await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))
        return list(rows.all())


async def test_a_conversation_is_taken_held_and_given_back(
    open_desk: OpenDesk, cast: Cast, wish: Handover, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    path, request = f"/staff/conversations/{wish.id}", new_request()
    listed = (await desk.get("/staff/conversations")).text
    assert "想问问居住证" in listed
    assert 'aria-label="1人在等"' in listed
    early = await desk.post(f"{path}/write", 422, words="您好", request_id=request)
    assert "请先接下来" in early.text
    await desk.post(f"{path}/take")
    for _ in range(2):
        await desk.post(f"{path}/write", words="您好，我是小陈", request_id=request)
    assert "您好，我是小陈" in (await desk.get(path)).text
    answer = await desk.post(f"{path}/give-back")
    assert answer.headers["location"] == "/staff/conversations"
    assert await _told(sessions) == ["person_joins", "person_says", "person_leaves"]
    await desk.get(path, 404)


async def test_two_do_not_speak_at_once(
    open_desk: OpenDesk, cast: Cast, wish: Handover, sessions: Sessions
) -> None:
    one = await open_desk(actor_of(cast, "here.committee"))
    two = await open_desk(actor_of(cast, "here.committee.2"))
    path = f"/staff/conversations/{wish.id}"
    await one.post(f"{path}/take")
    assert "同事" in (await two.post(f"{path}/take", 422)).text
    kept = await two.post(f"{path}/write", 422, words="我也想说", request_id=new_request())
    assert "请先接下来" in kept.text
    assert await _told(sessions) == ["person_joins"]
    assert "give-back" in (await two.get(path)).text


async def _fail(sessions: Sessions, cast: Cast, need: Need | None = None) -> OutboxMessage:
    async with sessions.begin() as session:
        values = {"words": WORDS, "name": "王"}
        need_id = need.id if need else None
        await enqueue_message(
            session, cast.owner.resident_id, "staff_answer", "test", values=values, need_id=need_id
        )
        row = (await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == "test"))).one()
        row.state, row.reason, row.attempts = OutboxState.FAILED, "unreachable", 3
        return row


async def _get_stuck(sessions: Sessions, cast: Cast) -> InboundMessage:
    async with sessions.begin() as session:
        message = InboundMessage(
            address_id=cast.owner.address_id,
            resident_id=cast.owner.resident_id,
            channel="web",
            outside_id=uuid4().hex,
            text=SECRET,
            state=InboundState.STUCK,
            tries=3,
            due_at=now(),
            reason="bot_failed",
        )
        session.add(message)
    return message


@pytest.mark.parametrize(
    ("act", "state"), [("send-again", OutboxState.PENDING), ("discard", OutboxState.SUPPRESSED)]
)
async def test_what_did_not_arrive_is_sent_again_or_given_up(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, act: str, state: OutboxState
) -> None:
    row = await _fail(sessions, cast, lift)
    desk = await open_desk(actor_of(cast, "here.property_company"))
    page = (await desk.get("/staff/trouble")).text
    for words in (WORDS, "连不上对方平台", lift.code, "试了3次", 'aria-label="1条要处理"'):
        assert words in page
    await desk.post(f"/staff/trouble/messages/{row.id}/{act}")
    async with sessions() as session:
        assert (await session.get_one(OutboxMessage, row.id)).state is state
    assert "都送到了" in (await desk.get("/staff/trouble")).text
    await desk.post(f"/staff/trouble/messages/{row.id}/{act}", 404)


async def test_what_was_said_in_the_chat_alone_is_not_shown(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    await _fail(sessions, cast)
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get("/staff/trouble")).text
    assert "聊天里的一条回复" in page
    assert WORDS not in page


async def test_words_of_a_stuck_message_are_shown_when_asked_for(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    message = await _get_stuck(sessions, cast)
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert SECRET not in (await desk.get("/staff/trouble")).text
    assert SECRET in (await desk.post(f"/staff/trouble/inbound/{message.id}/read", 200)).text
    other = await open_desk(actor_of(cast, "there.committee"))
    for act in ("read", "try-again", "discard"):
        await other.post(f"/staff/trouble/inbound/{message.id}/{act}", 404)


async def test_a_stuck_message_is_handled_again_or_given_up(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    first, second = await _get_stuck(sessions, cast), await _get_stuck(sessions, cast)
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post(f"/staff/trouble/inbound/{first.id}/try-again")
    await desk.post(f"/staff/trouble/inbound/{second.id}/discard")
    async with sessions() as session:
        left = select(func.count()).where(InboundMessage.state == InboundState.STUCK)
        assert await session.scalar(left) == 0
        assert (await session.get_one(InboundMessage, second.id)).state is InboundState.DISCARDED
    await desk.post("/staff/trouble/inbound/99999999999999999999/discard", 404)


async def test_a_channel_in_trouble_is_shown_with_its_reason(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    clerk = await open_desk(actor_of(cast, "here.committee"))
    assert "渠道出了问题" not in (await clerk.get("/staff/trouble")).text
    async with sessions.begin() as session:
        await rest(session, "wechat", now(), now() + timedelta(hours=3), "quota_spent")
        await rest_after_nothing(
            session, "telegram", now(), "unreachable"
        )  # a rest of a second is no trouble
    page = (await clerk.get("/staff/trouble")).text
    assert "渠道出了问题" in page
    assert "微信" in page
    assert "对方平台今天的额度用完了" in page
    assert "Telegram" not in page
