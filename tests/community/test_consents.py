"""Consent field by field: nothing is shared before the yes, only the fields after it, nothing once it is over."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select

from channels.render import MESSAGES, render_text
from community.actors import StaffActor
from community.audit.models import AuditAct
from community.clock import now
from community.consents.models import TEXT_VERSION, Consent, ConsentField, ConsentState
from community.consents.shared import Shared, find_shared, get_shared, get_shared_photo
from community.consents.usecases import (
    Sharing,
    answer_consent,
    ask_consent,
    end_consent,
    find_ending,
    take_back_consent,
    withdraw_consent,
)
from community.errors import NotFound, Refused
from community.files.usecases import add_file
from community.needs.kinds import get_kind
from community.needs.models import Need, NeedView
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.needs.usecases.staff import assign_need
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage
from community.parties.models import Party, PartyType
from community.parts.models import NeedPart, PartState
from community.parts.queries import count_asked_parts
from community.parts.usecases import accept_part, finish_part, make_part, take_back_part
from community.residents.models import Resident
from linli.database import Sessions
from tests.cast import Cast

SECRET, PHONE = "夜里总想哭，家里没有扶手也怕摔", "13912345678"
TEXTS = {1: "08555afe406ff69e"}
"""The fingerprint of the question's words by version: other words are another version."""


@pytest.fixture
async def confided(sessions: Sessions, cast: Cast) -> Need:
    """Something confidential that a social worker has taken."""
    photo = uuid4()
    async with sessions.begin() as session:
        size = {"size": 2, "width": 1, "height": 1}
        await add_file(session, cast.owner.resident_id, photo, media_type="image/jpeg", **size)
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = "王阿姨", PHONE
        told = Report(kind="mental_health", words=SECRET, place_id=cast.here.unit.id, file_ids=(photo,))
        need = await report_need(session, cast.owner.resident_id, told)
        await assign_need(session, _worker(cast), need.id, _worker(cast).staff_id)
    return need


def _worker(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.SOCIAL_WORK_TEAM]


def _company(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.PROPERTY_COMPANY]


def _sharing(*fields: ConsentField, **other: object) -> Sharing:
    values = {"purpose": "帮您装扶手", "until": now() + timedelta(days=30)} | other
    return Sharing(fields=fields or (ConsentField.PLACE, ConsentField.PHONE), **values)  # type: ignore[arg-type]


async def _ask(sessions: Sessions, cast: Cast, need: Need, sharing: Sharing | None = None) -> Consent:
    async with sessions.begin() as session:
        party = _company(cast).party_id
        return await ask_consent(session, _worker(cast), need.id, party, sharing or _sharing())


async def _say(sessions: Sessions, cast: Cast, consent: Consent, *, agree: bool = True) -> Consent:
    async with sessions.begin() as session:
        return await answer_consent(session, cast.owner.resident_id, consent.id, agree=agree, message_id=7)


async def _look(sessions: Sessions, actor: StaffActor, consent: Consent) -> Shared:
    async with sessions.begin() as session:
        return await get_shared(session, actor, consent.id)


async def _sees_nothing(sessions: Sessions, cast: Cast, consent: Consent) -> None:
    async with sessions() as session:
        assert await find_shared(session, _company(cast)) == []
        assert await count_asked_parts(session, _company(cast)) == 0
    with pytest.raises(NotFound):
        await _look(sessions, _company(cast), consent)


async def test_the_question_is_said_in_plain_words(sessions: Sessions, cast: Cast, confided: Need) -> None:
    await _ask(sessions, cast, confided)
    async with sessions() as session:
        row = (await session.scalars(select(OutboxMessage))).one()
    assert [button["label"] for button in row.buttons] == [
        "button_consent_yes",
        "button_consent_no",
        "button_consent_what",
    ]
    chinese, english = (render_text(row.message, language, row.values) for language in ("zh", "en"))
    assert "想请榕树社区物业帮您装扶手。会告诉他们：电话、您的楼栋。不会说别的。" in chinese
    assert chinese.endswith("为止。可以吗？")
    assert "They will be told your phone number, your building. Nothing else." in english
    assert SECRET not in chinese


def test_other_words_of_the_question_are_another_version() -> None:
    words = b"".join((MESSAGES / "consent_ask" / f"{tongue}.txt").read_bytes() for tongue in ("zh", "en"))
    assert TEXTS[TEXT_VERSION] == sha256(words).hexdigest()[:16]


