"""Standing notices: every field is known, filled in for both languages, and missed by name."""

from __future__ import annotations

import pytest

from community.errors import NotFound, Refused
from community.notices.fields import FIELDS, fields_of
from community.notices.kinds import NOTICE_KINDS, find_notice_kinds
from community.notices.standing import STANDING
from community.notices.templates import (
    NewTemplate,
    find_templates,
    get_template,
    keep_template,
    retire_template,
)
from community.notices.usecases.drafting import LONGEST_TEXT, LONGEST_TITLE
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

TYPED = {
    "day": "2026-11-22",
    "begins": "09:00",
    "ends": "12:00",
    "where": "3 到 7 号楼",
    "where_en": "Buildings 3 to 7",
    "reason": "检修水管",
}


async def test_a_template_is_filled_in_for_both_languages(sessions: Sessions, cast: Cast) -> None:
    async with sessions() as session:
        template = await get_template(session, cast.here.staff[PartyType.COMMITTEE], "water")
    titles, texts = template.fill(TYPED)
    assert titles == {"zh": "停水通知", "en": "Water cut"}
    assert texts["zh"].startswith("**11月22日（周日） 9:00–12:00**，3 到 7 号楼停水（检修水管）。")
    assert texts["en"].startswith(
        "**Sunday 22 November, 9:00–12:00**: no water in Buildings 3 to 7 (检修水管)."
    )


async def test_what_is_missing_is_said_by_name(sessions: Sessions, cast: Cast) -> None:
    async with sessions() as session:
        template = await get_template(session, cast.here.staff[PartyType.COMMITTEE], "water")
    with pytest.raises(Refused) as missed:
        template.fill(TYPED | {"day": "", "where": " "})
    assert missed.value.message == "template_field_missing"
    assert missed.value.values["fields"] == {"zh": "日期、范围", "en": "day, where"}
    with pytest.raises(Refused, match="template_field_wrong"):
        template.fill(TYPED | {"day": "tomorrow"})


@pytest.mark.parametrize("code", sorted(STANDING))
def test_every_standing_notice_names_known_fields_alike_in_both_languages(code: str) -> None:
    each = STANDING[code]
    zh = {field.code for field in fields_of(each.title_zh, each.text_zh)}
    assert zh == {field.code for field in fields_of(each.title_en, each.text_en)}
    assert zh <= set(FIELDS)
    assert each.category in NOTICE_KINDS
    assert len(each.title_zh) <= LONGEST_TITLE
    assert max(len(each.text_zh), len(each.text_en)) <= LONGEST_TEXT


async def test_an_office_keeps_templates_of_its_own(sessions: Sessions, cast: Cast) -> None:
    ours, theirs = cast.here.staff[PartyType.COMMITTEE], cast.there.staff[PartyType.COMMITTEE]
    made = NewTemplate("activity", "老人食堂", "{day} 起，老人食堂在{place}开饭。")
    async with sessions.begin() as session:
        kept = await keep_template(session, ours, made)
    async with sessions() as session:
        assert [each.code for each in await find_templates(session, ours) if each.is_own] == [str(kept.id)]
        with pytest.raises(NotFound):
            await get_template(session, theirs, str(kept.id))
    with pytest.raises(Refused, match="template_field_unknown"):
        async with sessions.begin() as session:
            await keep_template(session, ours, NewTemplate("activity", "x", "{nonsense}"))
    with pytest.raises(NotFound):
        async with sessions.begin() as session:
            await retire_template(session, theirs, kept.id)
    async with sessions.begin() as session:
        await retire_template(session, ours, kept.id)
    async with sessions() as session:
        assert not any(each.is_own for each in await find_templates(session, ours))


@pytest.mark.parametrize(
    ("said", "codes"),
    [("停水停电的通知", ["utilities"]), ("疫苗", ["health"]), ("台风预警", ["emergency"]), ("哈哈", [])],
)
def test_categories_are_named_by_their_words(said: str, codes: list[str]) -> None:
    assert [kind.code for kind in find_notice_kinds(said)] == codes
