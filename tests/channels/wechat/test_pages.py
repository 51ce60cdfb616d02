"""Residents' pages from WeChat: silently where the account may ask who opens one, by a signed link where not."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
import pytest

from channels.links import PageLinks
from channels.wechat.pages import WeChatPages
from linli.settings import Settings
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.wechat.stand_in import Platform
from tests.web.conftest import serving

ORDER = ["appid", "redirect_uri", "response_type", "scope", "state"]


def test_the_platform_is_asked_in_its_own_order(wechat_settings: Settings) -> None:
    real = wechat_settings.model_copy(update={"wechat_api_base": "https://api.weixin.qq.com"})
    parts = urlsplit(WeChatPages(real).make(uuid4(), "/m/needs"))
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "open.weixin.qq.com", "wechat_redirect")
    query = parse_qsl(parts.query)
    assert [name for name, _ in query] == ORDER
    assert dict(query)["redirect_uri"] == f"{real.address}/channels/wechat/enter/m/needs"


@pytest.mark.parametrize("kind", ["subscription", "test"])
def test_other_accounts_give_a_signed_link(wechat_settings: Settings, kind: str) -> None:
    settings, resident_id = wechat_settings.model_copy(update={"wechat_account": kind}), uuid4()
    url = WeChatPages(settings).make(resident_id, "/m/needs")
    invitation = PageLinks(settings).read(dict(parse_qsl(urlsplit(url).query))["t"])
    assert invitation is not None
    assert (invitation.resident_id, invitation.to) == (resident_id, "/m/needs")


async def test_who_opens_a_page_in_wechat_is_let_in(
    wechat_settings: Settings, platform: Platform, bot: BotStandIn
) -> None:
    async with serving(wechat_settings.model_copy(update={"bot_url": bot.url})) as address:
        platform.account.callback = f"{address}/channels/wechat"
        person = platform.account.person()
        await platform.pusher.follow(person)
        settings = wechat_settings.model_copy(update={"public_url": address})
        url = WeChatPages(settings).ask("/m/needs")
        async with httpx.AsyncClient(
            trust_env=False, follow_redirects=True, cookies={"openid": person.openid}
        ) as phone:
            answer = await phone.get(url)
            assert (answer.status_code, answer.url.path) == (200, "/m/needs")
            again = f"{address}/channels/wechat/enter/m/needs?code=used"
            assert (await phone.get(again)).status_code == 403
            for path in ("staff", "needs/../../staff", "NEEDS"):
                assert (await phone.get(f"{address}/channels/wechat/enter/m/{path}x?code=1")).status_code in (
                    403,
                    404,
                )
        async with httpx.AsyncClient(trust_env=False) as stranger:
            platform.account.codes["c1"] = "oNobodyWeKnow"
            answer = await stranger.get(f"{address}/channels/wechat/enter/m/needs?code=c1")
            assert answer.status_code == 403
            platform.account.faults.way = "down"
            answer = await stranger.get(f"{address}/channels/wechat/enter/m/needs?code=c2")
            assert answer.status_code == 403


async def test_an_address_asks_wechat_only_so_often(
    wechat_settings: Settings, platform: Platform, bot: BotStandIn
) -> None:
    settings = wechat_settings.model_copy(update={"bot_url": bot.url, "pages_opened_per_minute": 2})
    async with serving(settings) as address, httpx.AsyncClient(trust_env=False) as stranger:
        enter = f"{address}/channels/wechat/enter/m/needs"
        answers = [await stranger.get(f"{enter}?code=guess{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
