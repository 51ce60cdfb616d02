"""Activities of the demo: what each community has on in the next weeks, with residents who signed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community.activities.models import Part, Shift
from community.activities.repeating import Every, make_rule
from community.activities.usecases.planning import Plan, plan_activity, publish_activity
from community.parties.models import Role
from community.signups.usecases.joining import join_shift
from operations.demo.telling import Stage

WEEKS = 4


@dataclass(frozen=True)
class DemoActivity:
    """One activity: on which weekday at what o'clock, for how long, and how many residents are signed up."""

    kind: str
    title: Mapping[str, str]
    words: str
    where: Mapping[str, str]
    weekday: int
    clock: time
    hours: int
    volunteers: int = 0
    participants: int = 0
    weekly: bool = True
    coming: int = 1
    bring: str = ""
    minimum_age: int | None = None


ACTIVITIES: Sequence[DemoActivity] = (
    DemoActivity(
        "visits",
        {"zh": "探访独居老人", "en": "Visits to the elderly"},
        "两人一组上门，陪老人说说话，看看家里缺什么、煤气和灯好不好用。",
        {"zh": "3号楼大厅", "en": "Lobby of Building 3"},
        5,
        time(9),
        2,
        volunteers=4,
        coming=2,
        minimum_age=12,
    ),
    DemoActivity(
        "sorting",
        {"zh": "垃圾分类督导", "en": "Rubbish sorting"},
        "在投放点帮邻居分一分，教一教怎么分。",
        {"zh": "2号投放点", "en": "Collection point 2"},
        5,
        time(14),
        2,
        volunteers=2,
        coming=2,
        bring="手套",
    ),
    DemoActivity(
        "patrol",
        {"zh": "平安巡逻", "en": "Neighbourhood patrol"},
        "绕小区走两圈，看看消防通道、电动车和路灯。",
        {"zh": "居委会门口", "en": "Committee's door"},
        6,
        time(8),
        1,
        volunteers=3,
        coming=1,
    ),
    DemoActivity(
        "clinic",
        {"zh": "义诊：量血压、看牙", "en": "Free clinic: blood pressure, teeth"},
        "社区卫生服务中心的医生来，不收钱，不用预约，报个名少排队。",
        {"zh": "活动室", "en": "Activity room"},
        2,
        time(9, 30),
        2,
        volunteers=2,
        participants=40,
        weekly=False,
        coming=1,
    ),
    DemoActivity(
        "lessons",
        {"zh": "手机课：挂号和付款", "en": "Phone class: booking and paying"},
        "一对一教老人用手机挂号、付款、防骗。",
        {"zh": "活动室", "en": "Activity room"},
        3,
        time(15),
        1,
        volunteers=3,
        participants=12,
        coming=0,
    ),
)


async def plan_demo_activities(stage: Stage) -> None:
    """Plan and publish them by the committee; the first shifts have people already."""
    actor = next(each for each in stage.staff.values() if each.role is Role.COMMITTEE)
    residents = list(stage.residents.values())
    for activity in ACTIVITIES:
        planned = await plan_activity(stage.session, actor, _plan(stage, activity))
        await publish_activity(stage.session, actor, planned.id)
        first = (
            await stage.session.scalars(
                select(Shift).where(Shift.activity_id == planned.id).order_by(Shift.starts_at).limit(1)
            )
        ).one()
        for resident in residents[: activity.coming]:
            await join_shift(stage.session, resident, first.id, Part.VOLUNTEER)


def _plan(stage: Stage, activity: DemoActivity) -> Plan:
    starts = _next(stage, activity.weekday, activity.clock)
    last = (starts + timedelta(weeks=WEEKS)).date()
    return Plan(
        kind=activity.kind,
        title_zh=activity.title["zh"],
        title_en=activity.title["en"],
        words=activity.words,
        where_zh=activity.where["zh"],
        where_en=activity.where["en"],
        bring=activity.bring,
        contact=f"{stage.community.zh}居委会 {stage.community.phone}",
        starts_at=starts.astimezone(UTC),
        ends_at=(starts + timedelta(hours=activity.hours)).astimezone(UTC),
        places={Part.VOLUNTEER: activity.volunteers, Part.PARTICIPANT: activity.participants},
        rule=make_rule(Every.WEEK, starts.date(), last) if activity.weekly else None,
        minimum_age=activity.minimum_age,
    )


def _next(stage: Stage, weekday: int, clock: time) -> datetime:
    """The next such weekday that is more than a day away, at this time on the community's clock."""
    zone = ZoneInfo(stage.community.zone)
    day = stage.now.astimezone(zone).date() + timedelta(days=2)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    return datetime.combine(day, clock, zone)
