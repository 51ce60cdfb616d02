"""What an operator wants to know of the account: is it known, what does it refuse, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from channels.contract import Finding
from channels.wechat.api import WeChatApi
from channels.wechat.calling import CallFailed, Refused
from channels.wechat.errcodes import explain, explain_zh
from channels.wechat.menu import as_buttons, push_menu, read_menu
from channels.wechat.pages import WeChatPages
from linli.settings import Settings

DOOR = "/channels/wechat"
NO_MENU = 46003


async def check_account(api: WeChatApi, settings: Settings) -> Sequence[Finding]:
    """Prove the account and read the menu; then tell what was refused last and how the platform should call us."""
    try:
        await api.tokens.prove()
        await api.tokens.get()
    except CallFailed as failed:
        return [_failed("WeChat account", failed)]
    known = Finding(
        "WeChat account",
        well=True,
        words=f"WeChat knows {settings.wechat_app_id}.",
        zh=f"微信认得 {settings.wechat_app_id}。",
    )
    return [known, await _menu(api), *await _trouble(api), _door(settings), _mode(settings)]


async def set_up_account(api: WeChatApi, settings: Settings) -> Sequence[Finding]:
    """Set the menu of menu.yml, as an operator asked for, then look at the account."""
    try:
        await push_menu(api, as_buttons(read_menu(), WeChatPages(settings)))
    except CallFailed as failed:
        return [_failed("WeChat menu", failed)]
    return await check_account(api, settings)


async def _menu(api: WeChatApi) -> Finding:
    try:
        told = await api.get("/cgi-bin/menu/get")
    except CallFailed as failed:
        if isinstance(failed, Refused) and failed.code == NO_MENU:
            words = "There is none yet: run linli wechat menu push."
            return Finding(
                "WeChat menu", well=False, words=words, zh="还没有菜单：请运行 linli wechat menu push。"
            )
        return _failed("WeChat menu", failed)
    names = " · ".join(str(button.get("name")) for button in (told.get("menu") or {}).get("button", ()))
    return Finding("WeChat menu", well=True, words=names, zh=names)


async def _trouble(api: WeChatApi) -> Sequence[Finding]:
    code = await api.tokens.find_trouble()
    if code is None:
        return []
    return [Finding("WeChat sending", well=False, words=explain(code), zh=explain_zh(code))]


def _door(settings: Settings) -> Finding:
    """Only the platform's own console can set it: 基本配置, 服务器配置."""
    reached = settings.secure
    words = f"In WeChat's console the URL of the server must be {settings.address}{DOOR}."
    if not reached:
        words += " LINLI_PUBLIC_URL is not https yet, so the platform cannot reach it from outside."
    zh = f"公众平台里服务器地址 (URL) 要填 {settings.address}{DOOR}。"
    if not reached:
        zh += "LINLI_PUBLIC_URL 还不是 https，微信从外面到不了。"
    return Finding("WeChat callback", well=reached, words=words, zh=zh)


def _mode(settings: Settings) -> Finding:
    sealed = bool(settings.wechat_aes_key.get_secret_value())
    words = (
        "Messages are encrypted." if sealed else "Messages come in plain: set LINLI_WECHAT_AES_KEY, 安全模式."
    )
    zh = "消息是加密的。" if sealed else "消息是明文：请设 LINLI_WECHAT_AES_KEY，并在公众平台选安全模式。"
    return Finding("WeChat encryption", well=sealed, words=words, zh=zh)


def _failed(subject: str, failed: CallFailed) -> Finding:
    if isinstance(failed, Refused):
        return Finding(subject, well=False, words=explain(failed.code), zh=explain_zh(failed.code))
    return Finding(
        subject, well=False, words=f"WeChat does not answer ({failed}).", zh=f"微信没有回应（{failed}）。"
    )
