"""Activities for tests: planned and published by the committee of `here`, with as many places as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.activities.models import Part, Shift, ShiftPlaces
from community.activities.usecases.planning import Plan, plan_activity, publish_activity
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.residents.models import Language
from community.residents.usecases import meet_person
from community.signups.models import SignUp
from linli.database import Sessions
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Noon of a Monday in Shanghai: tests begin here."""
SATURDAY = datetime(2026, 3, 7, 1, tzinfo=UTC)
"""Saturday 9:00 in Shanghai: when the shift of a test begins."""


def make_plan(
    starts_at: datetime = SATURDAY,
    hours: float = 2,
    volunteers: int = 2,
    participants: int = 0,
    **more: Any,
) -> Plan:
    """A visit to the elderly on Saturday, changed as a test wants it."""
    fields: dict[str, Any] = {
        "kind": "visits",
        "title_zh": "探访独居老人",
        "title_en": "Visit to the elderly",
        "words": "上门陪老人说说话，看看家里缺什么。",
        "where_zh": "3号楼大厅",
        "where_en": "Lobby of Building 3",
        "contact": "李姐 138 0000 0000",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "places": {Part.VOLUNTEER: volunteers, Part.PARTICIPANT: participants},
    }
    return Plan(**{**fields, **more})


async def publish(sessions: Sessions, cast: Cast, plan: Plan | None = None) -> UUID:
    """Plan and publish it; the id of its first shift."""
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        activity = await plan_activity(session, actor, plan or make_plan())
        await publish_activity(session, actor, activity.id)
        wanted = select(Shift.id).where(Shift.activity_id == activity.id).order_by(Shift.starts_at).limit(1)
        return (await session.scalars(wanted)).one()


async def meet(sessions: Sessions, cast: Cast, many: int) -> list[UUID]:
    """So many more residents of `here`."""
    async with sessions.begin() as session:
        known = [
            await meet_person(
                session, "web", f"person-{index}", community_id=cast.here.community.id, language=Language.ZH
            )
            for index in range(many)
        ]
    return [each.resident_id for each in known]


async def get_places(session: AsyncSession, shift_id: UUID, part: Part = Part.VOLUNTEER) -> ShiftPlaces:
    """The places of a shift."""
    wanted = select(ShiftPlaces).where(ShiftPlaces.shift_id == shift_id, ShiftPlaces.part == part)
    return (await session.scalars(wanted.execution_options(populate_existing=True))).one()


async def states(sessions: Sessions, shift_id: UUID) -> list[str]:
    """The states of all sign-ups of a shift, in the order in which they came."""
    async with sessions() as session:
        wanted = select(SignUp.state).where(SignUp.shift_id == shift_id).order_by(SignUp.created_at)
        return [state.value for state in (await session.scalars(wanted)).all()]


async def told(sessions: Sessions, resident_id: UUID) -> list[str]:
    """The names of all messages for a resident, each drawn in both languages."""
    async with sessions() as session:
        wanted = (
            select(OutboxMessage).where(OutboxMessage.resident_id == resident_id).order_by(OutboxMessage.seq)
        )
        rows = (await session.scalars(wanted)).all()
    for row in rows:
        _draw(row.message, row.values)
        for button in row.buttons:
            _draw(button["label"], button.get("values", {}))
    return [row.message for row in rows]


def _draw(message: str, values: Mapping[str, Any]) -> None:
    for language in ("zh", "en"):
        assert render_text(message, language, values)
