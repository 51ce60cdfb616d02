"""Me: language for pages and bubbles, size of text, where I live (own community only), hours and phone."""

from __future__ import annotations

from datetime import datetime

import pytest

from community.residents.models import HomeClaim, Resident
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, form_of
from tests.web.residents.tales import Tales
from web.residents.hours import OpenDays, is_open_now, tell_hours
from web.words import words_for


async def resident_of(sessions: Sessions, cast: Cast) -> Resident:
    async with sessions() as session:
        return await session.get_one(Resident, cast.owner.resident_id)


async def test_the_language_is_kept_for_pages_and_bubbles(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    back = f"/m/needs/{tales.handled}"
    fields = await form_of(browsers.owner, back, language="en", back=back)
    answer = await browsers.owner.post("/m/language", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert (await resident_of(sessions, cast)).language == "en"
    page = await browsers.owner.get(back)
    assert '<html lang="en">' in page.text
    assert "Anju Property is working on it." in page.text
    wrong = await browsers.owner.post("/m/language", data=fields | {"language": "fr"})
    assert wrong.status_code == 400
    away = await browsers.owner.post("/m/language", data=fields | {"back": "//evil.example"})
    assert away.headers["location"] == "/m/me"


async def test_nobody_chooses_a_language_for_the_browser_alone(browsers: Browsers, tales: Tales) -> None:
    fields = await form_of(browsers.nobody, "/m/me", language="en")
    assert (await browsers.nobody.post("/m/language", data=fields)).status_code == 303
    assert "You have not talked to Linli yet." in (await browsers.nobody.get("/m/needs")).text


async def test_the_size_of_text_without_a_script(browsers: Browsers, tales: Tales) -> None:
    for size, mark in (
        ("26", 'data-size="26"'),
        ("", '<body class="pages">'),
        ("99", '<body class="pages">'),
    ):
        fields = await form_of(browsers.owner, "/m/me", size=size)
        assert (await browsers.owner.post("/m/size", data=fields)).status_code == 303
        assert mark in (await browsers.owner.get("/m/me")).text


async def test_home_is_chosen_step_by_step_and_only_claimed(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    here = cast.here
    assert "榕树社区" in (await browsers.owner.get("/m/me/home")).text
    step = f"/m/me/home?community={here.community.id}"
    assert "3号楼" in (await browsers.owner.get(step)).text
    step += f"&building={here.building.id}"
    fields = await form_of(browsers.owner, step, community=str(here.community.id), place=str(here.unit.id))
    answer = await browsers.owner.post("/m/me/home", data=fields)
    assert answer.headers["location"] == "/m/me?done=home"
    resident = await resident_of(sessions, cast)
    assert (resident.home_id, resident.home_claim) == (here.unit.id, HomeClaim.CLAIMED)
    page = (await browsers.owner.get("/m/me")).text
    assert "3号楼2单元" in page
    assert "还没确认" in page


async def test_moving_to_another_community_lets_go_of_the_home(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    fields = await form_of(
        browsers.owner, "/m/me/home", community=str(cast.here.community.id), place=str(cast.here.unit.id)
    )
    await browsers.owner.post("/m/me/home", data=fields)
    fields |= {"community": str(cast.there.community.id), "place": ""}
    assert (await browsers.owner.post("/m/me/home", data=fields)).status_code == 303
    resident = await resident_of(sessions, cast)
    assert (resident.community_id, resident.home_id) == (cast.there.community.id, None)


async def test_a_place_of_another_community_is_not_found_and_changes_nothing(
    sessions: Sessions, cast: Cast, browsers: Browsers, tales: Tales
) -> None:
    fields = await form_of(browsers.owner, "/m/me/home")
    for community, place in (
        (cast.there.community.id, cast.here.unit.id),
        (cast.here.unit.id, cast.here.unit.id),
    ):
        wrong = fields | {"community": str(community), "place": str(place)}
        assert (await browsers.owner.post("/m/me/home", data=wrong)).status_code == 404
    mixed = f"/m/me/home?community={cast.there.community.id}&building={cast.here.building.id}"
    assert (await browsers.owner.get(mixed)).status_code == 404
    assert (await resident_of(sessions, cast)).community_id == cast.here.community.id


async def test_phone_and_hours_are_told_from_the_data(browsers: Browsers, tales: Tales) -> None:
    page = (await browsers.owner.get("/m/me")).text
    assert "周一至周五" in page
    assert 'href="tel:020-88881234"' in page


@pytest.mark.parametrize(
    ("moment", "is_open"), [("2026-03-03T09:00+08:00", True), ("2026-03-03T12:30+08:00", False)]
)
def test_whether_somebody_is_there(cast: Cast, moment: str, is_open: bool) -> None:
    assert is_open_now(cast.here.community, datetime.fromisoformat(moment)) is is_open


def test_days_with_equal_hours_are_one_line() -> None:
    week = {"mon": [["08:30", "12:00"]], "tue": [["08:30", "12:00"]], "sat": [["09:00", "11:00"]], "sun": []}
    assert tell_hours(week, words_for("en")) == [
        OpenDays("Monday to Tuesday", ("8:30–12:00",)),
        OpenDays("Saturday", ("9:00–11:00",)),
    ]
