"""The page of a need and its acts: what each does, who is offered it, what is said when it is refused."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import func, select

from community.needs.models import Need, NeedEntry, NeedState, NeedView
from community.needs.usecases.residents import add_to_need, withdraw_need
from community.needs.usecases.staff import DeclineReason, accept_need, decline_need
from community.outbox.models import OutboxMessage, OutboxState
from community.residents.models import Resident
from community.surveys.models import Survey
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, WORDS, Browser, OpenDesk, actor_of, new_request

ACT = re.compile(r'data-act="(\w+)"')


async def _acts(desk: Browser, need: Need) -> set[str]:
    return set(ACT.findall((await desk.get(f"/staff/needs/{need.id}")).text))


async def _state(sessions: Sessions, need: Need) -> NeedState:
    async with sessions() as session:
        return (await session.get_one(Need, need.id)).state


async def test_the_page_tells_what_is_known(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, lift.id, "还停着 <b>真的</b>")
    page = (await desk.get(f"/staff/needs/{lift.id}")).text
    for words in (WORDS, lift.code, "电梯", "3号楼2单元", "按责任清单", "首次答复", "没有留名字"):
        assert words in page
    assert "还停着 &lt;b&gt;真的&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        (
            "here.property_company",
            {
                "accept",
                "answer",
                "ask",
                "talk",
                "note",
                "assign",
                "hand_over",
                "decline",
                "change_kind",
                "merge",
            },
        ),
        ("here.committee", {"note"}),
        ("street", {"note"}),
    ],
)
async def test_who_is_offered_what_on_a_new_need(
    open_desk: OpenDesk, cast: Cast, lift: Need, who: str, acts: set[str]
) -> None:
    assert await _acts(await open_desk(actor_of(cast, who)), lift) == acts


async def test_a_need_from_new_to_resolved(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/accept")
    assert "start" in await _acts(desk, lift)
    await desk.post(f"{path}/start")
    await desk.post(f"{path}/answer", words="师傅下午三点到", request_id=new_request())
    await desk.post(f"{path}/note", words="配件要等两天", request_id=new_request())
    await desk.post(f"{path}/resolve", words="换了门锁，试了十次", request_id=new_request())
    page = (await desk.get(path)).text
    for words in ("师傅下午三点到", "配件要等两天", "居民看不到", "换了门锁，试了十次", "正在送", "待回访"):
        assert words in page
    assert (
        page.index("物业接下") < page.index("接手了") < page.index("开始办理") < page.index("师傅下午三点到")
    )
    assert await _acts(desk, lift) == {"answer", "note"}
    async with sessions() as session:
        told = await session.scalars(
            select(OutboxMessage.message).where(OutboxMessage.need_id == lift.id).order_by(OutboxMessage.seq)
        )
        assert told.all() == ["need_accepted", "staff_answer", "need_resolved"]
        assert await session.scalar(select(func.count()).select_from(Survey)) == 1


async def test_a_double_click_sends_once(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path, request = f"/staff/needs/{lift.id}", new_request()
    await desk.post(f"{path}/accept")
    twice = (desk.post(f"{path}/answer", words="下午修", request_id=request) for _ in range(2))
    await asyncio.gather(*twice)
    await desk.post(f"{path}/resolve", words="修好了", request_id=request)
    again = await desk.post(f"{path}/resolve", 422, words="修好了", request_id=request)
    assert "情况已经变了" in again.text
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(NeedEntry)) == 1
        sent = select(func.count()).where(OutboxMessage.message.in_(("staff_answer", "need_resolved")))
        assert await session.scalar(sent) == 2


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("answer", {"words": "   "}, "还没有内容"),
        ("hand-over", {"words": "不归我们管的电梯", "party_id": ""}, "请先选一个"),
        ("decline", {"words": "电梯不归物业管", "reason": ""}, "请先选一个"),
        ("assign", {"staff_id": ""}, "请先选一个"),
        ("answer", {"words": "长" * 5001}, "字"),
    ],
)
async def test_a_refusal_is_said_beside_the_form_and_nothing_typed_is_lost(
    open_desk: OpenDesk,
    cast: Cast,
    lift: Need,
    sessions: Sessions,
    act: str,
    typed: dict[str, str],
    said: str,
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    request = new_request()
    page = (await desk.post(f"/staff/needs/{lift.id}/{act}", 422, request_id=request, **typed)).text
    form = page[page.index(f'data-act="{act.replace("-", "_")}"') :].partition("</form>")[0]
    assert said in form
    assert request in form
    assert typed.get("words", "").strip() in form
    assert await _state(sessions, lift) is NeedState.ROUTED


async def test_what_was_written_is_shown_again_where_its_form_is_gone(
    open_desk: OpenDesk, cast: Cast, lift: Need
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    page = await desk.post(
        f"/staff/needs/{lift.id}/resolve", 422, words="换了钢丝绳", request_id=new_request()
    )
    assert "<q>换了钢丝绳</q>" in page.text


async def test_declining_passes_it_on_and_two_declines_bring_it_to_the_street(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{lift.id}"
    answer = await desk.post(f"{path}/decline", reason="not_ours", words="电梯公司自己管")
    assert answer.headers["location"] == "/staff/needs?done=declined"
    assert "会转给下一家" in (await desk.get(answer.headers["location"])).text
    committee = await open_desk(actor_of(cast, "here.committee"))
    page = (await committee.get(path)).text
    assert "不归我们管 · 电梯公司自己管" in page
    assert "榕树社区物业不接，清单上协助电梯的榕树社区居委会接手" in page
    await committee.post(f"{path}/decline", reason="no_capacity")
    street = await open_desk(cast.street)
    acts = {
        "accept",
        "answer",
        "ask",
        "talk",
        "note",
        "assign",
        "hand_over",
        "change_kind",
        "merge",
        "decide",
    }
    assert await _acts(street, lift) == acts
    property_company = actor_of(cast, "here.property_company").party_id
    await street.post(f"{path}/hand-over", party_id=str(property_company), words="街道定了，物业来办")
    assert "accept" in await _acts(desk, lift)


async def test_handing_over_by_htmx_leaves_the_page(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{lift.id}"
    committee = str(actor_of(cast, "here.committee").party_id)
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"{desk.client.base_url}{path}",
        "X-CSRF-Token": desk.csrf,
    }
    form = {"party_id": committee, "words": "归居委会"}
    answer = await desk.client.post(f"{path}/hand-over", data=form, headers=headers)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/staff/needs?done=handed_over")
    assert "归居委会" in (await (await open_desk(actor_of(cast, "here.committee"))).get(path)).text


async def test_a_colleague_can_be_given_it(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    colleague = actor_of(cast, "here.property_company.2")
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/assign", staff_id=str(colleague.staff_id))
    assert f"<dd>{colleague.name}</dd>" in (await desk.get(path)).text
    stranger = actor_of(cast, "here.committee")
    refused = await desk.post(f"{path}/assign", 422, staff_id=str(stranger.staff_id))
    assert 'data-act="assign"' in refused.text


async def test_what_did_not_arrive_is_marked_with_its_reason(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/answer", words="下午来修", request_id=new_request())
    async with sessions.begin() as session:
        row = (
            await session.scalars(select(OutboxMessage).where(OutboxMessage.message == "staff_answer"))
        ).one()
        row.state, row.reason = OutboxState.FAILED, "nobody_there"
    page = (await desk.get(path)).text
    assert "没送到" in page
    assert "居民不再接收消息" in page


async def test_a_confidential_need_opens_for_who_takes_it_and_views_are_logged(
    open_desk: OpenDesk, cast: Cast, low_mood: Need, sessions: Sessions
) -> None:
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    colleague = await open_desk(actor_of(cast, "here.social_work_team.2"))
    path = f"/staff/needs/{low_mood.id}"
    masked = (await worker.get(path)).text
    assert SECRET not in masked
    assert "由我来办" in masked
    await worker.post(f"{path}/answer", 422, words="您好", request_id=new_request())
    await worker.post(f"{path}/take")
    page = (await worker.get(path)).text
    assert SECRET in page
    assert "保密" in page
    assert f'action="{path}/accept"' not in page, "whoever takes it has accepted it"
    beside = (await colleague.get(path)).text
    assert SECRET not in beside
    assert "经办" in beside
    async with sessions() as session:
        views = (await session.scalars(select(NeedView.allowed).order_by(NeedView.id))).all()
    assert views == [False, True, False]  # the second look within a minute is the same view


async def test_a_confidential_need_is_not_offered_to_other_parties(
    open_desk: OpenDesk, cast: Cast, low_mood: Need
) -> None:
    desk = await open_desk(actor_of(cast, "here.social_work_team"))
    path = f"/staff/needs/{low_mood.id}"
    await desk.post(f"{path}/take")
    committee = str(actor_of(cast, "here.committee").party_id)
    page = (await desk.get(path)).text
    handing_over = page[page.index('data-act="hand_over"') :].partition("</form>")[0]
    assert committee not in handing_over
    refused = await desk.post(f"{path}/hand-over", 422, party_id=committee, words="请看看")
    assert SECRET in refused.text


async def test_who_assists_sees_no_name_and_no_phone(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王阿姨", "139 0000 0000"
    for who, seen in (("here.property_company", True), ("here.committee", True), ("street", False)):
        page = (await (await open_desk(actor_of(cast, who))).get(f"/staff/needs/{lift.id}")).text
        assert ("王阿姨" in page, "139 0000 0000" in page) == (seen, seen)


async def test_a_page_in_the_background_has_not_been_looked_at(
    open_desk: OpenDesk, cast: Cast, lift: Need
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    for how, unseen in (("unseen", True), ("seen", False)):
        await desk.get(f"/staff/needs/{lift.id}", 200, **{"X-Linli-By-Itself": how})
        assert ("row_unseen" in (await desk.get("/staff/needs")).text) is unseen


async def test_what_moved_on_meanwhile_is_said(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, lift.id)
    page = await desk.post(f"/staff/needs/{lift.id}/accept", 422)
    assert "情况已经变了" in page.text
    assert "居民撤回" in page.text
    assert await _acts(desk, lift) == {"note"}


async def test_a_need_that_left_is_gone_for_a_partner(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    staff = actor_of(cast, "here.volunteer_team")
    lead = actor_of(cast, "here.property_company")
    desk = await open_desk(staff)
    async with sessions.begin() as session:
        await accept_need(session, lead, lift.id)
    await desk.get(f"/staff/needs/{lift.id}", 404)


async def test_the_console_is_english_where_that_was_chosen(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    await desk.post("/staff/language", language="en", next="/staff")
    async with sessions.begin() as session:
        await decline_need(session, actor_of(cast, "here.property_company"), lift.id, DeclineReason.DUPLICATE)
    committee = await open_desk(actor_of(cast, "here.committee"))
    await committee.post("/staff/language", language="en", next="/staff")
    page = (await committee.get(f"/staff/needs/{lift.id}")).text
    for words in (
        "Lift",
        "Building 3 Unit 2",
        "Reported already",
        "Banyan property company declined",
        "First answer",
    ):
        assert words in page
