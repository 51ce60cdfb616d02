"""A need over WeChat in safe mode, with real Rasa: a code is scanned, the need is reported, answered and rated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from channels.wechat.replying import NOTHING
from community.clock import now
from community.needs.models import Need, NeedState
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.residents.models import Address, Resident
from community.surveys.models import Survey
from linli.database import Sessions
from operations.sessions import run_with_sessions
from tests.channels.conftest import until
from tests.e2e.town import Town
from tests.e2e.wechat_phone import WeChatPhone

Told = TypeVar("Told")
LIFT = "3号楼2单元的电梯坏了两天了，有老人下不了楼"


def test_a_need_goes_round_in_wechat(town: Town) -> None:
    phone = town.wechat.phone()
    phone.follow(town.cast.here.building.id.hex)
    phone.hears("您好，我是邻里")
    late = phone.say(LIFT).answer == NOTHING  # the platform waits for five seconds
    assert phone.hears("这样报上去对吗").way == ("custom" if late else "passive")
    phone.say("1")
    phone.hears("榕树社区物业负责")
    _do(town, phone)
    for words in ("接手了", "师傅下午三点到", "换了门机", "现在好了吗"):
        assert phone.hears(words).way == "custom"
    phone.tap("办好了")
    phone.hears("1 到 5")
    phone.say("5")
    phone.hears("5 分")
    phone.say("没有了")
    phone.hears("谢谢")
    assert [shown.text for shown in phone.person.thread if shown.way == "fault"] == []
    assert _ask(town, lambda sessions: _how_it_ended(sessions, phone)) == (NeedState.CLOSED, 5)
    assert _ask(town, lambda sessions: _home(sessions, phone)) == town.cast.here.building.id


def _do(town: Town, phone: WeChatPhone) -> None:
    """The property company takes the need, answers and does it, as the console does."""
    manager = town.cast.here.staff[PartyType.PROPERTY_COMPANY]

    async def work(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            need = (await session.scalars(_needs_of(phone))).one()
            await accept_need(session, manager, need.id)
            await answer_resident(session, manager, need.id, "师傅下午三点到，老人先别走楼梯。")
            await resolve_need(session, manager, need.id, "换了门机，试过能用了。", survey_at=now())

    _ask(town, work)


async def _how_it_ended(sessions: Sessions, phone: WeChatPhone) -> tuple[NeedState, int | None]:
    """The need's state and the score, once every message to the person is written down as sent."""
    async with sessions() as session:
        need = (await session.scalars(_needs_of(phone))).one()
        score = await session.scalar(select(Survey.score).where(Survey.need_id == need.id))

    async def all_out() -> bool:  # a message is on the phone before its row says so
        async with sessions() as session:
            waiting = select(OutboxMessage.id).where(
                OutboxMessage.resident_id == need.resident_id, OutboxMessage.state != OutboxState.SENT
            )
            return (await session.scalars(waiting)).first() is None

    await until(all_out)
    return need.state, score


async def _home(sessions: Sessions, phone: WeChatPhone) -> UUID | None:
    """Where the person lives, as the code at the door said."""
    async with sessions() as session:
        home: UUID | None = await session.scalar(
            select(Resident.home_id).join(Address).where(Address.outside_id == phone.person.openid)
        )
    return home


def _needs_of(phone: WeChatPhone) -> Select[Need]:
    owner = select(Address.resident_id).where(Address.outside_id == phone.person.openid)
    return select(Need).where(Need.resident_id.in_(owner))


def _ask(town: Town, work: Callable[[Sessions], Awaitable[Told]]) -> Told:
    with ThreadPoolExecutor(1) as aside:  # Playwright may have an event loop of its own in this thread
        return aside.submit(run_with_sessions, town.database_url, work).result()
