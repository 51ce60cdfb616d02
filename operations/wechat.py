"""The work of `linli wechat`: it asks the platform with the token that the running processes share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from channels.wechat.api import WeChatApi
from channels.wechat.calling import CallFailed, Refused
from channels.wechat.checking import NO_MENU
from channels.wechat.codes import make_code
from channels.wechat.errcodes import explain
from channels.wechat.menu import WrongMenu, as_buttons, fetch_menu, push_menu, read_menu
from channels.wechat.pages import WeChatPages
from community.places.models import Community, Place
from community.places.queries import find_buildings, find_communities
from community.places.scenes import scene_of
from linli.database import Sessions
from linli.settings import Settings
from operations.database import find_database_url
from operations.printing import Code, write_codes
from operations.problem import Problem
from operations.sessions import run_with_sessions

Told = TypeVar("Told")
Work = Callable[[WeChatApi, Sessions], Awaitable[Told]]


def push_menu_file(settings: Settings, file: Path) -> str:
    """Check the file and set its menu; says what is set. Raises Problem."""
    try:
        buttons = as_buttons(read_menu(file), WeChatPages(settings))
    except WrongMenu as wrong:
        raise Problem(str(wrong)) from None

    async def push(api: WeChatApi, _: Sessions) -> str:
        await push_menu(api, buttons)
        return f"The menu is set: {' · '.join(str(button['name']) for button in buttons)}."

    return _run(settings, push)


def furnish(settings: Settings) -> None:
    """Give an account that only a demo has what an operator sets up by hand: the menu, a code for each community."""

    async def set_up(api: WeChatApi, sessions: Sessions) -> None:
        await push_menu(api, as_buttons(read_menu(), WeChatPages(settings)))
        async with sessions() as session:
            communities = await find_communities(session)
        for community in communities:
            await make_code(api, community.code)

    _run(settings, set_up)


def show_menu(settings: Settings) -> str:
    """The menu that is set, an entry a line. Raises Problem."""

    async def show(api: WeChatApi, _: Sessions) -> str:
        lines: list[str] = []
        for button in await fetch_menu(api):
            lines.append(str(button["name"]))
            lines += [
                f"  {below['name']}  {below.get('key') or below.get('url')}"
                for below in button.get("sub_button", ())
            ]
        return "\n".join(lines)

    return _run(settings, show)


def draw_codes(settings: Settings, folder: Path, community: str | None) -> str:
    """A PNG a building and a page that prints them; says how many. Raises Problem."""

    async def draw(api: WeChatApi, sessions: Sessions) -> str:
        codes = [
            Code(
                f"{place.community_id.hex[:6]}-{_safe(place.number)}",
                named.zh,
                place.zh,
                await _url(api, place),
            )
            for named, place in await _find_buildings(sessions, community)
        ]
        if not codes:
            raise Problem("There is no building to make a code for.")
        return f"{len(codes)} codes are in {folder}; print {write_codes(folder, codes)}."

    return _run(settings, draw)


async def _url(api: WeChatApi, place: Place) -> str:
    return await make_code(api, scene_of(place))


async def _find_buildings(sessions: Sessions, code: str | None) -> Sequence[tuple[Community, Place]]:
    async with sessions() as session:
        communities = [each for each in await find_communities(session) if code in (None, each.code)]
        if not communities:
            raise Problem(f"There is no community {code}.")
        return [(each, place) for each in communities for place in await find_buildings(session, each.id)]


def _safe(number: str) -> str:
    """The number of a building as a part of a file's name."""
    return "".join(sign for sign in number if sign.isalnum()) or "x"


def _run(settings: Settings, work: Work[Told]) -> Told:
    if not settings.wechat_is_on:
        raise Problem("WeChat is off: set LINLI_WECHAT_APP_ID, _SECRET and _TOKEN first.")

    async def with_api(sessions: Sessions) -> Told:
        api = WeChatApi(settings, sessions)
        try:
            return await work(api, sessions)
        except Refused as refused:
            words = "There is no menu yet: run linli wechat menu push." if refused.code == NO_MENU else ""
            raise Problem(words or explain(refused.code)) from None
        except CallFailed as failed:
            raise Problem(f"WeChat does not answer ({failed}); try again later.") from None
        finally:
            await api.close()

    return run_with_sessions(find_database_url(settings), with_api)
