"""The demo's street as data: two communities with their places, parties, colleagues and residents. All is invented."""

from __future__ import annotations

from dataclasses import dataclass

from community.parties.models import PartyType, Role
from community.residents.models import HomeClaim, Language

STREET = {"zh": "南塘街道", "en": "Nantang Street"}
STREET_OFFICE = {"zh": "南塘街道办事处", "en": "Nantang street office"}
STREET_PHONE = "020-8888 1000"

_WEEKDAY = [["08:30", "12:00"], ["14:00", "17:30"]]
_SATURDAY = [["09:00", "12:00"]]
HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _WEEKDAY) | {"sat": _SATURDAY}


@dataclass(frozen=True, slots=True)
class Colleague:
    """A staff member: how to sign in, name, role, and whether this one leads the party."""

    sign_in: str
    name: str
    role: Role
    leads: bool = False


@dataclass(frozen=True, slots=True)
class DemoParty:
    """A party with its people."""

    type: PartyType
    zh: str
    en: str
    phone: str
    people: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A resident: name, home as building and unit, language, how sure the home is, phone where one was given."""

    name: str
    building: str
    unit: str
    language: Language = Language.ZH
    claim: HomeClaim = HomeClaim.CONFIRMED
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class DemoCommunity:
    """A community. `grids` holds, for each grid, its buildings with their numbers of units."""

    code: str
    zh: str
    en: str
    phone: str
    grids: tuple[dict[str, int], ...]
    parties: tuple[DemoParty, ...]
    residents: tuple[Neighbour, ...]


STREET_PEOPLE = (
    Colleague("street", "何主任", Role.STREET, leads=True),
    Colleague("admin", "系统管理员", Role.ADMIN),
)


def _partner(sign_in: str, name: str) -> tuple[Colleague, ...]:
    return (Colleague(sign_in, name, Role.PARTNER),)


BANYAN = DemoCommunity(
    code="banyan",
    zh="榕树社区",
    en="Banyan",
    phone="020-8888 1234",
    grids=({"1": 2, "2": 3, "3": 2, "4": 2}, {"5": 2, "6": 3, "7": 2, "8": 3}),
    parties=(
        DemoParty(
            PartyType.COMMITTEE,
            "榕树社区居委会",
            "Banyan residents' committee",
            "020-8888 1234",
            (
                Colleague("chen.committee", "小陈", Role.COMMITTEE),
                Colleague("huang.committee", "黄姐", Role.COMMITTEE, leads=True),
            ),
        ),
        DemoParty(
            PartyType.SOCIAL_WORK_TEAM,
            "榕树社工站",
            "Banyan social work station",
            "020-8888 1235",
            (
                Colleague("li.social", "李老师", Role.SOCIAL_WORKER, leads=True),
                Colleague("zhou.social", "周社工", Role.SOCIAL_WORKER),
            ),
        ),
        DemoParty(
            PartyType.PROPERTY_COMPANY,
            "绿荫物业榕树服务处",
            "Greenshade Property, Banyan office",
            "020-8888 1236",
            _partner("wang.property", "王经理"),
        ),
        DemoParty(
            PartyType.VOLUNTEER_TEAM,
            "榕树志愿服务队",
            "Banyan volunteers",
            "020-8888 1237",
            _partner("zhao.volunteer", "赵队长"),
        ),
        DemoParty(
            PartyType.SOCIAL_ORGANISATION,
            "邻里守望互助会",
            "Good Neighbours association",
            "020-8888 1238",
            _partner("he.neighbours", "贺理事"),
        ),
        DemoParty(
            PartyType.DEPARTMENT,
            "南塘街道城市管理办（榕树片）",
            "Nantang city management, Banyan section",
            "020-8888 1239",
            _partner("liang.department", "梁队"),
        ),
    ),
    residents=(
        Neighbour("王秀英", "3", "2", phone="139 0000 0001"),
        Neighbour("刘大海", "5", "1"),
        Neighbour("吴桂芳", "2", "3", phone="139 0000 0002"),
        Neighbour("张小北", "4", "1", claim=HomeClaim.CLAIMED),
        Neighbour("郑伟", "6", "2"),
        Neighbour("Emily Carter", "8", "1", Language.EN),
        Neighbour("Daniel Osei", "7", "2", Language.EN, HomeClaim.CLAIMED),
        Neighbour("孙阿姨", "1", "1"),
        Neighbour("林晓", "6", "3", claim=HomeClaim.CLAIMED),
    ),
)

RIVERSIDE = DemoCommunity(
    code="river",
    zh="河畔社区",
    en="Riverside",
    phone="020-8888 2234",
    grids=({"1": 2, "2": 2, "3": 3}, {"4": 2, "5": 2, "6": 2}),
    parties=(
        DemoParty(
            PartyType.COMMITTEE,
            "河畔社区居委会",
            "Riverside residents' committee",
            "020-8888 2234",
            (
                Colleague("sun.committee", "孙书记", Role.COMMITTEE, leads=True),
                Colleague("xu.committee", "小徐", Role.COMMITTEE),
            ),
        ),
        DemoParty(
            PartyType.SOCIAL_WORK_TEAM,
            "河畔社工站",
            "Riverside social work station",
            "020-8888 2235",
            (
                Colleague("gao.social", "高社工", Role.SOCIAL_WORKER, leads=True),
                Colleague("deng.social", "邓社工", Role.SOCIAL_WORKER),
            ),
        ),
        DemoParty(
            PartyType.PROPERTY_COMPANY,
            "清波物业",
            "Clearwave Property",
            "020-8888 2236",
            _partner("ma.property", "马主管"),
        ),
        DemoParty(
            PartyType.VOLUNTEER_TEAM,
            "河畔志愿服务队",
            "Riverside volunteers",
            "020-8888 2237",
            _partner("tang.volunteer", "唐队长"),
        ),
        DemoParty(
            PartyType.SOCIAL_ORGANISATION,
            "河畔乐龄之家",
            "Riverside Golden Years",
            "020-8888 2238",
            _partner("feng.elders", "冯老师"),
        ),
        DemoParty(
            PartyType.DEPARTMENT,
            "南塘街道城市管理办（河畔片）",
            "Nantang city management, Riverside section",
            "020-8888 2239",
            _partner("luo.department", "罗队"),
        ),
    ),
    residents=(
        Neighbour("周敏", "2", "1"),
        Neighbour("胡建军", "3", "3", phone="139 0000 0003"),
        Neighbour("Priya Nair", "5", "2", Language.EN),
        Neighbour("谢婷", "4", "1", claim=HomeClaim.CLAIMED),
    ),
)

COMMUNITIES = (BANYAN, RIVERSIDE)
