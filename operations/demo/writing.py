"""Notices of the demo that are still being written, wait for approval or for their time; and tags of its residents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.notices.audiences import Audience
from community.notices.saved import save_audience
from community.notices.standing import STANDING
from community.notices.templates import get_template
from community.notices.usecases.approving import (
    approve_notice,
    cancel_notice,
    reject_notice,
    submit_notice,
)
from community.notices.usecases.drafting import Draft, draft_notice
from community.parties.models import Role
from community.places.models import Community
from community.residents.noting import note_about_resident

NOTED: Sequence[tuple[int | None, tuple[str, ...]]] = (
    (1948, ("living_alone", "hard_to_walk")),
    (1962, ("party_member", "building_head")),
    (1955, ("volunteer",)),
    (1996, ("tenant",)),
    (1984, ("small_children",)),
    (1990, ("tenant", "small_children")),
)
"""What the committee knows of its first residents: year of birth and tags."""


async def write_demo_notices(
    session: AsyncSession,
    community: Community,
    actors: Sequence[StaffActor],
    residents: Mapping[str, UUID],
    building: UUID,
) -> None:
    """One notice in each state before it is sent, an audience that is kept, and what is noted about residents."""
    writer, reader = [actor for actor in actors if actor.community_id == community.id and _writes(actor)][:2]
    for resident_id, (birth_year, tags) in zip(residents.values(), NOTED, strict=False):
        await note_about_resident(session, writer, resident_id, tags, birth_year)
    elders = Audience(age_from=60)
    await save_audience(session, writer, "60 岁以上", elders)
    await save_audience(session, writer, "独居和行动不便", Audience(tags=("hard_to_walk", "living_alone")))
    power = await _fill(session, writer, community, "power", Audience(places=(building,)), 3)
    submitted = await draft_notice(session, reader, power)
    await submit_notice(session, reader, submitted.id)
    await _write_rest(session, community, writer, reader, elders)


async def _write_rest(
    session: AsyncSession, community: Community, writer: StaffActor, reader: StaffActor, elders: Audience
) -> None:
    later = await _fill(session, writer, community, "check_up", elders, 5)
    begins = datetime.combine(
        now().astimezone(ZoneInfo(community.zone)).date(), time(9), ZoneInfo(community.zone)
    )
    timed = await draft_notice(session, writer, _at(later, (begins + timedelta(days=2)).astimezone(UTC)))
    await submit_notice(session, writer, timed.id)
    await approve_notice(session, reader, timed.id)
    fraud = await _fill(session, writer, community, "fraud", Audience(), 14)
    given_back = await draft_notice(session, writer, fraud)
    await submit_notice(session, writer, given_back.id)
    await reject_notice(session, reader, given_back.id, "电话要写我们自己的，再加一句怎么求证。")
    spraying = await draft_notice(
        session, writer, await _fill(session, writer, community, "spraying", Audience(), 2)
    )
    await cancel_notice(session, writer, spraying.id, "下雨，改到下周。")


def _writes(actor: StaffActor) -> bool:
    return actor.role is Role.COMMITTEE


def _at(draft: Draft, send_at: datetime) -> Draft:
    return replace(draft, send_at=send_at)


async def _fill(
    session: AsyncSession, actor: StaffActor, community: Community, code: str, audience: Audience, days: int
) -> Draft:
    """A standing notice filled in for a day so many days ahead."""
    template = await get_template(session, actor, code)
    day = now().astimezone(ZoneInfo(community.zone)).date() + timedelta(days=days)
    titles, texts = template.fill(
        {
            "day": day.isoformat(),
            "begins": "09:00",
            "ends": "11:30",
            "where": "3 号楼",
            "where_en": "Building 3",
            "reason": "检修线路",
            "reason_en": "cables are repaired",
            "place": "居委会一楼",
            "place_en": "the committee's ground floor",
            "whom": "60 岁以上的居民",
            "whom_en": "residents of 60 and over",
            "bring": "身份证、医保卡",
            "bring_en": "your ID card",
            "phone": community.phone or "12345",
            "trick": "“您的社保卡停用了”",
            "trick_en": "that their card is blocked",
        }
    )
    standing = STANDING[code]
    return Draft(
        category=standing.category,
        title_zh=titles["zh"],
        text_zh=texts["zh"],
        title_en=titles["en"],
        text_en=texts["en"],
        valid_until=datetime.combine(day, time(20), ZoneInfo(community.zone)).astimezone(UTC),
        need_receipt=standing.need_receipt,
        help_button=standing.help_button,
        audience=audience,
    )
