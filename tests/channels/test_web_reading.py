"""The thread as the browser reads it: who speaks under which name, in which language, and what a bubble leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from channels.web.reading import Item, is_being_answered, read_after, read_before
from community.clock import now
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, answer_resident
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from community.residents.models import Language
from community.residents.usecases import choose_language
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.conftest import say
from tests.delivering import Delivery


async def _accept_and_answer(sessions: Sessions, cast: Cast) -> Need:
    actor = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了"))
        await accept_need(session, actor, need.id)
        await answer_resident(session, actor, need.id, "师傅三点到 <b>！</b>")
    return need


async def _read(sessions: Sessions, cast: Cast) -> Sequence[Item]:
    async with sessions() as session:
        return await read_after(session, cast.owner.address_id, 0)


async def test_staff_speak_under_their_name_and_linli_under_its_own(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    need = await _accept_and_answer(sessions, cast)
    await delivery.deliver_due(now())
    by_name = {item["from"]: item for item in await _read(sessions, cast)}
    linli, staff = by_name["linli"], by_name["staff"]
    assert linli["name"] is None
    assert staff["name"].endswith(cast.here.staff[PartyType.PROPERTY_COMPANY].name)
    assert staff["text"] == "师傅三点到 <b>！</b>"
    assert staff["link"] == {"url": f"/m/needs/{need.id}", "label": "看看这件事"}


async def test_everything_is_read_in_the_language_of_today(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    await _accept_and_answer(sessions, cast)
    await delivery.deliver_due(now())
    async with sessions.begin() as session:
        await choose_language(session, cast.owner.resident_id, Language.EN)
    linli = next(item for item in await _read(sessions, cast) if item["from"] == "linli")
    assert "lift" in linli["text"].lower()
    assert linli["link"]["label"] == "See this matter"


async def test_a_bubble_that_asks_leads_nowhere_else(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了"))
        await enqueue_message(
            session,
            cast.owner.resident_id,
            "survey_ask",
            "survey",
            values={"kind": {"zh": "电梯", "en": "lift"}},
            buttons=[{"label": "button_solved", "payload": "/solved"}],
            need_id=need.id,
        )
    await delivery.deliver_due(now())
    asked = next(item for item in await _read(sessions, cast) if item["buttons"])
    assert asked["buttons"][0]["label"]
    assert "payload" not in asked["buttons"][0]
    assert asked["link"] is None


async def test_a_button_that_calls_is_a_link_with_its_number(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    call = {"label": "button_call", "payload": "tel:12356", "values": {"number": "12356"}}
    here = {"label": "button_i_am_here", "payload": "/choose"}
    async with sessions.begin() as session:
        await enqueue_message(
            session, cast.owner.resident_id, "crisis_still_there", "crisis", buttons=[call, here]
        )
    await delivery.deliver_due(now())
    first, second = (await _read(sessions, cast))[-1]["buttons"]
    assert (first["label"], first["call"]) == ("拨 12356", "tel:12356")
    assert "call" not in second


async def test_older_items_are_read_from_a_number_back(sessions: Sessions, cast: Cast) -> None:
    for number in range(5):
        await say(sessions, cast.owner, f"第{number}句")
    async with sessions() as session:
        items, more = await read_before(session, cast.owner.address_id, 5, limit=3)
        assert ([item["seq"] for item in items], more) == ([2, 3, 4], True)
        items, more = await read_before(session, cast.owner.address_id, 2, limit=3)
        assert ([item["text"] for item in items], more) == (["第0句"], False)
        assert (await read_before(session, cast.neighbour.address_id, 99))[0] == []


async def test_what_waits_for_its_first_try_is_being_answered(sessions: Sessions, cast: Cast) -> None:
    await say(sessions, cast.owner, "你好")
    async with sessions() as session:
        assert await is_being_answered(session, cast.owner.address_id)
        assert not await is_being_answered(session, cast.neighbour.address_id)


BROKEN: dict[str, dict[str, Any]] = {
    "words that are gone": {"message": "no_such_message"},
    "a value that is missing": {"message": "need_passed_on", "values": {}},
    "a moment that is none": {
        "message": "need_accepted",
        "values": {"code": "A", "kind": "x", "party": "x", "due_at": "soon"},
    },
    "a button without words": {
        "message": "bot_away",
        "buttons": [
            {"label": "no_such_label", "payload": "/no"},
            {"label": "button_solved", "payload": "/yes"},
        ],
    },
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_a_bubble_that_cannot_be_said_does_not_hide_the_others(
    sessions: Sessions, cast: Cast, delivery: Delivery, broken: dict[str, Any]
) -> None:
    rows: list[dict[str, Any]] = [{"message": "bot_away"}, broken, {"message": "welcome"}]
    async with sessions.begin() as session:
        for number, row in enumerate(rows):
            await enqueue_message(session, cast.owner.resident_id, purpose=str(number), **row)
    await delivery.deliver_due(now())
    first, odd, last = await _read(sessions, cast)
    assert first["text"]
    assert last["text"]
    assert odd["text"]
    assert [button["index"] for button in odd["buttons"]] == ([1] if "buttons" in broken else [])
