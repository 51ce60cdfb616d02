"""Who opens what at the console: every address for everybody of the cast, and forms without their token."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community.conversations.models import Handover
from community.conversations.usecases import ask_for_person
from community.files.usecases import add_file
from community.needs.models import Need, NeedHistory
from community.needs.usecases.residents import Report, report_need
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, SECRET, WORDS, Browser, OpenDesk, actor_of, new_request

FORMS: dict[str, dict[str, str]] = {
    "take": {},
    "accept": {},
    "start": {},
    "answer": {"words": "今天来修"},
    "note": {"words": "叫了人"},
    "resolve": {"words": "修好了"},
    "assign": {"staff_id": ""},
    "hand-over": {"party_id": "", "words": "归别家"},
    "decline": {"reason": "not_ours"},
    "ask": {"words": "几楼？"},
    "stop-waiting": {},
    "change-kind": {"kind": "noise"},
    "errand": {},
    "decide": {"party_id": ""},
    "parts": {"all": "1"},
    "merge": {"code": "A2B3C"},
    "split": {},
}
STRANGERS = (
    "there.property_company",
    "there.committee",
    "there.social_work_team",
    "here.volunteer_team",
    "admin",
)


@dataclass(frozen=True)
class Things:
    """What is there to be opened."""

    lift: Need
    low_mood: Need
    handover: Handover
    message: OutboxMessage
    photo: str


@pytest.fixture
async def things(sessions: Sessions, cast: Cast, settings: Settings) -> Things:
    """A need with a photo, a confidential one, a wish for a person, a message that did not arrive."""
    photo = store_file(settings.files_dir, b"\xff\xd8")
    async with sessions.begin() as session:
        size = {"size": 2, "width": 1, "height": 1}
        await add_file(session, cast.owner.resident_id, photo, media_type="image/jpeg", **size)
        seen = Report(kind="elevator", words=WORDS, place_id=cast.here.unit.id, file_ids=(photo,))
        lift = await report_need(session, cast.owner.resident_id, seen)
        low_mood = await report_need(session, cast.owner.resident_id, Report(kind=LOW_MOOD, words=SECRET))
        handover = await ask_for_person(session, cast.owner.resident_id, "想找人说说")
        said = {"words": WORDS, "name": "王"}
        await enqueue_message(
            session, cast.owner.resident_id, "staff_answer", "test", values=said, need_id=lift.id
        )
        message = (await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == "test"))).one()
        message.state = OutboxState.FAILED
    return Things(lift, low_mood, handover, message, str(photo))


def _pages(things: Things) -> dict[str, str]:
    return {
        "need": f"/staff/needs/{things.lift.id}",
        "secret": f"/staff/needs/{things.low_mood.id}",
        "talk": f"/staff/conversations/{things.handover.id}",
        "photo": f"/staff/photos/{things.photo}",
    }


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("here.property_company", {"need", "photo"}),
        ("here.committee", {"need", "photo", "talk"}),
        ("here.social_work_team", {"secret"}),
        ("street", {"need", "photo"}),
        *((who, set()) for who in STRANGERS),
    ],
)
async def test_pages(open_desk: OpenDesk, cast: Cast, things: Things, who: str, opens: set[str]) -> None:
    desk = await open_desk(actor_of(cast, who))
    for name, path in _pages(things).items():
        answer = await desk.get(path, 200 if name in opens else 404)
        assert SECRET not in answer.text


@pytest.mark.parametrize("who", STRANGERS)
async def test_no_act_on_what_one_may_not_know(
    open_desk: OpenDesk, cast: Cast, things: Things, sessions: Sessions, who: str
) -> None:
    actor = actor_of(cast, who)
    desk = await open_desk(actor)
    own = {"staff_id": str(actor.staff_id), "party_id": str(actor.party_id)}
    for act, form in FORMS.items():
        fields = {name: own.get(name, value) for name, value in form.items()}
        for need in (things.lift, things.low_mood):
            await desk.post(f"/staff/needs/{need.id}/{act}", 404, request_id=new_request(), **fields)
    assert await _steps(sessions, things.lift) == await _steps(sessions, things.low_mood) == 2


@pytest.mark.parametrize("who", STRANGERS)
async def test_no_other_conversation_and_no_other_message(
    open_desk: OpenDesk, cast: Cast, things: Things, who: str
) -> None:
    desk = await open_desk(actor_of(cast, who))
    for act in ("take", "write", "give-back"):
        path = f"/staff/conversations/{things.handover.id}/{act}"
        await desk.post(path, 404, words="您好", request_id=new_request())
    for act in ("send-again", "discard"):
        await desk.post(f"/staff/trouble/messages/{things.message.id}/{act}", 404)
    for page in ("/staff/needs?scope=all&state=any", "/staff/conversations", "/staff/trouble"):
        text = (await desk.get(page)).text
        assert WORDS not in text
        assert SECRET not in text
        assert things.lift.code not in text


async def test_a_form_without_its_token_changes_nothing(
    open_desk: OpenDesk, cast: Cast, things: Things, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    for act, form in FORMS.items():
        path, fields = f"/staff/needs/{things.lift.id}/{act}", form | {"request_id": new_request()}
        for csrf in ({}, {"csrf": ""}, {"csrf": "x" * 32}):
            answer = await desk.client.post(path, data=fields | csrf)
            assert answer.status_code == 403
        assert (await desk.client.post(path, data=fields, headers={"X-CSRF-Token": "x"})).status_code == 403
        await desk.get(path, 405)
    assert await _steps(sessions, things.lift) == 2


async def test_a_token_of_another_session_is_no_token(
    open_desk: OpenDesk, cast: Cast, things: Things
) -> None:
    one = await open_desk(actor_of(cast, "here.property_company"))
    other = await open_desk(actor_of(cast, "here.property_company"))
    path = f"/staff/needs/{things.lift.id}/accept"
    await Browser(one.client, other.csrf).post(path, 403)
    await one.post(path)


@pytest.mark.parametrize(
    "path",
    [
        "/staff/needs/{unknown}",
        "/staff/needs/nonsense",
        "/staff/conversations/{unknown}",
        "/staff/photos/{unknown}",
        "/staff/photos/..%2f..%2fetc",
        "/staff/no-such-page",
    ],
)
async def test_what_is_not_there_is_said_calmly(open_desk: OpenDesk, cast: Cast, path: str) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    answer = await desk.get(path.format(unknown=uuid4()), 404)
    assert "没有找到" in answer.text


async def test_nothing_opens_for_nobody(nobody: Browser, things: Things) -> None:
    for path in (
        *_pages(things).values(),
        "/staff/needs",
        "/staff/conversations",
        "/staff/trouble",
        "/staff",
    ):
        answer = await nobody.get(path, 303)
        assert answer.headers["location"].startswith(("/staff/sign-in?next=", "/staff/needs"))
    await nobody.post(f"/staff/needs/{things.lift.id}/accept", 303)


async def _steps(sessions: Sessions, need: Need) -> int:
    async with sessions() as session:
        wanted = select(func.count()).select_from(NeedHistory).where(NeedHistory.need_id == need.id)
        return await session.scalar(wanted) or 0
