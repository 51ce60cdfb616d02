"""What an operator wants to know of the bot: who it is, whether messages reach us, and what to do where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from telegram import BotCommand, WebhookInfo
from telegram.error import InvalidToken, NetworkError, TelegramError

from channels.contract import Finding
from channels.telegram.bot import KINDS, Bot
from linli.settings import Settings

DOOR = "/channels/telegram"
FRESH = timedelta(minutes=10)
COMMANDS = {
    "zh": (("start", "开始"), ("help", "能办什么"), ("lang", "换语言 / language")),
    "": (("start", "Start"), ("help", "What I can do"), ("lang", "语言 / language")),
}
"""The menu of the chat; the one without a language is for everybody else."""


async def check_bot(bot: Bot, settings: Settings) -> Sequence[Finding]:
    """Ask who we are and how we are reached."""
    try:
        user = await bot.get_me()
        info = await bot.get_webhook_info()
    except (TelegramError, KeyError, TypeError, AttributeError) as error:
        return [_failed(error)]
    wants = webhook_url(settings)
    return [
        Finding(
            "Telegram",
            True,
            f"the bot is @{user.username}, people find it at https://t.me/{user.username}",
            f"机器人是 @{user.username}，居民在 https://t.me/{user.username} 找到它",
        ),
        Finding("Telegram groups", True, *_explain_groups(user.can_read_all_group_messages)),
        _check_way(info, wants),
    ]


async def set_up_bot(bot: Bot, settings: Settings) -> Sequence[Finding]:
    """Say at the platform how we want to be reached and what the menu of the chat holds; then look at it."""
    try:
        await connect(bot, settings)
        for language, commands in COMMANDS.items():
            await bot.set_my_commands(
                [BotCommand(*each) for each in commands], language_code=language or None
            )
    except TelegramError as error:
        return [_failed(error)]
    return await check_bot(bot, settings)


async def connect(bot: Bot, settings: Settings) -> None:
    """Name our door at the platform, or take it away where we ask ourselves; what waits there stays. TelegramError."""
    url = webhook_url(settings)
    if url is None:
        await bot.delete_webhook(drop_pending_updates=False)
        return
    secret = settings.telegram_secret.get_secret_value()
    await bot.set_webhook(url, secret_token=secret, allowed_updates=list(KINDS), max_connections=20)


def webhook_url(settings: Settings) -> str | None:
    """Where Telegram is to bring updates; None where Linli asks for them."""
    return f"{settings.address}{DOOR}" if settings.telegram_mode == "webhook" else None


def _check_way(info: WebhookInfo, wants: str | None) -> Finding:
    subject = "Telegram webhook" if wants else "Telegram polling"
    if (info.url or None) != wants:
        told = f"Telegram brings messages to {info.url}" if info.url else "Telegram knows no webhook"
        return Finding(
            subject,
            False,
            f"{told}, the settings say otherwise; Linli puts it right when it runs",
            "Telegram 那边记的和这里的设置不一样；邻里启动后会改过来，或者用 --set 现在改",
        )
    if info.last_error_date and info.last_error_date > datetime.now(UTC) - FRESH:
        words = f"the last delivery to {wants} failed: {info.last_error_message}"
        return Finding(
            subject,
            False,
            f"{words}; is it reached from outside, with a valid certificate?",
            f"最近一次送到 {wants} 没成功；从外面到得了吗，证书有效吗？",
        )
    waiting = info.pending_update_count
    return Finding(
        subject, True, f"{waiting} messages wait at Telegram", f"有 {waiting} 条消息在 Telegram 等着"
    )


def _explain_groups(reads_all: bool | None) -> tuple[str, str]:
    """What the bot hears in groups, as @BotFather was told, in English and Chinese."""
    if reads_all:
        return (
            "the bot is sent every message of its groups; /setprivacy at @BotFather would spare neighbours that",
            "群里每句话都会发给机器人；在 @BotFather 用 /setprivacy 可以只收对它说的话",
        )
    return "in groups the bot is sent only what is said to it", "群里只有对它说的话才会发给机器人"


def _failed(error: Exception) -> Finding:
    if isinstance(error, InvalidToken):
        words = "the token is not valid: look at LINLI_TELEGRAM_TOKEN, or get a new one from @BotFather with /token"
        zh = "令牌无效：请看 LINLI_TELEGRAM_TOKEN，或在 @BotFather 用 /token 换一个"
    elif isinstance(error, NetworkError):
        words = (
            "the Bot API was not reached: from mainland China it needs a proxy (HTTPS_PROXY), "
            "or LINLI_TELEGRAM_API_BASE names a Bot API server of your own"
        )
        zh = "连不上 Bot API：在大陆要用代理（HTTPS_PROXY），或让 LINLI_TELEGRAM_API_BASE 指向自己的 Bot API 服务器"
    else:
        words = f"the Bot API gave an answer that makes no sense ({type(error).__name__})"
        zh = f"Bot API 的回答看不懂（{type(error).__name__}）"
    return Finding("Telegram", False, words, zh)
