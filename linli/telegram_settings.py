"""The settings of the Telegram channel; it is off without a token. linli/settings.py takes them in."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

TELEGRAM = "https://api.telegram.org"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TOKEN = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramSettings(BaseSettings):
    """`LINLI_TELEGRAM_*`. See https://core.telegram.org/bots/api for what the platform takes."""

    telegram_token: SecretStr = Field(
        SecretStr(""), description="token of the bot, as @BotFather gave it; empty = Telegram is off"
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling",
        description="polling: Linli asks for messages, works behind any firewall; "
        "webhook: Telegram brings them to PUBLIC_URL, which must be https",
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        description="what Telegram says at our door in webhook mode; 16 to 256 letters, digits, _ and -",
    )
    telegram_api_base: str = Field(TELEGRAM, description="where the Bot API answers")

    @field_validator("telegram_token")
    @classmethod
    def _telegram_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("does not look like a token of @BotFather, which is digits:letters")
        return value

    @field_validator("telegram_secret")
    @classmethod
    def _telegram_secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must have 16 to 256 letters, digits, _ or -")
        return value

    @field_validator("telegram_api_base")
    @classmethod
    def _telegram_api_base(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"must look like {TELEGRAM}")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must be https outside this machine: the token travels on it")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _telegram_webhook(self) -> Self:
        """A webhook without a secret would be a door for everybody."""
        wants = self.telegram_token.get_secret_value() and self.telegram_mode == "webhook"
        if wants and not self.telegram_secret.get_secret_value():
            raise ValueError("LINLI_TELEGRAM_SECRET: is needed where LINLI_TELEGRAM_MODE is webhook")
        public = urlsplit(getattr(self, "public_url", ""))
        if wants and self.telegram_is_outside and public.scheme != "https":
            raise ValueError("LINLI_PUBLIC_URL: must be https where LINLI_TELEGRAM_MODE is webhook")
        return self

    @property
    def telegram_is_on(self) -> bool:
        """Whether people are reached on Telegram."""
        return bool(self.telegram_token.get_secret_value())

    @property
    def telegram_is_outside(self) -> bool:
        """Whether the Bot API is somewhere else than on this machine."""
        return urlsplit(self.telegram_api_base).hostname not in LOOPBACK
