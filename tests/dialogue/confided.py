"""What happens around a confidential need meanwhile: it is there and looked at, and sharing it is asked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.consents.models import Consent, ConsentField
from community.consents.usecases import Sharing, ask_consent
from community.needs.models import Need, Visibility
from community.needs.queries import get_need_page
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import assign_need
from community.parties.models import PartyType
from tests.dialogue.chat import Chat


async def confide(chat: Chat, session: AsyncSession, _: str) -> None:
    """The person has a confidential need, which a social worker has taken and read."""
    worker = chat.cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    need = await report_need(session, chat.resident_id, Report("mental_health", "睡不着"))
    await assign_need(session, worker, need.id, worker.staff_id)
    await get_need_page(session, worker, need.id)


async def ask_to_share(chat: Chat, session: AsyncSession, _: str) -> None:
    """May the property company know the building?"""
    worker = chat.cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    secret = select(Need).where(
        Need.resident_id == chat.resident_id, Need.visibility == Visibility.CONFIDENTIAL
    )
    need = (await session.scalars(secret)).one()
    sharing = Sharing((ConsentField.PLACE,), "帮您装扶手", now() + timedelta(days=20))
    await ask_consent(
        session, worker, need.id, chat.cast.here.parties[PartyType.PROPERTY_COMPANY].id, sharing
    )


async def tell_consent(session: AsyncSession, resident_id: UUID) -> str:
    """The states of the person's consents."""
    states = await session.scalars(select(Consent.state).where(Consent.resident_id == resident_id))
    return ", ".join(state.value for state in states)
