"""A real street from a file: stored once however often it is loaded, changed with the file; wrong files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from community.actors import SYSTEM, ResidentActor
from community.errors import NotAllowed
from community.needs.kinds import KINDS
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.parties.models import Party, PartyType, Responsibility, Share
from community.places.matching import match_place
from community.places.models import Community, Level, Place
from community.places.plan import StreetPlan
from community.places.settling import settle_street
from community.places.trees import get_tree
from community.residents.usecases import meet_person
from linli.database import Sessions
from operations.places import ROOT
from operations.problem import Problem
from operations.street import read_plan
from tests.cast import Cast

EXAMPLE = ROOT / "docs" / "street.yml"


async def count(sessions: Sessions, *tables: type) -> list[int]:
    async with sessions() as session:
        return [await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def test_the_example_makes_a_community_that_takes_reports(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await settle_street(session, SYSTEM, read_plan(EXAMPLE))
    async with sessions.begin() as session:
        community = (await session.scalars(select(Community))).one()
        assert community.office_hours["wed"] == [["08:30", "12:00"], ["14:00", "17:30"]]
        match = match_place("三号楼二单元", await get_tree(session, community.id))
        assert match.place is not None
        known = await meet_person(session, "web", "somebody", community_id=community.id)
        report = Report("elevator", "电梯坏了", place_id=match.place.id)
        need: Need = await report_need(session, known.resident_id, report)
        lead = await session.get_one(Party, need.lead_party_id)
        assert lead.type is PartyType.PROPERTY_COMPANY


async def test_every_kind_has_one_lead_also_where_a_party_is_missing(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await settle_street(session, SYSTEM, read_plan(EXAMPLE))
        leads = await session.scalars(select(Responsibility.kind).where(Responsibility.share == Share.LEAD))
        assert sorted(leads) == sorted(KINDS)


async def test_loading_again_changes_only_what_the_file_changed(sessions: Sessions) -> None:
    plan = read_plan(EXAMPLE)
    tables = (Community, Place, Party, Responsibility)
    async with sessions.begin() as session:
        await settle_street(session, SYSTEM, plan)
    before = await count(sessions, *tables)
    changed = plan.model_dump(mode="json", exclude_unset=True)
    changed["communities"][0]["zh"] = "大榕树社区"
    changed["communities"][0]["grids"][0]["buildings"] |= {"3": 4, "9": 1}
    changed["communities"][0]["hours"] = {"mon-sun": ["08:00-20:00"]}
    async with sessions.begin() as session:
        await settle_street(session, SYSTEM, StreetPlan.model_validate(changed))
    after = await count(sessions, *tables)
    assert [now - then for now, then in zip(after, before, strict=True)] == [0, 4, 0, 0]
    async with sessions() as session:
        community = (await session.scalars(select(Community))).one()
        assert (community.zh, len(community.office_hours)) == ("大榕树社区", 7)
        units = (
            select(func.count()).select_from(Place).where(Place.level == Level.UNIT, Place.zh.like("3号楼%"))
        )
        assert await session.scalar(units) == 4


async def test_only_who_installs_linli_settles_a_street(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        for actor in (cast.admin, ResidentActor(cast.owner.resident_id)):
            with pytest.raises(NotAllowed):
                await settle_street(session, actor, read_plan(EXAMPLE))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: social_work_team", "type: department", "a community needs social_work_team"),
        ("type: committee", "type: committe", "communities.0.parties.0.type: Input should be"),
        ("08:30-12:00", "12:00-08:30", "12:00-08:30: it closes before it opens"),
        ("08:30-12:00", "morning", "an opening like 08:30-12:00 is expected"),
        ("mon-fri", "monday", "monday: mon, tue, wed, thu, fri, sat, sun or a span"),
        ("Asia/Shanghai", "Asia/Beijing", "no such time zone; China's is Asia/Shanghai"),
        ("buildings: {5: 2", "buildings: {3: 2", "building 3 is there twice"),
        ("code: banyan", "code: Banyan!", "communities.0.code: String should match"),
        ("    en: Banyan\n", "", "communities.0.en: Field required"),
        ("street: {zh", "stret: {zh", "street: Field required"),
        ("grids: ", "grids: [", "is no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    file = tmp_path / "street.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Problem, match=r"street\.yml") as caught:
        read_plan(file)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        read_plan(tmp_path / "none.yml")
