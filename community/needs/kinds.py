"""The kinds of needs as data, one entry a kind: names, clocks, who may read, who leads and assists.

`clocks.py` reads the minutes, routing the parties. The bot knows a kind by `bot/data/nlu/report/<code>.yml`: what
people say, the words that name it, and its urgency where that is not normal. A new kind is an entry here and that file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from community.needs.models import Visibility
from community.parties.models import PartyType

COMMITTEE = PartyType.COMMITTEE
SOCIAL_WORK = PartyType.SOCIAL_WORK_TEAM
ORGANISATION = PartyType.SOCIAL_ORGANISATION
VOLUNTEERS = PartyType.VOLUNTEER_TEAM
PROPERTY = PartyType.PROPERTY_COMPANY
DEPARTMENT = PartyType.DEPARTMENT

PUBLIC = Visibility.PUBLIC
PRIVATE = Visibility.PRIVATE
CONFIDENTIAL = Visibility.CONFIDENTIAL


@dataclass(frozen=True)
class Kind:
    """One kind of need.

    `answer_minutes` and `urgent_minutes` are working minutes until the first answer, `solution_minutes` and
    `urgent_solution_minutes` until the solution; with `urgent_around_the_clock` an urgent one counts every minute.
    `asks_place` and `asks_unit` say whether a report is complete without a building, or without a unit.
    """

    code: str
    zh: str
    en: str
    lead: PartyType
    assist: tuple[PartyType, ...] = ()
    inform: tuple[PartyType, ...] = ()
    visibility: Visibility = PUBLIC
    answer_minutes: int = 420
    urgent_minutes: int = 120
    solution_minutes: int = 2100
    urgent_solution_minutes: int = 420
    urgent_around_the_clock: bool = False
    asks_place: bool = True
    asks_unit: bool = False

    @property
    def name(self) -> dict[str, str]:
        """The short name in both languages."""
        return {"zh": self.zh, "en": self.en}


_ALL = (
    Kind(
        code="sanitation_environment",
        zh="垃圾卫生",
        en="Rubbish and cleaning",
        lead=PROPERTY,
        assist=(VOLUNTEERS,),
        inform=(COMMITTEE,),
    ),
    Kind(
        code="noise",
        zh="噪音",
        en="Noise",
        lead=COMMITTEE,
        assist=(PROPERTY,),
    ),
    Kind(
        code="elevator",
        zh="电梯",
        en="Lift",
        lead=PROPERTY,
        assist=(COMMITTEE,),
        answer_minutes=240,
        asks_unit=True,
        solution_minutes=840,
        urgent_solution_minutes=240,
        urgent_around_the_clock=True,
    ),
    Kind(
        code="parking_vehicles",
        zh="停车",
        en="Parking",
        lead=PROPERTY,
        assist=(COMMITTEE,),
        solution_minutes=4200,
    ),
    Kind(
        code="property_management",
        zh="物业服务",
        en="Property company",
        lead=COMMITTEE,
        assist=(PROPERTY,),
    ),
    Kind(
        code="repair_utilities",
        zh="水电维修",
        en="Repairs, water, power, gas",
        lead=PROPERTY,
        assist=(COMMITTEE,),
        asks_unit=True,
        solution_minutes=1260,
        urgent_solution_minutes=240,
        urgent_around_the_clock=True,
    ),
    Kind(
        code="roads_transit_streetlights",
        zh="道路路灯",
        en="Roads and street lights",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
        solution_minutes=4200,
    ),
    Kind(
        code="fire_public_safety",
        zh="消防安全",
        en="Fire and safety",
        lead=PROPERTY,
        assist=(COMMITTEE, DEPARTMENT),
        answer_minutes=120,
        urgent_minutes=60,
        solution_minutes=840,
        urgent_solution_minutes=240,
        urgent_around_the_clock=True,
    ),
    Kind(
        code="illegal_building_occupation",
        zh="违建占道",
        en="Illegal building, blocked space",
        lead=DEPARTMENT,
        assist=(COMMITTEE, PROPERTY),
        solution_minutes=4200,
    ),
    Kind(
        code="housing_purchase_demolition",
        zh="房产拆迁",
        en="Housing and demolition",
        lead=DEPARTMENT,
        inform=(COMMITTEE,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
        solution_minutes=4200,
    ),
    Kind(
        code="neighbour_dispute",
        zh="邻里纠纷",
        en="Trouble between neighbours",
        lead=COMMITTEE,
        assist=(SOCIAL_WORK,),
        visibility=PRIVATE,
        solution_minutes=4200,
    ),
    Kind(
        code="elderly_care",
        zh="养老照护",
        en="Care for the elderly",
        lead=SOCIAL_WORK,
        assist=(VOLUNTEERS, ORGANISATION),
        inform=(COMMITTEE,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="education",
        zh="上学教育",
        en="School",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
    ),
    Kind(
        code="mental_health",
        zh="心里的事",
        en="Something on my mind",
        lead=SOCIAL_WORK,
        visibility=CONFIDENTIAL,
        answer_minutes=240,
        urgent_minutes=60,
        asks_place=False,
    ),
    Kind(
        code="poverty_disability_aid",
        zh="困难帮扶",
        en="Help in hardship",
        lead=SOCIAL_WORK,
        visibility=CONFIDENTIAL,
        asks_place=False,
    ),
    Kind(
        code="medical_insurance_health",
        zh="看病医保",
        en="Health and medical insurance",
        lead=COMMITTEE,
        inform=(DEPARTMENT,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="employment_social_insurance",
        zh="工作社保",
        en="Work and social insurance",
        lead=COMMITTEE,
        inform=(DEPARTMENT,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
    ),
    Kind(
        code="consumer_fraud",
        zh="消费防骗",
        en="Shopping and scams",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="admin_policy_consult",
        zh="办事咨询",
        en="Papers and policies",
        lead=COMMITTEE,
        visibility=PRIVATE,
        asks_place=False,
        solution_minutes=840,
    ),
    Kind(
        code="culture_sports_activity",
        zh="文体活动",
        en="Culture and sports",
        lead=ORGANISATION,
        assist=(VOLUNTEERS, COMMITTEE),
        asks_place=False,
    ),
    Kind(
        code="pets",
        zh="宠物",
        en="Pets",
        lead=COMMITTEE,
        assist=(PROPERTY, VOLUNTEERS),
    ),
    Kind(
        code="other",
        zh="其他",
        en="Something else",
        lead=COMMITTEE,
        visibility=PRIVATE,
        asks_place=False,
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in _ALL})


def get_kind(code: str) -> Kind:
    """The kind of this code; raises KeyError for a code that is not in the list."""
    return KINDS[code]


def find_kind(code: str) -> Kind | None:
    """The kind of this code, None where it is not in the list."""
    return KINDS.get(code)


def kind_of(code: str) -> Kind:
    """The kind of something that is stored; one that has left the list since stands under its code, for staff only."""
    return KINDS.get(code) or Kind(code=code, zh=code, en=code, lead=COMMITTEE, visibility=PRIVATE)
