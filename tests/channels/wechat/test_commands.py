"""`linli wechat`: the menu is checked and set, codes are drawn for each building, refusals are sentences."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image
from ruamel.yaml import YAML

from channels.wechat.api import WeChatApi
from channels.wechat.codes import make_code
from channels.wechat.keys import HELP, KEYS, payload_of
from channels.wechat.menu import WrongMenu, as_buttons, read_menu
from channels.wechat.pages import WeChatPages
from community.places.models import Place
from community.places.queries import find_buildings
from linli.database import Sessions
from linli.settings import Settings
from operations.places import ROOT
from operations.problem import Problem
from operations.wechat import draw_codes, push_menu_file, show_menu
from tests.cast import Cast
from tests.channels.wechat.stand_in import Platform
from tests.scanning import scan

MENU = ROOT / "channels" / "wechat" / "menu.yml"


async def test_the_menu_is_set_and_shown(platform: Platform, wechat_settings: Settings) -> None:
    assert "报事求助" in await asyncio.to_thread(push_menu_file, wechat_settings, MENU)
    assert "我要报事  report_need" in await asyncio.to_thread(show_menu, wechat_settings)
    assert platform.account.menu is not None


async def test_before_there_is_a_menu_it_says_so(platform: Platform, wechat_settings: Settings) -> None:
    with pytest.raises(Problem, match="linli wechat menu push"):
        await asyncio.to_thread(show_menu, wechat_settings)


async def test_a_refusal_says_what_to_do(platform: Platform, wechat_settings: Settings) -> None:
    platform.account.faults.errcodes = [40164]
    with pytest.raises(Problem, match="IP白名单"):
        await asyncio.to_thread(show_menu, wechat_settings)
    with pytest.raises(Problem, match="LINLI_WECHAT_APP_ID"):
        show_menu(wechat_settings.model_copy(update={"wechat_app_id": ""}))


async def test_every_building_gets_a_code_that_scans_to_it(
    platform: Platform,
    wechat_settings: Settings,
    cast: Cast,
    sessions: Sessions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, addresses = tmp_path / "qr", dict[str, str]()

    async def make_and_note(api: WeChatApi, scene: str) -> str:
        addresses[scene] = await make_code(api, scene)
        return addresses[scene]

    monkeypatch.setattr("operations.wechat.make_code", make_and_note)
    said = await asyncio.to_thread(draw_codes, wechat_settings, folder, cast.here.community.code)
    async with sessions() as session:
        buildings = await find_buildings(session, cast.here.community.id)
        named = [await session.get(Place, place.id) for place in buildings]
    assert platform.account.scenes == [place.id.hex for place in buildings]
    assert said.startswith(f"{len(buildings)} codes")
    page = (folder / "codes.html").read_text("utf-8")
    assert all(place is not None and place.zh in page for place in named)
    assert len(list(folder.glob("*.png"))) == len(buildings)
    for place in buildings:
        [picture] = folder.glob(f"*-{place.number}.png")
        assert scan(Image.open(picture)) == addresses[place.id.hex]


async def test_an_account_without_codes_says_so(
    platform: Platform, wechat_settings: Settings, cast: Cast, tmp_path: Path
) -> None:
    platform.account.kind = "subscription"
    with pytest.raises(Problem, match="kind of account"):
        await asyncio.to_thread(draw_codes, wechat_settings, tmp_path, None)
    with pytest.raises(Problem, match="no community"):
        await asyncio.to_thread(draw_codes, wechat_settings, tmp_path, "nowhere")


def test_keys_of_the_menu_are_intents_of_the_bot() -> None:
    domain = YAML(typ="safe").load((ROOT / "bot" / "domain.yml").read_text("utf-8"))
    names = {next(iter(each)) if isinstance(each, dict) else each for each in domain["intents"]}
    assert names >= KEYS
    assert payload_of("report_need") == "/report_need"
    assert payload_of('report_need{"kind":"x"}') == payload_of("crisis") == payload_of("") == HELP


def test_pages_are_in_the_menu_only_where_the_account_may_ask_who_opens_them(
    wechat_settings: Settings,
) -> None:
    with_pages = as_buttons(read_menu(), WeChatPages(wechat_settings))
    without = as_buttons(
        read_menu(), WeChatPages(wechat_settings.model_copy(update={"wechat_account": "subscription"}))
    )
    assert [len(button["sub_button"]) for button in with_pages] == [3, 3, 4]
    assert [len(button["sub_button"]) for button in without] == [3, 3, 3]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[]", "at least 1"),
        ("- {name: 很长很长很长的名字, below: [{name: a, key: report_need}]}", "16 bytes"),
        ("- {name: a, key: nonsense}", "nonsense is none of"),
        ("- {name: a}", "needs a key or a page"),
        ("- {name: a, page: /staff}", "no page under /m"),
        ("- {name: 很长很长很长的名字, key: report_need}", "more than 16 bytes"),
        ("{", "expected"),
    ],
)
def test_a_wrong_menu_is_named(tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongMenu, match=wrong):
        read_menu(file)
