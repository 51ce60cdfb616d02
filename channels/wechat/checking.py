"""What an operator wants to know of the account: is it known, what does it refuse, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from channels.contract import Finding
from channels.wechat.api import WeChatApi
from channels.wechat.calling import CallFailed, Refused
from channels.wechat.errcodes import explain
from linli.settings import Settings

DOOR = "/channels/wechat"
NO_MENU = 46003


async def check_account(api: WeChatApi, settings: Settings) -> Sequence[Finding]:
    """Fetch a token and read the menu; then tell what the platform refused last and how it should call us."""
    try:
        await api.tokens.get()
    except CallFailed as failed:
        return [Finding("WeChat account", well=False, words=_explain(failed))]
    known = Finding("WeChat account", well=True, words=f"WeChat knows {settings.wechat_app_id}.")
    return [known, await _menu(api), *await _trouble(api), _door(settings), _mode(settings)]


async def _menu(api: WeChatApi) -> Finding:
    try:
        told = await api.get("/cgi-bin/menu/get")
    except CallFailed as failed:
        missing = isinstance(failed, Refused) and failed.code == NO_MENU
        words = "There is none yet: run linli wechat menu push." if missing else _explain(failed)
        return Finding("WeChat menu", well=False, words=words)
    names = [str(button.get("name")) for button in (told.get("menu") or {}).get("button", ())]
    return Finding("WeChat menu", well=True, words=" · ".join(names))


async def _trouble(api: WeChatApi) -> Sequence[Finding]:
    code = await api.tokens.find_trouble()
    return [] if code is None else [Finding("WeChat sending", well=False, words=explain(code))]


def _door(settings: Settings) -> Finding:
    """Only the platform's own console can set it: 基本配置, 服务器配置."""
    reached = settings.secure
    words = f"In WeChat's console the URL of the server must be {settings.address}{DOOR}."
    if not reached:
        words += " LINLI_PUBLIC_URL is not https yet, so the platform cannot reach it from outside."
    return Finding("WeChat callback", well=reached, words=words)


def _mode(settings: Settings) -> Finding:
    sealed = bool(settings.wechat_aes_key.get_secret_value())
    words = (
        "Messages are encrypted." if sealed else "Messages come in plain: set LINLI_WECHAT_AES_KEY, 安全模式."
    )
    return Finding("WeChat encryption", well=sealed, words=words)


def _explain(failed: CallFailed) -> str:
    return explain(failed.code) if isinstance(failed, Refused) else f"WeChat does not answer ({failed})."
