"""Talking about a need: who may begin, what others see of it, until when the bot is silent, what was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from community.actors import StaffActor
from community.alerts.crisis import set_crisis
from community.clock import now
from community.conversations.models import Handover
from community.conversations.queries import find_open_handovers, get_need_conversation
from community.conversations.talking import find_silence_end, find_talk, see_conversation, talk_about_need
from community.conversations.usecases import (
    ask_for_person,
    end_quiet_conversations,
    give_back,
    take_conversation,
    write_in_conversation,
)
from community.duplicates.usecases import merge_needs
from community.errors import NotAllowed, NotFound, Refused
from community.files.usecases import add_file, get_file
from community.hotlines.models import Danger
from community.inbox.models import InboundMessage
from community.needs.models import Need
from community.needs.usecases.privacy import keep_private
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.needs.usecases.staff import (
    DeclineReason,
    accept_need,
    assign_need,
    decline_need,
    hand_over_need,
    resolve_need,
)
from community.needs.usecases.steering import change_kind
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.residents.models import Address, AddressState
from linli.database import Sessions
from tests.cast import Cast

QUIET = timedelta(hours=12)


async def _report(sessions: Sessions, cast: Cast, kind: str = "elevator") -> Need:
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, Report(kind, "x"))


async def _says(sessions: Sessions, cast: Cast, words: str, *files: str) -> None:
    async with sessions.begin() as session:
        session.add(
            InboundMessage(
                address_id=cast.owner.address_id,
                resident_id=cast.owner.resident_id,
                channel="web",
                outside_id=str(uuid4()),
                text=words,
                files=list(files),
                received_at=now(),
                due_at=now(),
            )
        )


def _lead(cast: Cast) -> StaffActor:
    return cast.here.staff[PartyType.PROPERTY_COMPANY]


async def test_both_sides_stand_beside_the_case_and_nothing_from_before_or_after(
    sessions: Sessions, cast: Cast
) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    await _says(sessions, cast, "之前说的别的事")
    async with sessions.begin() as session:
        talk = await talk_about_need(session, lead, need.id)
        assert (await talk_about_need(session, lead, need.id)).id == talk.id
        await write_in_conversation(session, lead, talk.id, "师傅到楼下了", uuid4())
    await _says(sessions, cast, "我在家")
    async with sessions.begin() as session:
        await give_back(session, lead, talk.id)
    await _says(sessions, cast, "之后说的别的事")
    async with sessions() as session:
        said = await get_need_conversation(session, lead, need)
        looking_on = await get_need_conversation(session, cast.here.staff[PartyType.COMMITTEE], need)
        with pytest.raises(NotFound):
            await get_need_conversation(session, cast.here.staff[PartyType.VOLUNTEER_TEAM], need)
    assert [line.text or line.message for line in said] == [
        "person_joins",
        "person_says",
        "我在家",
        "person_leaves",
    ]
    assert len(looking_on) == 4


async def test_a_photo_sent_while_talking_is_seen_by_readers_of_the_need_also_later(
    sessions: Sessions, cast: Cast
) -> None:
    need, lead, photo = await _report(sessions, cast), _lead(cast), uuid4()
    facts: dict[str, Any] = {"media_type": "image/jpeg", "size": 1, "width": 1, "height": 1}
    async with sessions.begin() as session:
        await add_file(session, cast.owner.resident_id, photo, **facts)
        talk = await talk_about_need(session, lead, need.id)
    await _says(sessions, cast, "看", str(photo))
    async with sessions.begin() as session:
        await give_back(session, lead, talk.id)
    async with sessions.begin() as session:
        for reader in (lead, cast.here.staff[PartyType.COMMITTEE]):
            assert (await get_file(session, reader, photo)).id == photo
        for outsider in (cast.here.staff[PartyType.VOLUNTEER_TEAM], cast.there.staff[PartyType.COMMITTEE]):
            with pytest.raises(NotFound):
                await get_file(session, outsider, photo)


async def test_who_may_begin(sessions: Sessions, cast: Cast) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await talk_about_need(session, cast.there.staff[PartyType.COMMITTEE], need.id)
        with pytest.raises(NotAllowed):
            await talk_about_need(session, cast.here.staff[PartyType.COMMITTEE], need.id)
        await talk_about_need(session, lead, need.id)
        with pytest.raises(NotAllowed, match="colleague_has_it"):
            await talk_about_need(session, cast.here.colleagues[PartyType.PROPERTY_COMPANY], need.id)


async def test_a_resident_who_waits_for_somebody_else_is_left_to_them(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    async with sessions.begin() as session:
        await ask_for_person(session, cast.owner.resident_id, "找个人")
        with pytest.raises(NotAllowed, match="talks_elsewhere"):
            await talk_about_need(session, _lead(cast), need.id)


async def test_who_has_no_channel_is_to_be_called(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast)
    async with sessions.begin() as session:
        await session.execute(update(Address).values(state=AddressState.STOPPED))
        with pytest.raises(Refused, match="no_channel"):
            await talk_about_need(session, _lead(cast), need.id)


async def test_a_confidential_one_is_seen_by_its_social_worker_alone(sessions: Sessions, cast: Cast) -> None:
    need = await _report(sessions, cast, "mental_health")
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    other = cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        await assign_need(session, worker, need.id, worker.staff_id)
        talk = await talk_about_need(session, worker, need.id)
        assert [each.id for each, _ in await find_open_handovers(session, worker)] == [talk.id]
        for outsider in (other, cast.here.staff[PartyType.COMMITTEE]):
            assert await find_open_handovers(session, outsider) == []
            assert await find_talk(session, outsider, need) is None
            with pytest.raises(NotFound):
                await give_back(session, outsider, talk.id)


async def test_the_bot_is_silent_until_nobody_wrote_for_so_long(sessions: Sessions, cast: Cast) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    async with sessions.begin() as session:
        talk = await talk_about_need(session, lead, need.id)
        first = await find_silence_end(session, talk, QUIET)
        later = now() + timedelta(hours=3)
        said = select(OutboxMessage).where(OutboxMessage.message == "person_joins")
        (await session.scalars(said)).one().due_at = later
        await session.flush()
        assert await find_silence_end(session, talk, QUIET) == later + QUIET > first
        assert await end_quiet_conversations(session, later + QUIET - timedelta(seconds=1), QUIET) == 0
        assert await end_quiet_conversations(session, later + QUIET + timedelta(seconds=1), QUIET) == 1


@pytest.mark.parametrize("how", ["kept_private", "handed_over", "declined", "changed_kind", "crisis"])
async def test_a_talk_ends_when_the_need_goes_to_others(sessions: Sessions, cast: Cast, how: str) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    committee = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await talk_about_need(session, lead, need.id)
    async with sessions.begin() as session:
        if how == "kept_private":
            await keep_private(session, cast.owner.resident_id, need.id)
        elif how == "handed_over":
            await hand_over_need(session, lead, need.id, committee.party_id, "")
        elif how == "declined":
            await decline_need(session, lead, need.id, DeclineReason.NOT_OURS)
        elif how == "crisis":
            await set_crisis(session, lead, need.id, Danger.VIOLENCE)
        else:
            await change_kind(session, lead, need.id, "mental_health")
    assert await _is_over(sessions)
    async with sessions.begin() as session:  # Linli listens, and others may begin
        assert (await session.get_one(Need, need.id)).lead_party_id != lead.party_id
        told = select(OutboxMessage.message).where(OutboxMessage.message == "person_leaves")
        assert (await session.scalars(told)).all() == ["person_leaves"]
        await ask_for_person(session, cast.owner.resident_id, "找个人")
        assert len(await find_open_handovers(session, committee)) == 1


@pytest.mark.parametrize("how", ["resolved", "withdrawn", "merged"])
async def test_a_talk_ends_with_the_need_that_it_is_about(sessions: Sessions, cast: Cast, how: str) -> None:
    need, other, lead = await _report(sessions, cast), await _report(sessions, cast), _lead(cast)
    async with sessions.begin() as session:
        await accept_need(session, lead, need.id)
        await talk_about_need(session, lead, need.id)
    async with sessions.begin() as session:
        if how == "resolved":
            await resolve_need(session, lead, need.id, "换了零件", survey_at=now())
        elif how == "withdrawn":
            await withdraw_need(session, cast.owner.resident_id, need.id)
        else:
            await merge_needs(session, lead, need.id, other.code)
    assert await _is_over(sessions)
    async with sessions() as session:
        assert "person_leaves" in (await session.scalars(select(OutboxMessage.message))).all()


async def test_a_wish_for_a_person_outlives_a_need(sessions: Sessions, cast: Cast) -> None:
    need, committee = await _report(sessions, cast), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        wish = await ask_for_person(session, cast.owner.resident_id, "找个人")
        await take_conversation(session, committee, wish.id)
        await withdraw_need(session, cast.owner.resident_id, need.id)
    assert not await _is_over(sessions)


async def _is_over(sessions: Sessions) -> bool:
    async with sessions() as session:
        return (await session.scalars(select(Handover))).one().ended_at is not None


@pytest.mark.parametrize("assigned", [True, False])
async def test_a_social_worker_who_handles_what_becomes_confidential_talks_on(
    sessions: Sessions, cast: Cast, assigned: bool
) -> None:
    need, worker = await _report(sessions, cast), cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        await hand_over_need(session, _lead(cast), need.id, worker.party_id, "")
        if assigned:
            await assign_need(session, worker, need.id, worker.staff_id)
        await talk_about_need(session, worker, need.id)
    async with sessions.begin() as session:
        await keep_private(session, cast.owner.resident_id, need.id)
    assert await _is_over(sessions) is not assigned


@pytest.mark.parametrize("assigned", [True, False])
async def test_a_new_confidential_kind_ends_the_talk_of_who_does_not_handle_it(
    sessions: Sessions, cast: Cast, assigned: bool
) -> None:
    need, worker = await _report(sessions, cast), cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    colleague = cast.here.colleagues[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        await hand_over_need(session, _lead(cast), need.id, worker.party_id, "")
        if assigned:
            await assign_need(session, worker, need.id, worker.staff_id)
        await talk_about_need(session, worker, need.id)
        await change_kind(session, colleague, need.id, "mental_health")
    assert await _is_over(sessions) is not assigned


async def test_a_photo_of_a_confidential_need_is_not_the_committees_that_is_waited_for(
    sessions: Sessions, cast: Cast
) -> None:
    secret, plain = uuid4(), uuid4()
    facts: dict[str, Any] = {"media_type": "image/jpeg", "size": 1, "width": 1, "height": 1}
    async with sessions.begin() as session:
        for photo in (secret, plain):
            await add_file(session, cast.owner.resident_id, photo, **facts)
        await ask_for_person(session, cast.owner.resident_id, "找个人")
    await _says(sessions, cast, "看", str(secret), str(plain))
    async with sessions.begin() as session:
        report = Report("mental_health", "睡不着", file_ids=(secret,))
        await report_need(session, cast.owner.resident_id, report)
    async with sessions.begin() as session:
        committee = cast.here.staff[PartyType.COMMITTEE]
        assert (await get_file(session, committee, plain)).id == plain
        with pytest.raises(NotFound):
            await get_file(session, committee, secret)


async def test_nothing_with_a_gap_is_said(sessions: Sessions, cast: Cast) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    async with sessions.begin() as session:
        talk = await talk_about_need(session, lead, need.id)
        with pytest.raises(Refused, match="fill_in_first"):
            await write_in_conversation(session, lead, talk.id, "在【填：地点】", uuid4())


async def test_only_who_speaks_makes_it_seen_and_only_what_is_new(sessions: Sessions, cast: Cast) -> None:
    need, lead = await _report(sessions, cast), _lead(cast)
    async with sessions.begin() as session:
        talk = await talk_about_need(session, lead, need.id)
    async with sessions.begin() as session:
        talk = await session.get_one(Handover, talk.id)
        assert not await see_conversation(session, lead, talk)
    await _says(sessions, cast, "在吗")
    async with sessions.begin() as session:
        talk = await session.get_one(Handover, talk.id)
        assert not await see_conversation(session, cast.here.colleagues[PartyType.PROPERTY_COMPANY], talk)
        assert await see_conversation(session, lead, talk)
        assert not await see_conversation(session, lead, talk)
