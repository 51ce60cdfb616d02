"""Addresses of residents' pages for people in WeChat.

An authenticated service account may ask the platform silently who opens a page, so the link works at any time; every
other account's people get a signed link that is good for a quarter of an hour (channels/links.py).
[source] developers.weixin.qq.com, 公众号: 网页授权; the order of the parameters matters.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from channels.links import PageLinks, is_page
from linli.settings import Settings
from linli.wechat_settings import LOOPBACK

AUTHORIZE = "https://open.weixin.qq.com"
ENTER = "/channels/wechat/enter"


class WeChatPages:
    """Makes the addresses of one account."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._links = settings, PageLinks(settings)

    @property
    def asks_silently(self) -> bool:
        """Whether the account may ask the platform who opens a page."""
        return self._settings.wechat_account == "service"

    def make(self, resident_id: UUID, path: str) -> str:
        """An absolute address that opens the page `path` (under /m) for this resident; of the console a plain one."""
        if self.asks_silently and is_page(path):
            return self.ask(path)
        return self._links.make(resident_id, path)

    def ask(self, path: str) -> str:
        """An address by which the platform tells us who it is; the same for everybody, so a menu may hold it."""
        settings = self._settings
        query = urlencode(
            {
                "appid": settings.wechat_app_id,
                "redirect_uri": f"{settings.address}{ENTER}{path}",
                "response_type": "code",
                "scope": "snsapi_base",
                "state": "linli",
            }
        )
        return f"{self._platform}/connect/oauth2/authorize?{query}#wechat_redirect"

    def enter(self, resident_id: UUID, path: str) -> str:
        """Where somebody goes on whom the platform has named: the door for signed links, which asks before it changes
        whose pages a browser shows."""
        return self._links.make(resident_id, path).removeprefix(self._settings.address)

    @property
    def _platform(self) -> str:
        """The stand-in answers at one address for all."""
        base = self._settings.wechat_api_base
        return base if urlsplit(base).hostname in LOOPBACK else AUTHORIZE
