"""The lines that hold in all of China, as a new community gets them; the committee then sets the hours of its own city.

Hours are kept narrow where cities differ: a promise too few is better than a phone that nobody answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.hotlines.models import Danger, Hotline
from community.places.models import Hours

OFFICE: Hours = {day: [["09:00", "12:00"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line before it is a community's; `hours` None is around the clock."""

    number: str
    zh: str
    en: str
    purpose_zh: str
    purpose_en: str
    dangers: tuple[Danger, ...] = ()
    hours: Hours | None = None

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}


NATIONAL: Sequence[Line] = (
    Line(
        "12356",
        "心理援助",
        "Crisis line",
        "心里难受、想不开，有人听您说",
        "Somebody who listens when it gets too much",
        (Danger.SELF_HARM, Danger.DISTRESS),
    ),
    Line(
        "119",
        "消防",
        "Fire brigade",
        "着火、煤气泄漏、被困",
        "Fire, leaking gas, people trapped",
        (Danger.FIRE, Danger.GAS, Danger.OTHER),
    ),
    Line(
        "110",
        "报警",
        "Police",
        "有人伤人、家暴、走失、坏人",
        "Violence, somebody missing, crime",
        (Danger.VIOLENCE, Danger.MISSING, Danger.SELF_HARM, Danger.OTHER),
    ),
    Line(
        "120",
        "急救",
        "Ambulance",
        "受伤、昏倒、急病、中毒",
        "Injury, collapse, sudden illness, poisoning",
        (Danger.INJURY, Danger.SELF_HARM, Danger.VIOLENCE, Danger.FIRE, Danger.GAS, Danger.OTHER),
    ),
    Line(
        "12345",
        "政务热线",
        "City services",
        "政府办事、投诉、找部门",
        "Public services, complaints, which office to ask",
    ),
    Line(
        "12338",
        "妇女热线",
        "Women's line",
        "家暴、婚姻、妇女维权",
        "Violence at home, marriage, women's rights",
        hours=OFFICE,
    ),
    Line(
        "12355",
        "青少年热线",
        "Youth line",
        "孩子的心事、学业、亲子",
        "Young people's worries, school, parents",
        hours=OFFICE,
    ),
    Line(
        "12348", "法律援助", "Legal aid", "法律咨询、申请法律援助", "Legal advice and legal aid", hours=OFFICE
    ),
)


async def found_hotlines(session: AsyncSession, community_id: UUID) -> None:
    """Give a new community its lines."""
    session.add_all(
        Hotline(
            community_id=community_id,
            number=line.number,
            zh=line.zh,
            en=line.en,
            purpose_zh=line.purpose_zh,
            purpose_en=line.purpose_en,
            hours=line.hours,
            dangers=[danger.value for danger in line.dangers],
            position=position,
        )
        for position, line in enumerate(NATIONAL, start=1)
    )
    await session.flush()
