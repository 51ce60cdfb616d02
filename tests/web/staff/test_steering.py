"""Steering at the console: asking and waiting, another kind, errands, named parties, the street's decision."""

from __future__ import annotations

import re

from community.needs.models import Need, NeedState
from community.needs.usecases.residents import add_to_need
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of, new_request, report


async def _read(sessions: Sessions, need: Need) -> Need:
    async with sessions() as session:
        return await session.get_one(Need, need.id)


async def test_a_question_waits_for_the_resident(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/ask", words="左边还是右边那台？", request_id=new_request())
    page = (await desk.get(path)).text
    for words in ("等居民回话", "左边还是右边那台？", "问了居民，等回话，时限暂停", "暂停", "居民已经回话"):
        assert words in page
    assert "等居民回话" in (await desk.get("/staff/needs")).text
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, lift.id, "左边那台")
    assert (await _read(sessions, lift)).waiting_since is None
    await desk.post(f"{path}/stop-waiting", 422)


async def test_another_kind_goes_where_it_belongs(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    assert "改类别" in (await desk.get(f"/staff/needs/{lift.id}")).text
    await desk.post(f"/staff/needs/{lift.id}/change-kind", kind="noise")
    changed = await _read(sessions, lift)
    assert (changed.kind, changed.lead_party_id) == ("noise", cast.here.parties[PartyType.COMMITTEE].id)
    committee = await open_desk(actor_of(cast, "here.committee"))
    page = (await committee.get(f"/staff/needs/{lift.id}")).text
    assert "类别从电梯改为噪音" in page
    assert "按责任清单，噪音由榕树社区居委会牵头" in page


async def test_an_errand_is_refused_with_one_button(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    need = await report(sessions, cast.owner, "elderly_care", words="帮忙取个快递")
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    assert "退回跑腿的事" in (await worker.get(f"/staff/needs/{need.id}")).text
    await worker.post(f"/staff/needs/{need.id}/errand")
    committee = await open_desk(actor_of(cast, "here.committee"))
    page = (await committee.get(f"/staff/needs/{need.id}")).text
    assert "跑腿的事不归社工，由榕树社区居委会来办" in page
    assert "只是跑腿，不用社工" in page
    assert "退回跑腿的事" not in page


async def test_who_declines_names_the_right_party_and_the_street_decides(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    named = str(cast.here.parties[PartyType.DEPARTMENT].id)
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/decline", reason="not_ours", words="归城管", named_party_id=named)
    assert str((await _read(sessions, lift)).lead_party_id) == named
    department = await open_desk(actor_of(cast, "here.department"))
    page = (await department.get(path)).text
    assert "上一家说归榕树社区城管办管" in page
    clocks = page.split('class="clocks"')[1]
    assert clocks.index("接单") < clocks.index("首次答复") < clocks.index("办结"), "what runs out first"
    await department.post(f"{path}/decline", reason="no_capacity")
    street = await open_desk(cast.street)
    page = (await street.get(path)).text
    assert "没有单位接下，由南塘街道办定" in page
    assert 'data-act="decide"' in page
    lead = str(cast.here.parties[PartyType.PROPERTY_COMPANY].id)
    await street.post(f"{path}/decide", party_id=lead)
    decided = await _read(sessions, lift)
    assert (str(decided.lead_party_id), decided.state) == (lead, NeedState.ROUTED)
    page = (await desk.get(path)).text
    assert "街道定了：由榕树社区物业办" in page
    assert 'data-act="decline"' not in page
    await desk.post(f"{path}/decline", 422, reason="not_ours")


async def test_where_nobody_else_could_take_it_the_street_reads_no_count_that_is_wrong(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    """Of some kinds the list asks the committee alone: one decline, and the street decides."""
    need = await report(sessions, cast.owner, "admin_policy_consult", words="想问怎么办居住证")
    committee = await open_desk(actor_of(cast, "here.committee"))
    await committee.post(f"/staff/needs/{need.id}/decline", reason="not_ours")
    page = (await (await open_desk(cast.street)).get(f"/staff/needs/{need.id}")).text
    assert "没有单位接下，由南塘街道办定" in page
    assert "两家" not in page


async def test_what_is_closed_offers_nothing_that_would_open_it(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, path = await open_desk(actor_of(cast, "here.property_company")), f"/staff/needs/{lift.id}"
    acts = {"assign", "hand_over", "change_kind", "merge", "ask"}
    assert acts <= _offered((await desk.get(path)).text)
    async with sessions.begin() as session:
        closed = await session.get_one(Need, lift.id)
        closed.state = NeedState.CLOSED
    page = (await desk.get(path)).text
    assert _offered(page) == {"answer", "note"}
    assert f"{path}/parts" not in page
    assert f"{path}/crisis" not in page
    there = str(cast.here.parties[PartyType.COMMITTEE].id)
    await desk.post(f"{path}/hand-over", 422, party_id=there, words="归居委会")
    assert (await _read(sessions, lift)).state is NeedState.CLOSED


def _offered(page: str) -> set[str]:
    return set(re.findall(r'data-act="([a-z_]+)"', page))


async def test_danger_for_social_workers_alone_leaves_the_page_of_who_saw_it(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, path = await open_desk(actor_of(cast, "here.property_company")), f"/staff/needs/{lift.id}"
    here = await desk.post(f"{path}/crisis", danger="injury")
    assert here.headers["location"] == path
    away = await desk.post(f"{path}/crisis", danger="self_harm")
    assert "转给社工了" in (await desk.get(away.headers["location"])).text
    assert (await _read(sessions, lift)).lead_party_id == cast.here.parties[PartyType.SOCIAL_WORK_TEAM].id
    worker = await open_desk(actor_of(cast, "here.social_work_team"))
    assert (await worker.get(path)).status_code == 200


async def test_the_sentences_are_english_for_who_reads_english(
    open_desk: OpenDesk, cast: Cast, lift: Need
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    await desk.post("/staff/language", language="en", next="/staff/needs")
    page = (await desk.get(f"/staff/needs/{lift.id}")).text
    assert "By the list of responsibilities Banyan property company leads: Lift" in page


async def test_parts_are_asked_in_one_click_and_answered_by_each_party(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    need = await report(sessions, cast.owner, "fire_public_safety", words="楼道堆满纸箱")
    lead = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{need.id}"
    assert "清单上协助的都请（榕树社区居委会、榕树社区城管办）" in (await lead.get(path)).text
    await lead.post(f"{path}/parts", all="1")
    volunteers = str(cast.here.parties[PartyType.VOLUNTEER_TEAM].id)
    await lead.post(f"{path}/parts", party_id=volunteers, what="周六一起清理")
    helper = await open_desk(actor_of(cast, "here.volunteer_team"))
    assert "周六一起清理" in (await helper.get("/staff/parts")).text
    page = (await helper.get(path)).text
    (part,) = re.findall(r"/staff/parts/([0-9a-f-]{36})/accept", page)
    assert "没有留名字" not in page
    await helper.post(f"/staff/parts/{part}/accept", need=str(need.id))
    await helper.post(f"/staff/parts/{part}/finish", need=str(need.id), words="清了三车")
    page = (await lead.get(path)).text
    for words in ("榕树社区志愿队接下协办", "清了三车", "榕树社区志愿队的部分办好了", "收回"):
        assert words in page
    stranger = await open_desk(actor_of(cast, "there.volunteer_team"))
    await stranger.post(f"/staff/parts/{part}/accept", 404, need=str(need.id))
    committee = await open_desk(actor_of(cast, "here.committee"))
    (asked,) = re.findall(r"/staff/parts/([0-9a-f-]{36})/refuse", (await committee.get(path)).text)
    answer = await committee.post(f"/staff/parts/{asked}/refuse", need=str(need.id), words="人手不够")
    assert "没有请我们协办的事" in (await committee.get(answer.headers["location"])).text


async def test_needs_are_merged_with_a_click_and_split_again(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    same = await report(sessions, cast.neighbour, place_id=cast.here.building.id)
    desk = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{same.id}"
    assert f"合并到 {lift.code}" in (await desk.get(path)).text
    await desk.post(f"{path}/merge", 422, code="ZZZZ9")
    await desk.post(f"{path}/merge", code=lift.code)
    page = (await desk.get(path)).text
    assert f"并入 {lift.code}" in page
    assert "拆开单独办" in page
    page = (await desk.get(f"/staff/needs/{lift.id}")).text
    assert f"{same.code} 并入了这一件" in page or f"并入了 {same.code}" in page
    assert "1位，进展会告诉他们" in page
    await desk.post(f"{path}/split")
    assert "不是同一件，单独办" in (await desk.get(path)).text


async def test_what_was_handed_over_says_by_whom(open_desk: OpenDesk, cast: Cast, lift: Need) -> None:
    desk, committee = (
        await open_desk(actor_of(cast, "here.property_company")),
        actor_of(cast, "here.committee"),
    )
    path = f"/staff/needs/{lift.id}"
    await desk.post(f"{path}/hand-over", party_id=str(committee.party_id), words="要开会定")
    page = (await (await open_desk(committee)).get(path)).text
    assert "榕树社区物业转来的，原因在经过里" in page
    assert "要开会定" in page