async def test_nothing_is_shared_before_the_yes_and_after_a_no(
    sessions: Sessions, cast: Cast, confided: Need
) -> None:
    consent = await _ask(sessions, cast, confided)
    await _sees_nothing(sessions, cast, consent)
    answered = await _say(sessions, cast, consent, agree=False)
    assert (answered.state, answered.message_id) == (ConsentState.REFUSED, 7)
    await _sees_nothing(sessions, cast, consent)
    with pytest.raises(Refused, match="consent_is_over"):
        await _say(sessions, cast, consent)
    await _ask(sessions, cast, confided)  # another question may follow


async def test_the_yes_shows_these_fields_and_no_other(
    sessions: Sessions, cast: Cast, confided: Need
) -> None:
    consent = await _ask(sessions, cast, confided)
    given = await _say(sessions, cast, consent)
    assert (given.state, given.language, given.text_version) == (ConsentState.GIVEN, "zh", TEXT_VERSION)
    async with sessions.begin() as session:
        shown = await get_shared(session, _company(cast), consent.id)
        assert (shown.phones, shown.place) == ((PHONE,), cast.here.building.name)
        assert (shown.name, shown.words, shown.sentence, shown.kind, shown.photos) == ("", "", "", None, ())
        assert shown.part.what == "帮您装扶手"
        views = (await session.scalars(select(NeedView.what).where(NeedView.allowed))).all()
        assert views == ["shared"]
        acts = (
            await session.scalars(
                select(AuditAct.act).where(AuditAct.subject_id == consent.id).order_by(AuditAct.id)
            )
        ).all()
    assert acts == ["consent_asked", "consent_given"]


