"""The settings of the WeChat channel; it is off without an app id. linli/settings.py takes them in."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

WECHAT = "https://api.weixin.qq.com"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
KEY_CHARACTERS = 43
_APP_ID = re.compile(r"wx[0-9a-f]{16}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_TEMPLATE = re.compile(r"[A-Za-z0-9_-]{20,64}:[a-z_]{1,30}[0-9]{0,2}")


class WeChatSettings(BaseSettings):
    """`LINLI_WECHAT_*`. They stand in the platform's console under 设置与开发 → 基本配置."""

    wechat_app_id: str = Field(
        "", description="AppID of the official account, wx and 16 digits; empty = WeChat is off"
    )
    wechat_secret: SecretStr = Field(SecretStr(""), description="AppSecret of the official account")
    wechat_token: SecretStr = Field(
        SecretStr(""), description="Token 令牌 of the callback: 3 to 32 letters and digits that you choose"
    )
    wechat_aes_key: SecretStr = Field(
        SecretStr(""),
        description="EncodingAESKey, 43 characters; with it only encrypted messages are taken (安全模式 or 兼容模式), "
        "empty = plain mode 明文模式",
    )
    wechat_account: Literal["subscription", "service", "test"] = Field(
        "subscription",
        description="subscription 订阅号; service = authenticated service account 已认证服务号, whose residents' pages "
        "open without a link; test = test account 测试号",
    )
    wechat_template: str = Field(
        "",
        description="template message for what the 48 hours do not let through, as ID:FIELD where FIELD takes the "
        "words (thing1); service accounts only, empty = it waits for the person's next contact",
    )
    wechat_notice: str = Field(
        "",
        description="subscription notice 订阅通知 that is sent once for each consent, as ID:FIELD; empty = none",
    )
    wechat_api_base: str = Field(WECHAT, description="where the platform's API answers")

    @field_validator("wechat_app_id")
    @classmethod
    def _wechat_app_id(cls, value: str) -> str:
        if value and not _APP_ID.fullmatch(value):
            raise ValueError("does not look like an AppID, which is wx and 16 digits or letters a to f")
        return value

    @field_validator("wechat_token")
    @classmethod
    def _wechat_token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("must have 3 to 32 letters and digits")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _wechat_aes_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _AES_KEY.fullmatch(value.get_secret_value()):
            raise ValueError(f"must have {KEY_CHARACTERS} letters and digits")
        return value

    @field_validator("wechat_template", "wechat_notice")
    @classmethod
    def _wechat_template(cls, value: str) -> str:
        if value and not _TEMPLATE.fullmatch(value):
            raise ValueError("must look like ID:FIELD, with the ID of the template and thing1 or the like")
        return value

    @field_validator("wechat_api_base")
    @classmethod
    def _wechat_api_base(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"must look like {WECHAT}")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must be https outside this machine: the secret travels on it")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _wechat_whole(self) -> Self:
        """Without a token every request would be a forged one, without a secret nothing could be sent."""
        if self.wechat_is_on:
            for name in ("wechat_secret", "wechat_token"):
                if not getattr(self, name).get_secret_value():
                    raise ValueError(f"LINLI_{name.upper()}: is needed where LINLI_WECHAT_APP_ID is set")
        return self

    @property
    def wechat_is_on(self) -> bool:
        """Whether people are reached on WeChat."""
        return bool(self.wechat_app_id)
