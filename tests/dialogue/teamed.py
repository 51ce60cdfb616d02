"""Teams in a dialogue: the person leads one, or is in one whose leader signs everybody up."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Shift
from community.parties.models import PartyType
from community.residents.usecases import meet_person
from community.signups.usecases.teaming import join_as_team
from community.substitutes.volunteers import note_volunteer
from community.teams.models import Team
from community.teams.usecases import join_team, make_team
from tests.dialogue.chat import Chat


async def leads(chat: Chat, session: AsyncSession, words: str) -> None:
    """`the person leads: 银发巡逻队, 2 others`."""
    name, _, many = words.removesuffix(" others").partition(", ")
    team = await _make(chat, session, name, chat.resident_id)
    for index in range(int(many)):
        await join_team(session, await _meet(chat, session, f"member-{index}"), team.code)


async def leader_signs_up(chat: Chat, session: AsyncSession, name: str) -> None:
    """`the person's team is signed up: 银发巡逻队`: its leader, who is somebody else, does so for the next shift."""
    leader = await _meet(chat, session, "leader")
    team = await _make(chat, session, name, leader)
    await join_team(session, chat.resident_id, team.code)
    shift = (await session.scalars(select(Shift).order_by(Shift.starts_at).limit(1))).one()
    await join_as_team(session, leader, team.id, shift.id, None, request_id=uuid4())


async def _make(chat: Chat, session: AsyncSession, name: str, leader_id: UUID) -> Team:
    await note_volunteer(session, leader_id, chat.cast.here.community.id)
    return await make_team(session, chat.cast.here.staff[PartyType.COMMITTEE], name, leader_id)


async def _meet(chat: Chat, session: AsyncSession, name: str) -> UUID:
    known = await meet_person(session, "web", name, community_id=chat.cast.here.community.id)
    return known.resident_id
