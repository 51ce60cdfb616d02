"""The notices of the demo, in both languages, with days that lie ahead when the demo is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from community.notices.models import Notice, NoticeState
from community.places.models import Community


@dataclass(frozen=True, slots=True)
class DemoNotice:
    """A notice about a day so many days ahead, out since some hours; `{day}` in the texts becomes that day."""

    category: str
    ahead: int
    out_since_hours: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


def plan_notices(buildings: tuple[str, str], lift: str) -> tuple[DemoNotice, ...]:
    """The four notices of a community: which buildings (zh, en) lose water, and whose lift is looked after."""
    return (
        DemoNotice(
            "utilities",
            2,
            3,
            "停水通知",
            "Water cut",
            f"{{day}} 9:00–12:00 检修水管，{buildings[0]}停水，请提前存水。家里有老人、接水不方便的，请告诉我们。",
            f"On {{day}}, 9:00–12:00, {buildings[1]} have no water while pipes are repaired. "
            "Please store some; tell us if carrying water is hard for you.",
        ),
        DemoNotice(
            "health",
            6,
            20,
            "老人流感疫苗接种",
            "Flu shots for the elderly",
            "{day} 8:30–11:30，居委会一楼为60岁以上居民接种流感疫苗，免费，带身份证。走不动的可以约上门。",
            "On {day}, 8:30–11:30, residents of 60 and over get a free flu shot on the ground floor of the "
            "committee's office. Bring your ID card. Home visits can be arranged.",
        ),
        DemoNotice(
            "activity",
            9,
            44,
            "招募探访志愿者",
            "Volunteers wanted for visits",
            "{day} 上午探访独居老人，还差6位志愿者，约两小时，有社工带队。",
            "On the morning of {day} we visit older people who live alone. Six more volunteers are needed for about "
            "two hours; a social worker leads the group.",
        ),
        DemoNotice(
            "utilities",
            4,
            27,
            "电梯保养",
            "Lift maintenance",
            f"{{day}} 14:00–16:00，{lift}号楼电梯逐台保养，每台约半小时，急用请打物业电话。",
            f"On {{day}}, 14:00–16:00, the lifts of Building {lift} are serviced one after the other, about half an "
            "hour each. Call the property office if you need one urgently.",
        ),
    )


NOTICES = {
    "banyan": plan_notices(("3 到 7 号楼", "Buildings 3 to 7"), "3"),
    "river": plan_notices(("1 到 3 号楼", "Buildings 1 to 3"), "5"),
}


def make_notices(community: Community, at: datetime) -> Iterator[Notice]:
    """The notices of a community as they stand at `at`: sent, and valid until the day is over."""
    zone = ZoneInfo(community.zone)
    for plan in NOTICES[community.code]:
        day = at.astimezone(zone).date() + timedelta(days=plan.ahead)
        out = at - timedelta(hours=plan.out_since_hours)
        yield Notice(
            community_id=community.id,
            category=plan.category,
            state=NoticeState.SENT,
            title_zh=plan.title_zh,
            title_en=plan.title_en,
            text_zh=plan.text_zh.format(day=_day_zh(day)),
            text_en=plan.text_en.format(day=format_date(day, "EEEE d MMMM", locale="en")),
            valid_from=out,
            valid_until=datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC),
            created_at=out,
        )


def _day_zh(day: date) -> str:
    return f"{day.month}月{day.day}日（{format_date(day, 'EEE', locale='zh')}）"
