"""The page of call-backs: what the resident said, whom to call, what came out; whose it is, and what stays masked."""

from __future__ import annotations

from sqlalchemy import select, update

from community.callbacks.models import CallBack, CallBackState
from community.clock import now
from community.needs.models import Need, NeedState
from community.needs.usecases.staff import accept_need, resolve_need
from community.residents.models import Address, Resident
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import SECRET, OpenDesk, actor_of

LIST = "/staff/call-backs"


async def _solve(sessions: Sessions, cast: Cast, need: Need, handler: str) -> Survey:
    async with sessions.begin() as session:
        (await session.get_one(Resident, cast.owner.resident_id)).phone = "13800005678"
        await accept_need(session, actor_of(cast, handler), need.id)
        await resolve_need(session, actor_of(cast, handler), need.id, "修好了", survey_at=now())
        await take_due_survey(session, now(), SurveyTimes())
        return (await session.scalars(select(Survey).where(Survey.need_id == need.id))).one()


async def _rate_badly(sessions: Sessions, cast: Cast, need: Need, handler: str, caller: str) -> CallBack:
    survey, owner = await _solve(sessions, cast, need, handler), cast.owner.resident_id
    async with sessions.begin() as session:
        await answer_solved(session, owner, survey.id, solved=True)
        await rate_need(session, owner, survey.id, 1)
        await remark_on_survey(session, owner, survey.id, "等了五天才来")
    return await _name(sessions, cast, caller)


async def _name(sessions: Sessions, cast: Cast, caller: str) -> CallBack:
    actor = actor_of(cast, caller)
    async with sessions.begin() as session:
        call = (await session.scalars(select(CallBack))).one()
        call.staff_id, call.party_id = actor.staff_id, actor.party_id
    return call


async def _state(sessions: Sessions) -> tuple[CallBackState, NeedState]:
    async with sessions() as session:
        wanted = select(CallBack.state, Need.state).join(Need, Need.id == CallBack.need_id)
        call, need = (await session.execute(wanted)).one()
        return call, need


async def test_the_words_the_number_and_what_came_out(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    call = await _rate_badly(sessions, cast, lift, "here.property_company", "here.committee")
    desk = await open_desk(actor_of(cast, "here.committee"))
    page = (await desk.get(LIST)).text
    for words in ("给了 1 分", "等了五天才来", "tel:13800005678", "经办：榕树社区物业", "1 个再回访"):
        assert words in page
    refused = await desk.post(f"{LIST}/{call.id}/talked", 422, outcome="done", words=" ")
    assert "写一句聊的结果" in refused.text
    await desk.post(f"{LIST}/{call.id}/talked", outcome="done", words="解释清楚了")
    assert await _state(sessions) == (CallBackState.DONE, NeedState.CLOSED)
    assert "没有要回访的人" in (await desk.get(LIST)).text
    story = (await desk.get(f"/staff/needs/{lift.id}")).text
    assert "再回访聊过了" in story
    assert "评分低，请" in story


async def test_opened_again_or_not_reached(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    call = await _rate_badly(sessions, cast, lift, "here.property_company", "here.property_company.2")
    desk = await open_desk(actor_of(cast, "here.property_company.2"))
    for _ in range(3):
        await desk.post(f"{LIST}/{call.id}/not-reached", outcome="again")
    page = (await desk.get(LIST)).text
    assert "打了 3 次没通" in page
    assert "不再打了" in page
    await desk.post(f"{LIST}/{call.id}/talked", outcome="reopen", words="门还是夹人")
    assert await _state(sessions) == (CallBackState.REOPENED, NeedState.REOPENED)


async def test_an_answer_by_phone(open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Address).values(resident_id=cast.neighbour.resident_id))
    await _solve(sessions, cast, lift, "here.property_company")
    call = await _name(sessions, cast, "here.committee.2")
    desk = await open_desk(actor_of(cast, "here.committee.2"))
    assert "没法发消息，打电话问" in (await desk.get(LIST)).text
    assert "请选居民说的" in (await desk.post(f"{LIST}/{call.id}/answered", 422, score="4")).text
    await desk.post(f"{LIST}/{call.id}/answered", solved="yes", score="4", words="挺好的")
    assert await _state(sessions) == (CallBackState.DONE, NeedState.CLOSED)


async def test_others_see_and_do_nothing(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    call = await _rate_badly(sessions, cast, lift, "here.property_company", "here.committee")
    for who, status in (
        ("here.property_company", 404),
        ("here.social_work_team", 404),
        ("there.committee", 404),
        ("street", 404),
        ("admin", 404),
    ):
        desk = await open_desk(actor_of(cast, who))
        assert "等了五天才来" not in (await desk.get(LIST)).text
        for path in ("talked", "answered", "not-reached", "take"):
            await desk.post(f"{LIST}/{call.id}/{path}", status, outcome="done", solved="yes", words="好")
    assert (await _state(sessions))[0] is CallBackState.OPEN


async def test_of_a_confidential_need_nothing_is_listed(
    open_desk: OpenDesk, cast: Cast, low_mood: Need, sessions: Sessions
) -> None:
    who = "here.social_work_team.2"
    call = await _rate_badly(sessions, cast, low_mood, "here.social_work_team", who)
    desk = await open_desk(actor_of(cast, who))
    page = (await desk.get(LIST)).text
    assert low_mood.code in page
    for words in (SECRET, "等了五天才来", "13800005678"):
        assert words not in page
    committee = await open_desk(actor_of(cast, "here.committee"))
    assert low_mood.code not in (await committee.get(LIST)).text
    await desk.post(
        f"/staff/needs/{low_mood.id}/take"
    )  # to read it and call: that is no hand in the work before
    assert "等了五天才来" in (await desk.get(f"/staff/needs/{low_mood.id}")).text
    await desk.post(f"{LIST}/{call.id}/talked", outcome="done", words="聊了一个小时")
    assert (await _state(sessions))[0] is CallBackState.DONE


async def test_who_leads_takes_what_is_late(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    await _rate_badly(sessions, cast, lift, "here.property_company", "here.committee.2")
    leader = await open_desk(actor_of(cast, "here.committee"))
    assert "没有要回访的人" in (await leader.get(LIST)).text
    async with sessions.begin() as session:
        call = (await session.scalars(select(CallBack))).one()
        call.with_leader = True
    page = (await leader.get(LIST)).text
    assert "由banyan.committee.2回访" in page
    assert "我来打" in page
    await leader.post(f"{LIST}/{call.id}/take")
    assert "聊过了" in (await leader.get(LIST)).text


async def test_in_english(open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions) -> None:
    await _rate_badly(sessions, cast, lift, "here.property_company", "here.committee")
    desk = await open_desk(actor_of(cast, "here.committee"))
    await desk.post("/staff/language", language="en", next=LIST)
    page = (await desk.get(LIST)).text
    for words in ("Gave a 1", "What came out", "Wants it opened again", "Handled by"):
        assert words in page
