"""Pages around a shift: swapping, arriving by QR, how it was, reminders, the time bank, teams and households."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Part, Shift
from community.clock import now
from community.credits.models import CreditLine, CreditReason
from community.credits.usecases import set_time_bank
from community.homes.usecases import confirm_home
from community.parties.models import PartyType
from community.residents.models import HomeClaim, Resident
from community.residents.usecases import claim_home
from community.signups.models import ReminderWish, SignUp, SignUpState
from community.signups.usecases.arriving import code_of
from community.signups.usecases.joining import join_shift
from community.swaps.models import Swap
from community.teams.usecases import make_team
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.community.activities.plans import make_plan, publish, states
from tests.web.conftest import serving
from tests.web.residents.conftest import Browsers
from tests.web.residents.test_activities import send

SOON, DAY = timedelta(hours=30), timedelta(days=1)
COMMITTEE = PartyType.COMMITTEE
MINE = "/m/shifts"


async def join(sessions: Sessions, resident_id: UUID, shift_id: UUID) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)).sign_up.id


async def complete(sessions: Sessions, sign_up_id: UUID, minutes: int = 120) -> None:
    async with sessions.begin() as session:
        sign_up = await session.get_one(SignUp, sign_up_id)
        sign_up.state, sign_up.minutes = SignUpState.COMPLETED, minutes


async def post(browser: httpx.AsyncClient, page: str, path: str, status: int = 303, /, **fields: str) -> str:
    answer = await send(browser, page, path, **fields)
    assert answer.status_code == status, answer.text
    return answer.headers.get("location", "") or answer.text


async def test_two_neighbours_swap(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    first = await publish(sessions, cast, make_plan(now() + SOON, volunteers=1))
    second = await publish(sessions, cast, make_plan(now() + SOON + DAY, volunteers=1))
    own = await join(sessions, cast.owner.resident_id, first)
    await join(sessions, cast.neighbour.resident_id, second)
    page = f"/m/swaps/{own}"
    assert f"/m/swaps/{own}" in (await browsers.owner.get(f"/m/activities/{first}")).text
    assert str(second) in (await browsers.owner.get(page)).text
    assert (await browsers.neighbour.get(page)).status_code == 404
    await post(browsers.owner, page, page, shift=str(second))
    assert "正在问" in (await browsers.owner.get(MINE)).text
    asked = (await browsers.neighbour.get(MINE)).text
    assert "想跟您换班" in asked
    async with sessions() as session:
        swap_id = (await session.scalars(select(Swap.id))).one()
    assert (await send(browsers.stranger, MINE, f"/m/swaps/{swap_id}/agree")).status_code == 404
    assert "swapped" in await post(browsers.neighbour, MINE, f"/m/swaps/{swap_id}/agree")
    assert [await states(sessions, each) for each in (first, second)] == [["cancelled", "signed_up"]] * 2


async def test_a_swap_that_cannot_be_says_why(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    first = await publish(sessions, cast, make_plan(now() + SOON))
    second = await publish(sessions, cast, make_plan(now() + SOON + DAY, volunteers=2))
    own = await join(sessions, cast.owner.resident_id, first)
    await join(sessions, cast.neighbour.resident_id, second)
    page = f"/m/swaps/{own}"
    assert "还有空位" in await post(browsers.owner, page, page, 422, shift=str(second))


async def test_arriving_by_the_qr_and_going(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    await join(sessions, cast.owner.resident_id, shift_id)
    page, begins = f"/m/check-in/{shift_id}", now() + SOON
    with time_machine.travel(begins):
        async with sessions() as session:
            shift = await session.get_one(Shift, shift_id)
        code = code_of(shift, now())
        assert f'value="{code}"' in (await browsers.owner.get(f"{page}?code={code}")).text
        assert "没有报这一场" in (await browsers.neighbour.get(f"{page}?code={code}")).text
        valid = {code_of(shift, now() + minutes * timedelta(minutes=1)) for minutes in (-1, 0, 1)}
        wrong = next(each for each in ("0000", "1111", "2222", "3333") if each not in valid)
        await post(browsers.owner, page, page, 422, code=wrong)
        await post(browsers.owner, page, page, code=code)
        assert (await send(browsers.neighbour, page, page, code=code)).status_code == 404
    assert await states(sessions, shift_id) == ["checked_in"]
    with time_machine.travel(begins + timedelta(hours=1)):
        shown = (await browsers.owner.get(f"/m/activities/{shift_id}")).text
        out = shown.split('action="/m/check-out/')[1].split('"')[0]
        await post(browsers.owner, f"/m/activities/{shift_id}", f"/m/check-out/{out}")
        assert "签退" in (await browsers.owner.get(f"/m/activities/{shift_id}")).text


async def test_how_it_was_and_when_to_be_reminded(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON))
    own = await join(sessions, cast.owner.resident_id, shift_id)
    await complete(sessions, own)
    path = f"{MINE}/{own}/feedback"
    assert path in (await browsers.owner.get(MINE)).text
    await post(browsers.owner, MINE, path, score="4", words="大家都很热心")
    assert (await send(browsers.neighbour, MINE, path, score="1")).status_code == 404
    await post(browsers.owner, MINE, f"{MINE}/reminders", confirm="2880", remind="60")
    async with sessions() as session:
        sign_up = await session.get_one(SignUp, own)
        wish = await session.get_one(ReminderWish, cast.owner.resident_id)
    assert (sign_up.score, sign_up.remark) == (4, "大家都很热心")
    assert (wish.confirm_minutes, wish.remind_minutes) == (2880, 60)


async def test_hours_are_spent_on_help(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    assert "时间银行" not in (await browsers.owner.get(MINE)).text
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[COMMITTEE], kept=True)
        session.add(
            CreditLine(
                resident_id=cast.owner.resident_id,
                community_id=cast.here.community.id,
                minutes=120,
                reason=CreditReason.SERVED,
                at=now(),
            )
        )
    page = (await browsers.owner.get(MINE)).text
    assert "时间银行" in page
    assert "请邻居帮忙" in page
    form: dict[str, str] = {"hours": "2", "words": "陪我去医院拿药"}
    assert "不够" in await post(browsers.neighbour, MINE, f"{MINE}/help", 422, **form)
    need = await post(browsers.owner, MINE, f"{MINE}/help", **form)
    assert "陪我去医院拿药" in (await browsers.owner.get(need)).text
    assert "请邻居帮忙" not in (await browsers.owner.get(MINE)).text


async def test_help_counts_as_a_report_by_the_settings(
    sessions: Sessions, cast: Cast, browsers: Browsers, settings: Settings
) -> None:
    async with sessions.begin() as session:
        await set_time_bank(session, cast.here.staff[COMMITTEE], kept=True)
        own = {"resident_id": cast.owner.resident_id, "community_id": cast.here.community.id}
        session.add(CreditLine(**own, minutes=240, reason=CreditReason.SERVED, at=now()))
    async with serving(settings.model_copy(update={"reports_per_hour": 1})) as address:
        browsers.owner.base_url, browsers.owner.headers["Origin"] = httpx.URL(address), address
        form: dict[str, str] = {"hours": "1", "words": "陪我去医院拿药"}
        await post(browsers.owner, MINE, f"{MINE}/help", **form)
        answer = await send(browsers.owner, MINE, f"{MINE}/help", **form)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


async def test_a_team_and_its_leader(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shift_id = await publish(sessions, cast, make_plan(now() + SOON, volunteers=5))
    async with sessions.begin() as session:
        team = await make_team(session, cast.here.staff[COMMITTEE], "银发巡逻队", cast.owner.resident_id)
        team_id, code = team.id, team.code
    page = f"/m/teams/{team_id}"
    assert "没有这个队伍号" in await post(browsers.neighbour, "/m/teams", "/m/teams", 422, code="ZZZZZ")
    assert (await browsers.neighbour.get(page)).status_code == 404
    await post(browsers.neighbour, "/m/teams", "/m/teams", code=code)
    members = (await browsers.owner.get(page)).text
    assert members.count('name="m_') == 2
    assert code not in (await browsers.neighbour.get(page)).text
    chosen = {f"m_{each.resident_id}": "1" for each in (cast.owner, cast.neighbour)}
    assert (
        await send(browsers.neighbour, page, f"{page}/join", shift=str(shift_id), **chosen)
    ).status_code == 404
    listed = await post(browsers.owner, page, f"{page}/join", shift=str(shift_id), **chosen)
    assert await states(sessions, shift_id) == ["signed_up"] * 2
    leaders = listed.split("?")[0]
    assert (await browsers.neighbour.get(leaders)).status_code == 404
    with time_machine.travel(now() + SOON):
        shown = (await browsers.owner.get(leaders)).text
        sign_up = shown.split('name="sign_up" value="')[1].split('"')[0]
        await post(browsers.owner, leaders, f"{leaders}/arrived", sign_up=sign_up)
        await post(browsers.owner, leaders, f"{leaders}/gone", sign_up=sign_up)
        assert (
            await send(browsers.owner, leaders, f"{leaders}/nonsense", sign_up=sign_up)
        ).status_code == 404
    assert sorted(await states(sessions, shift_id)) == ["checked_in", "signed_up"]
    await post(browsers.neighbour, page, f"{page}/leave")
    assert (await browsers.neighbour.get(page)).status_code == 404


async def test_a_household_lets_its_own_in(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    page = "/m/me/household"
    assert "还没确认" in await post(browsers.owner, page, f"{page}/code", 422)
    async with sessions.begin() as session:
        await claim_home(session, cast.owner.resident_id, cast.here.unit.id)
        await confirm_home(session, cast.here.staff[COMMITTEE], cast.owner.resident_id)
    shown = await post(browsers.owner, page, f"{page}/code", 200)
    code = shown.split('code_large" aria-live="polite">')[1].split("<")[0]
    assert "这个码不对" in await post(browsers.neighbour, page, page, 422, code="AAAA2222")
    await post(browsers.neighbour, page, page, code=f"{code[:4]} {code[4:].lower()}")
    assert "这个码不对" in await post(browsers.neighbour, page, page, 422, code=code)
    async with sessions() as session:
        resident = await session.get_one(Resident, cast.neighbour.resident_id)
    assert (resident.home_id, resident.home_claim) == (cast.here.unit.id, HomeClaim.CONFIRMED)


@pytest.mark.parametrize("page", ["/m/teams", "/m/check-in/{}"])
async def test_who_said_nothing_yet_is_led_to_the_chat(browsers: Browsers, page: str) -> None:
    assert (await browsers.nobody.get(page.format(uuid4()))).status_code == 200
