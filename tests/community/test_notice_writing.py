"""A notice from the draft to the approval: four eyes, walls, and a sentence for everything that is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.models import AuditAct
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.notices.audiences import Audience
from community.notices.marks import has_tags, plain_words, read_marks
from community.notices.models import Notice, NoticeAct, NoticeHistory, NoticeState
from community.notices.usecases.approving import (
    approve_notice,
    cancel_notice,
    reject_notice,
    send_emergency,
    submit_notice,
    take_back_notice,
)
from community.notices.usecases.drafting import Draft, copy_notice, draft_notice, edit_notice
from community.parties.models import PartyType, Staff
from linli.database import Sessions
from linli.text import TextRefused
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DRAFT = Draft(
    category="utilities",
    title_zh="停水通知",
    text_zh="明天 9:00 到 12:00，**3 号楼**停水。\n- 请提前存水",
    title_en="Water cut",
    text_en="Tomorrow 9:00 to 12:00, **Building 3** has no water.",
    valid_until=AT + timedelta(days=2),
    need_receipt=True,
)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def writer(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.COMMITTEE]


@pytest.fixture
def reader(cast: Cast) -> StaffActor:
    return cast.here.colleagues[PartyType.COMMITTEE]


async def draft(sessions: Sessions, actor: StaffActor, **changes: Any) -> Notice:
    async with sessions.begin() as session:
        return await draft_notice(session, actor, replace(DRAFT, **changes))


async def do(sessions: Sessions, act: Callable[..., Awaitable[Notice]], *given: Any) -> Notice:
    async with sessions.begin() as session:
        return await act(session, *given)


async def refusal_of(sessions: Sessions, act: Callable[..., Awaitable[Notice]], *given: Any) -> str:
    with pytest.raises(Refused) as refused:
        await do(sessions, act, *given)
    return refused.value.message


async def state_of(sessions: Sessions, notice: Notice) -> NoticeState:
    async with sessions() as session:
        return (await session.get_one(Notice, notice.id)).state


async def test_a_colleague_approves_what_somebody_else_wrote(
    sessions: Sessions, writer: StaffActor, reader: StaffActor
) -> None:
    notice = await draft(sessions, writer)
    await do(sessions, submit_notice, writer, notice.id)
    approved = await do(sessions, approve_notice, reader, notice.id)
    assert (approved.state, approved.approved_by, approved.valid_from) == (
        NoticeState.APPROVED,
        reader.staff_id,
        AT,
    )
    async with sessions() as session:
        acts = (await session.scalars(select(NoticeHistory.act).order_by(NoticeHistory.id))).all()
        noted = (await session.scalars(select(AuditAct.act).order_by(AuditAct.id))).all()
    assert acts == [NoticeAct.DRAFTED, NoticeAct.SUBMITTED, NoticeAct.APPROVED]
    assert noted == ["notice_drafted", "notice_submitted", "notice_approved"]


async def test_nobody_approves_what_they_wrote_edited_or_submitted(
    sessions: Sessions, writer: StaffActor, reader: StaffActor, cast: Cast
) -> None:
    notice = await draft(sessions, writer)
    async with sessions.begin() as session:
        await edit_notice(session, reader, notice.id, DRAFT, version=1)
    await do(sessions, submit_notice, writer, notice.id)
    assert await refusal_of(sessions, approve_notice, writer, notice.id) == "notice_own"
    assert await refusal_of(sessions, approve_notice, reader, notice.id) == "notice_own"
    assert await state_of(sessions, notice) is NoticeState.SUBMITTED
    await do(sessions, approve_notice, cast.street, notice.id)
    assert await state_of(sessions, notice) is NoticeState.APPROVED


async def test_it_is_given_back_with_words_and_taken_back(
    sessions: Sessions, writer: StaffActor, reader: StaffActor
) -> None:
    notice = await draft(sessions, writer)
    await do(sessions, submit_notice, writer, notice.id)
    with pytest.raises(TextRefused):
        await do(sessions, reject_notice, reader, notice.id, "  ")
    await do(sessions, reject_notice, reader, notice.id, "几栋要写清楚")
    assert await state_of(sessions, notice) is NoticeState.DRAFT
    await do(sessions, submit_notice, writer, notice.id)
    await do(sessions, approve_notice, reader, notice.id)
    again = await do(sessions, take_back_notice, writer, notice.id)
    assert (again.state, again.approved_by) == (NoticeState.DRAFT, None)
    async with sessions() as session:
        words = await session.scalars(select(NoticeHistory.words).where(NoticeHistory.words.is_not(None)))
        assert words.all() == ["几栋要写清楚"]


@pytest.mark.parametrize(
    "act", [submit_notice, approve_notice, take_back_notice, cancel_notice, send_emergency, copy_notice]
)
async def test_another_community_and_other_parties_see_no_notice(
    sessions: Sessions, writer: StaffActor, cast: Cast, act: Callable[..., Awaitable[Notice]]
) -> None:
    notice = await draft(sessions, writer)
    for stranger in (
        cast.there.staff[PartyType.COMMITTEE],
        cast.here.staff[PartyType.SOCIAL_WORK_TEAM],
        cast.here.staff[PartyType.PROPERTY_COMPANY],
        cast.admin,
    ):
        with pytest.raises(NotFound):
            await do(sessions, act, stranger, notice.id)
    assert await state_of(sessions, notice) is NoticeState.DRAFT


async def test_only_committee_and_street_write(sessions: Sessions, cast: Cast) -> None:
    for actor in (cast.here.staff[PartyType.VOLUNTEER_TEAM], cast.admin):
        with pytest.raises(NotAllowed):
            await draft(sessions, actor)
    notice = await draft(sessions, cast.street)
    assert (notice.community_id, notice.street_id) == (None, cast.street.street_id)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_until": AT - timedelta(hours=1)}, "notice_ends_before_start"),
        ({"send_at": AT + timedelta(days=3)}, "notice_ends_before_start"),
        ({"send_at": AT - timedelta(hours=1)}, "notice_send_past"),
        ({"valid_until": AT + timedelta(days=500)}, "notice_valid_too_long"),
        ({"repeat": "FREQ=WEEKLY"}, "notice_repeat_needs_time"),
        ({"category": "gossip"}, "notice_category"),
        ({"audience": Audience(age_from=80, age_to=60)}, "audience_ages"),
        ({"audience": Audience(tags=("tall",))}, "audience_unclear"),
    ],
)
async def test_what_does_not_fit_has_its_sentence_and_nothing_is_kept(
    sessions: Sessions, writer: StaffActor, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        await draft(sessions, writer, **changes)
    assert refused.value.message == message
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Notice)) == 0


@pytest.mark.parametrize("changes", [{"title_zh": " "}, {"text_zh": ""}, {"text_zh": "水" * 2_001}])
async def test_words_are_needed_and_not_too_many(
    sessions: Sessions, writer: StaffActor, changes: dict[str, str]
) -> None:
    with pytest.raises(TextRefused):
        await draft(sessions, writer, **changes)


async def test_an_audience_of_nobody_is_not_submitted(
    sessions: Sessions, writer: StaffActor, cast: Cast
) -> None:
    notice = await draft(sessions, writer, audience=Audience(places=(cast.here.unit.id,)))
    assert await refusal_of(sessions, submit_notice, writer, notice.id) == "notice_for_nobody"
    assert await state_of(sessions, notice) is NoticeState.DRAFT


async def test_a_place_of_another_community_is_none(
    sessions: Sessions, writer: StaffActor, cast: Cast
) -> None:
    with pytest.raises(NotFound):
        await draft(sessions, writer, audience=Audience(places=(cast.there.building.id,)))


async def test_what_is_out_of_date_is_not_approved(
    sessions: Sessions, writer: StaffActor, reader: StaffActor
) -> None:
    notice = await draft(sessions, writer)
    await do(sessions, submit_notice, writer, notice.id)
    with time_machine.travel(AT + timedelta(days=3), tick=False):
        assert await refusal_of(sessions, approve_notice, reader, notice.id) == "notice_expired"
    assert await state_of(sessions, notice) is NoticeState.SUBMITTED


async def test_in_an_emergency_the_leader_sends_at_once_and_it_is_recorded(
    sessions: Sessions, writer: StaffActor
) -> None:
    notice = await draft(sessions, writer, category="emergency")
    with pytest.raises(NotAllowed, match="notice_leader_only"):
        await do(sessions, send_emergency, writer, notice.id)
    await make_leader(sessions, writer)
    sent = await do(sessions, send_emergency, writer, notice.id)
    assert (sent.state, sent.sent_as_emergency) == (NoticeState.APPROVED, True)
    async with sessions() as session:
        assert await session.scalar(select(AuditAct.act).order_by(AuditAct.id.desc())) == (
            "notice_sent_as_emergency"
        )
    usual = await draft(sessions, writer)
    assert await refusal_of(sessions, send_emergency, writer, usual.id) == "notice_no_emergency"


async def test_what_was_sent_at_once_and_taken_back_goes_out_as_any_other(
    sessions: Sessions, writer: StaffActor, reader: StaffActor
) -> None:
    notice = await draft(sessions, writer, category="emergency")
    await make_leader(sessions, writer)
    await do(sessions, send_emergency, writer, notice.id)
    await do(sessions, take_back_notice, writer, notice.id)
    usual = replace(DRAFT, category="utilities")
    async with sessions.begin() as session:
        await edit_notice(session, writer, notice.id, usual, version=1)
    await do(sessions, submit_notice, writer, notice.id)
    approved = await do(sessions, approve_notice, reader, notice.id)
    assert (approved.state, approved.sent_as_emergency) == (NoticeState.APPROVED, False)


async def make_leader(sessions: Sessions, actor: StaffActor) -> None:
    async with sessions.begin() as session:
        (await session.get_one(Staff, actor.staff_id)).leads = True


async def test_two_tabs_do_not_overwrite_each_other(
    sessions: Sessions, writer: StaffActor, reader: StaffActor
) -> None:
    notice = await draft(sessions, writer)
    async with sessions.begin() as session:
        await edit_notice(session, reader, notice.id, replace(DRAFT, title_zh="停水改期"), version=1)
    with pytest.raises(Refused, match="notice_changed"):
        async with sessions.begin() as session:
            await edit_notice(session, writer, notice.id, DRAFT, version=1)


async def test_nothing_is_edited_once_it_is_submitted_and_nothing_called_off_twice(
    sessions: Sessions, writer: StaffActor
) -> None:
    notice = await draft(sessions, writer)
    await do(sessions, submit_notice, writer, notice.id)
    with pytest.raises(WrongState):
        async with sessions.begin() as session:
            await edit_notice(session, writer, notice.id, DRAFT, version=1)
    await do(sessions, cancel_notice, writer, notice.id, "改期了")
    with pytest.raises(WrongState):
        await do(sessions, cancel_notice, writer, notice.id)


async def test_a_copy_is_a_draft_valid_as_long_from_now_on(sessions: Sessions, writer: StaffActor) -> None:
    notice = await draft(sessions, writer, audience=Audience(age_from=60))
    with time_machine.travel(AT + timedelta(days=30), tick=False):
        copied = await do(sessions, copy_notice, writer, notice.id)
        assert copied.valid_until == AT + timedelta(days=32)
    assert (copied.state, copied.audience) == (NoticeState.DRAFT, {"age_from": 60})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**9:00** 停水", "9:00 停水"),
        ("请带：\n- 身份证\n- 医保卡", "请带：\n· 身份证\n· 医保卡"),
        ("看[这里](https://a.cn/x)。", "看这里 https://a.cn/x 。"),
        ("见 https://a.cn/x。", "见 https://a.cn/x。"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("[坏](javascript:alert(1))", "[坏](javascript:alert(1))"),
        ("2*3*4 和 **", "2*3*4 和 **"),
    ],
)
def test_marks_become_plain_words(text: str, plain: str) -> None:
    assert plain_words(text) == plain


def test_marks_are_a_neutral_structure() -> None:
    first, second = read_marks("请**今天**存水\n- 一\n- 二")
    assert [(span.words, span.bold) for span in first.lines[0]] == [
        ("请", False),
        ("今天", True),
        ("存水", False),
    ]
    assert (second.is_list, len(second.lines)) == (True, 2)
    assert has_tags("<b>粗</b>")
    assert not has_tags("3 < 4 > 2")


async def test_a_form_that_is_sent_twice_at_once_makes_one_draft(
    sessions: Sessions, writer: StaffActor
) -> None:
    form = uuid4()

    async def send(session: AsyncSession) -> Notice:
        return await draft_notice(session, writer, DRAFT, request_id=form)

    one, two = await asyncio.gather(do(sessions, send), do(sessions, send))
    assert one.id == two.id
