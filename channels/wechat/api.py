"""The platform's API: every call with the shared token, renewed once where it is refused; 200 is not success.

[source] developers.weixin.qq.com, 公众号: 获取稳定版接口调用凭据, 全局返回码, 客服消息, 素材管理.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from channels.wechat.calling import Answer, Line, Lost, Refused
from channels.wechat.errcodes import TOKEN_REFUSED
from channels.wechat.tokens import Fetched, Tokens
from linli.database import Sessions
from linli.settings import Settings

JSON_TYPES = ("application/json", "text/plain", "text/json")
SHORTEST_TOKEN = timedelta(minutes=6)
VIDEO_HOST = ".qq.com"
"""Where the platform keeps videos; nothing else is fetched because an answer names it."""
Told = TypeVar("Told")


class WeChatApi:
    """What we ask of the platform, for one account. Close it when the process ends. Calls raise CallFailed."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings = settings
        self._line = Line(settings.wechat_api_base)
        self.tokens = Tokens(sessions, settings.wechat_app_id, self._fetch_token)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A call with a JSON body; the object of its answer."""
        return await self._with_token(lambda token: self._line.post(path, body, access_token=token))

    async def get(self, path: str) -> dict[str, Any]:
        """A call without a body; the object of its answer."""
        return await self._with_token(lambda token: self._line.get(path, access_token=token))

    async def upload_image(self, content: bytes) -> str:
        """Give the platform a picture for three days; its media id."""
        told = await self._with_token(
            lambda token: self._line.upload(
                "/cgi-bin/media/upload", content, "photo.jpg", "image/jpeg", access_token=token, type="image"
            )
        )
        return _text(told, "media_id")

    async def download(self, media_id: str, most: int) -> Answer:
        """What a person sent, at most `most` bytes; where it is gone the answer is an error, which is raised.

        Of a video the answer is JSON with the address where it lies, which is asked without the token.
        """

        async def ask(token: str) -> Answer:
            answer = await self._line.get("/cgi-bin/media/get", most, access_token=token, media_id=media_id)
            if answer.media_type not in JSON_TYPES:
                return answer
            return await self._line.fetch(self._video_url(answer.as_json()), most)

        return await self._renewing(ask)

    async def find_openid(self, code: str) -> str:
        """Whose code of the silent OAuth this is; it is asked for with the secret, not with the token."""
        settings = self._settings
        answer = await self._line.get(
            "/sns/oauth2/access_token",
            appid=settings.wechat_app_id,
            secret=settings.wechat_secret.get_secret_value(),
            code=code,
            grant_type="authorization_code",
        )
        return _text(answer.as_json(), "openid")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._line.close()

    def _video_url(self, told: Mapping[str, Any]) -> str:
        """The address of a video at the platform. Raises Lost where the answer names none there."""
        url = _text(told, "video_url")
        try:
            place = urlsplit(url)
        except ValueError:
            raise Lost("no address") from None
        own = place.netloc == urlsplit(self._settings.wechat_api_base).netloc
        if place.scheme not in ("http", "https") or not (own or (place.hostname or "").endswith(VIDEO_HOST)):
            raise Lost("an address elsewhere")
        return url

    async def _with_token(self, call: Callable[[str], Awaitable[Answer]]) -> dict[str, Any]:
        async def ask(token: str) -> dict[str, Any]:
            return (await call(token)).as_json()

        return await self._renewing(ask)

    async def _renewing(self, ask: Callable[[str], Awaitable[Told]]) -> Told:
        """Ask; where the token is refused, renew it once and ask once more."""
        token = await self.tokens.get()
        try:
            return await ask(token.value)
        except Refused as refused:
            if refused.code not in TOKEN_REFUSED:
                raise
        return await ask((await self.tokens.renew(token)).value)

    async def _fetch_token(self, force: bool) -> Fetched:
        settings = self._settings
        answer = await self._line.post(
            "/cgi-bin/stable_token",
            {
                "grant_type": "client_credential",
                "appid": settings.wechat_app_id,
                "secret": settings.wechat_secret.get_secret_value(),
                "force_refresh": force,
            },
        )
        told = answer.as_json()
        seconds = told.get("expires_in")
        if not isinstance(seconds, int) or seconds <= 0:
            raise Lost("no expires_in")
        return Fetched(_text(told, "access_token"), max(timedelta(seconds=seconds), SHORTEST_TOKEN))


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise Lost(f"no {name}")
    return value
