"""What the bot's actions make of a consent: taps, words, a question under way that stays open, and who looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from bot.actions.registry import ACTIONS
from bot.actions.running import Tools, take
from channels.contract import Incoming
from channels.inbound import store_inbound
from community.clock import now
from community.consents.models import Consent, ConsentField, ConsentState
from community.consents.telling import consent_payload
from community.consents.usecases import Sharing, ask_consent
from community.needs.queries import get_need_page
from community.needs.usecases.residents import Report, ReportLimits, report_need
from community.needs.usecases.staff import assign_need
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

NUMBERS = count(1)


@pytest.fixture
async def consent(sessions: Sessions, cast: Cast) -> Consent:
    """The owner is asked."""
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
        await assign_need(session, worker, need.id, worker.staff_id)
        await get_need_page(session, worker, need.id)
        sharing = Sharing((ConsentField.PLACE,), "帮您装扶手", now() + timedelta(days=9))
        party = cast.here.parties[PartyType.PROPERTY_COMPANY].id
        return await ask_consent(session, worker, need.id, party, sharing)


async def _say(
    sessions: Sessions, cast: Cast, text: str, action: str = "action_fall_back", **other: Any
) -> tuple[list[str], dict[str, Any]]:
    """The messages that are answered, and what is kept."""
    tapped = {"value": text.partition('"value": "')[2].partition('"')[0]} if text.startswith("/") else {}
    tracker = {
        "sender_id": str(cast.owner.resident_id),
        "slots": other.get("slots", {}),
        "active_loop": {"name": other["form"]} if "form" in other else {},
        "latest_message": {
            "text": text,
            "intent": {"name": other.get("intent", "choose" if tapped else "out_of_scope")},
            "intent_ranking": [],
            "entities": [{"entity": name, "value": value} for name, value in tapped.items()],
            "metadata": {"message_id": other.get("message_id") or next(NUMBERS)},
        },
    }
    turn = await take(action, ACTIONS[action], Tools(sessions, ReportLimits()), tracker)
    return [bubble["message"] for bubble in turn.bubbles], turn.kept


async def _state(sessions: Sessions, consent: Consent) -> ConsentState:
    async with sessions() as session:
        return (await session.get_one(Consent, consent.id)).state


async def test_explained_given_and_taken_back(sessions: Sessions, cast: Cast, consent: Consent) -> None:
    assert (await _say(sessions, cast, consent_payload(consent.id, "what")))[0] == ["consent_what"]
    assert await _state(sessions, consent) is ConsentState.ASKED
    assert (await _say(sessions, cast, consent_payload(consent.id, "yes")))[0] == ["consent_given"]
    assert await _state(sessions, consent) is ConsentState.GIVEN
    assert (await _say(sessions, cast, "我要撤回同意"))[0] == ["consent_withdrawn"]
    assert await _state(sessions, consent) is ConsentState.WITHDRAWN
    assert (await _say(sessions, cast, "take back my consent"))[0] == ["consent_none"]
    assert (await _say(sessions, cast, consent_payload(consent.id, "yes")))[0] == ["consent_is_over"]


async def test_no_is_no(sessions: Sessions, cast: Cast, consent: Consent) -> None:
    assert (await _say(sessions, cast, consent_payload(consent.id, "no")))[0] == ["consent_refused"]
    assert await _state(sessions, consent) is ConsentState.REFUSED


@pytest.mark.parametrize("state", ["pending", "sending", "suppressed", "failed", "held"])
async def test_a_yes_is_none_where_the_question_did_not_arrive(
    sessions: Sessions, cast: Cast, consent: Consent, state: str
) -> None:
    await _be_told(sessions, OutboxState(state))
    assert (await _hear(sessions, cast, "好的"))[0] != ["consent_given"]
    assert await _state(sessions, consent) is ConsentState.ASKED


async def test_a_yes_is_the_answer_to_what_arrived_last_before_it(
    sessions: Sessions, cast: Cast, consent: Consent
) -> None:
    await _be_told(sessions, OutboxState.SENT, now() + timedelta(minutes=1))
    assert (await _hear(sessions, cast, "好的"))[0] != ["consent_given"]  # said before the question came
    await _be_told(sessions, OutboxState.SENT)
    async with sessions.begin() as session:
        await enqueue_message(session, cast.owner.resident_id, "need_accepted", "waits")
    assert (await _hear(sessions, cast, "好的"))[0] == ["consent_given"]


async def _be_told(sessions: Sessions, state: OutboxState, at: datetime | None = None) -> None:
    """The question went out, or did not."""
    asked = update(OutboxMessage).where(OutboxMessage.message == "consent_ask")
    sent_at = (at or now()) if state is OutboxState.SENT else None
    async with sessions.begin() as session:
        await session.execute(asked.values(state=state, sent_at=sent_at))


async def _hear(sessions: Sessions, cast: Cast, text: str) -> tuple[list[str], dict[str, Any]]:
    """A plain yes that has come in as a message."""
    known, number = cast.owner, f"said-{next(NUMBERS)}"
    async with sessions.begin() as session:
        stored = await store_inbound(session, known, Incoming("web", "owner", number, text))
    return await _say(sessions, cast, text, intent="affirm", message_id=stored.id)


async def test_a_question_under_way_stays_open(sessions: Sessions, cast: Cast, consent: Consent) -> None:
    asked = {"slots": {"requested_slot": "place"}, "form": "report_form"}
    said, kept = await _say(
        sessions, cast, consent_payload(consent.id, "yes"), "validate_report_form", **asked
    )
    assert said == ["consent_given"]
    assert kept["requested_slot"] == "place"


@pytest.mark.parametrize("words", ["谁看过我的事？", "我的事都谁看过了", "who looked at my case?"])
async def test_who_looked_is_told(sessions: Sessions, cast: Cast, consent: Consent, words: str) -> None:
    assert (await _say(sessions, cast, words))[0] == ["looked_at"]


async def test_who_confided_nothing_is_told_so(sessions: Sessions, cast: Cast) -> None:
    assert (await _say(sessions, cast, "谁看过我的事"))[0] == ["looked_not_confided"]