async def test_of_the_place_only_the_building_is_told(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        (await session.get_one(Resident, cast.owner.resident_id)).home_id = cast.here.unit.id
        told = Report(kind="mental_health", words=SECRET, place_words="302室，门口有鞋柜")
        need = await report_need(session, cast.owner.resident_id, told)
        await assign_need(session, _worker(cast), need.id, _worker(cast).staff_id)
    consent = await _ask(sessions, cast, need)
    await _say(sessions, cast, consent)
    shown = await _look(sessions, _company(cast), consent)
    assert shown.place == cast.here.building.name
    assert "302室" not in repr(shown)
    assert "鞋柜" not in repr(shown)


async def test_each_field_by_itself(sessions: Sessions, cast: Cast, confided: Need) -> None:
    sharing = _sharing(ConsentField.NAME, ConsentField.SENTENCE, ConsentField.PHOTOS, sentence="家里要装扶手")
    consent = await _ask(sessions, cast, confided, sharing)
    await _say(sessions, cast, consent)
    async with sessions.begin() as session:
        shown = await get_shared(session, _company(cast), consent.id)
        assert (shown.name, shown.sentence, shown.words, shown.phones) == ("王阿姨", "家里要装扶手", "", ())
        assert shown.place is None
        (photo,) = shown.photos
        await get_shared_photo(session, _company(cast), consent.id, photo.id)
        with pytest.raises(NotFound):
            await get_shared_photo(session, _company(cast), consent.id, uuid4())


async def test_only_that_party_looks(sessions: Sessions, cast: Cast, confided: Need) -> None:
    consent = await _ask(sessions, cast, confided)
    await _say(sessions, cast, consent)
    others = (
        cast.here.staff[PartyType.COMMITTEE],
        cast.here.staff[PartyType.DEPARTMENT],
        cast.there.staff[PartyType.PROPERTY_COMPANY],
        cast.street,
        cast.admin,
    )
    for actor in others:
        with pytest.raises(NotFound):
            await _look(sessions, actor, consent)
    await _look(sessions, cast.here.colleagues[PartyType.PROPERTY_COMPANY], consent)


@pytest.mark.parametrize("how", ["withdrawn", "taken_back", "ended", "over", "need_over"])
async def test_once_it_is_over_nothing_is_seen(
    sessions: Sessions, cast: Cast, confided: Need, how: str
) -> None:
    consent = await _ask(sessions, cast, confided)
    await _say(sessions, cast, consent)
    part = await _part(sessions)
    async with sessions.begin() as session:
        await accept_part(session, _company(cast), part.id)
    async with sessions.begin() as session:
        if how == "withdrawn":
            await withdraw_consent(session, cast.owner.resident_id, consent.id)
        elif how == "taken_back":
            await take_back_consent(session, _worker(cast), consent.id)
        elif how == "need_over":
            await withdraw_need(session, cast.owner.resident_id, confided.id)
        else:
            (await session.get_one(Consent, consent.id)).until = now() - timedelta(seconds=1)
    if how == "ended":
        async with sessions.begin() as session:
            assert await find_ending(session, now(), 9) == [consent.id]
            assert await end_consent(session, now(), consent.id)
            assert not await end_consent(session, now(), consent.id)
    await _sees_nothing(sessions, cast, consent)
    async with sessions.begin() as session:
        with pytest.raises(Refused):
            await finish_part(session, _company(cast), part.id, "装好了")
    if how != "over":
        assert (await _part(sessions)).state is PartState.CANCELLED


async def _part(sessions: Sessions) -> NeedPart:
    async with sessions() as session:
        return (await session.scalars(select(NeedPart))).one()


async def test_what_is_missing_is_said(sessions: Sessions, cast: Cast, confided: Need) -> None:
    both = (ConsentField.WORDS, ConsentField.SENTENCE)
    for sharing, message in (
        (Sharing((), "帮您装扶手", now() + timedelta(days=1)), "consent_no_field"),
        (_sharing(*both, sentence="有事"), "consent_words_or_sentence"),
        (_sharing(ConsentField.SENTENCE), "consent_no_sentence"),
        (_sharing(purpose="  "), "consent_no_purpose"),
        (_sharing(purpose="长" * 61), "consent_too_long"),
        (_sharing(until=now()), "consent_until"),
        (_sharing(until=now() + timedelta(days=400)), "consent_until"),
    ):
        with pytest.raises(Refused, match=message):
            await _ask(sessions, cast, confided, sharing)
    await _ask(sessions, cast, confided)
    with pytest.raises(Refused, match="consent_asked_already"):
        await _ask(sessions, cast, confided)


async def test_who_works_on_a_part_or_no_more_is_not_asked_for(
    sessions: Sessions, cast: Cast, confided: Need
) -> None:
    company = await _ask_other_part(sessions, cast, confided)
    with pytest.raises(Refused, match="part_asked_already"):
        await _ask(sessions, cast, confided)
    async with sessions.begin() as session:
        await take_back_part(session, company.id)
        (await session.get_one(Party, company.party_id)).ended_at = now()
    with pytest.raises(NotFound):
        await _ask(sessions, cast, confided)


async def test_the_yes_holds_where_the_party_has_a_part_by_then(
    sessions: Sessions, cast: Cast, confided: Need
) -> None:
    consent = await _ask(sessions, cast, confided)
    part = await _ask_other_part(sessions, cast, confided)
    given = await _say(sessions, cast, consent)
    assert (given.state, given.part_id) == (ConsentState.GIVEN, part.id)
    assert (await _look(sessions, _company(cast), consent)).phones == (PHONE,)


async def _ask_other_part(sessions: Sessions, cast: Cast, need: Need) -> NeedPart:
    """The company has another part of the need, as from before it was confidential."""
    async with sessions.begin() as session:
        party = await session.get_one(Party, _company(cast).party_id)
        return await make_part(session, need, party, "修门", asked_by=_worker(cast).staff_id)


async def test_who_may_ask_and_who_may_answer(sessions: Sessions, cast: Cast, confided: Need) -> None:
    async with sessions.begin() as session:
        other = cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM]
        with pytest.raises(Refused, match="take_it_first"):
            await ask_consent(session, other, confided.id, _company(cast).party_id, _sharing())
        for actor in (_company(cast), cast.here.staff[PartyType.COMMITTEE], cast.street):
            with pytest.raises(NotFound):
                await ask_consent(session, actor, confided.id, _company(cast).party_id, _sharing())
        lift = await report_need(
            session, cast.owner.resident_id, Report("elevator", "停了", cast.here.unit.id)
        )
        with pytest.raises(Refused, match="consent_not_needed"):
            await ask_consent(
                session, _company(cast), lift.id, cast.here.parties[PartyType.COMMITTEE].id, _sharing()
            )
    consent = await _ask(sessions, cast, confided)
    async with sessions.begin() as session:
        for act in (answer_consent(session, cast.neighbour.resident_id, consent.id, agree=True),):
            with pytest.raises(NotFound):
                await act
        with pytest.raises(NotFound):
            await withdraw_consent(session, cast.neighbour.resident_id, consent.id)


async def test_of_the_kind_what_it_was_when_the_question_was_asked_is_told(
    sessions: Sessions, cast: Cast, confided: Need
) -> None:
    consent = await _ask(sessions, cast, confided, _sharing(ConsentField.KIND))
    await _say(sessions, cast, consent)
    async with sessions.begin() as session:
        await change_kind(session, _worker(cast), confided.id, "poverty_disability_aid")
    shared = await _look(sessions, _company(cast), consent)
    assert shared.kind == get_kind("mental_health").name
    assert shared.part.state is PartState.ASKED, "a part under a consent stays when the kind changes"
