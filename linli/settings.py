"""The settings of Linli, read from the environment and `.env`; a wrong one is named at start, before anything runs."""

from __future__ import annotations

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from linli.sealing import Keyring, WrongKeys, find_encryption_keys, use_keyring
from linli.secret_key import find_secret_key
from linli.setting_names import find_unknown_names
from linli.telegram_settings import TelegramSettings
from linli.wechat_settings import WeChatSettings

Network = IPv4Network | IPv6Network
ENV_FILE = ".env"


class WrongSettings(Exception):
    """One or more settings cannot be used; the text names each and says what to do."""


class Settings(TelegramSettings, WeChatSettings, BaseSettings):
    """Every `LINLI_*` setting with its help text. A channel without its settings is off."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", env_file=ENV_FILE, extra="ignore")

    database_url: str = Field(
        "", description="PostgreSQL to use; empty = the embedded one under the data folder"
    )
    database_pool: int = Field(10, ge=2, le=100, description="connections each process may hold")
    data_dir: Path = Field(
        Path("var"), description="folder for files, logs, secrets and the embedded database"
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="signs cookies and links; empty = one made once and kept in the data folder",
    )
    encryption_keys: SecretStr = Field(
        SecretStr(""),
        description="encrypt what people write, as id:base64, comma separated: the first seals, all open; "
        "empty = one made once and kept in the data folder",
    )
    public_url: str = Field("", description="address people reach Linli at; empty = http://HOST:PORT")
    host: str = Field("127.0.0.1", description="address the public door listens on")
    port: int = Field(8000, ge=0, le=65535, description="port of the public door")
    actions_port: int = Field(
        8001, ge=0, le=65535, description="loopback port of the action door that Rasa calls"
    )
    bot_port: int = Field(5005, ge=0, le=65535, description="loopback port of Rasa")
    bot_url: str = Field("", description="where Rasa answers; empty = http://127.0.0.1:BOT_PORT")
    bot_timeout: float = Field(20.0, gt=0, description="seconds to wait for an answer of Rasa")
    processes: int = Field(1, ge=1, le=64, description="app processes")
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="networks whose X-Forwarded-For is believed, comma separated"
    )
    reports_per_hour: int = Field(10, ge=1, description="needs one person may report in an hour")
    reports_per_day: int = Field(60, ge=1, description="needs one person may report in a day")
    filings_per_hour: int = Field(60, ge=1, description="needs one colleague may file for callers in an hour")
    messages_per_minute: int = Field(60, ge=1, description="messages one person may send in a minute")
    new_people_per_hour: int = Field(
        120, ge=1, description="new web identities an address may make in an hour"
    )
    pages_opened_per_minute: int = Field(
        120, ge=1, description="pages an address may open in a minute for which WeChat is asked who that is"
    )
    uploads_per_hour: int = Field(120, ge=1, description="photos an address may upload in an hour")
    sign_in_failures_user: int = Field(5, ge=1, description="failed sign-ins of one user in 30 minutes")
    sign_in_failures_address: int = Field(
        20, ge=1, description="failed sign-ins from one address in 30 minutes"
    )
    second_factor: bool = Field(
        True, description="social workers sign in with a code of an authenticator app as well as a password"
    )
    session_idle_minutes: int = Field(
        120, ge=5, description="a staff session ends after so many idle minutes"
    )
    session_hours: int = Field(12, ge=1, description="a staff session ends after so many hours in any case")
    survey_delay_minutes: int = Field(
        30, ge=0, description="how long after a need is resolved the survey is sent"
    )
    survey_reminder_hours: int = Field(48, ge=1, description="when the one reminder of a survey is sent")
    survey_closes_hours: int = Field(120, ge=1, description="when an unanswered survey closes the need")
    notices_a_month: int = Field(
        0,
        ge=0,
        description="messages of notices that an office means to send in a month; the composer says what share one "
        "takes, 0 = no such plan",
    )
    person_quiet_hours: int = Field(
        12,
        ge=1,
        description="a conversation that staff took and left goes back to the bot after so many hours",
    )
    outbox_hold_hours: int = Field(
        24, ge=1, description="rows due longer ago than this wait for a person's release"
    )
    demo_platforms: bool = Field(
        False,
        description="1 = stand-ins for WeChat and Telegram run beside Linli, where these have no account, "
        "to try both in a browser; never where residents are served",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ip_network(part, strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
            raise ValueError("must look like postgresql://user:password@host:5432/name")
        return value

    @field_validator("bot_url")
    @classmethod
    def _bot_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must look like http://127.0.0.1:5005")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _encryption_keys(cls, value: SecretStr) -> SecretStr:
        if listed := value.get_secret_value():
            Keyring.parse(listed)
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must look like https://linli.example.org")
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(
                "must be https outside this machine: cookies of residents and staff travel on it"
            )
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """The public address, without a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """True where the public address is https, so cookies are `__Host-` and Secure."""
        return self.address.startswith("https://")

    @property
    def bot_address(self) -> str:
        """Where Rasa answers, without a slash at its end."""
        return (self.bot_url or f"http://127.0.0.1:{self.bot_port}").rstrip("/")

    @property
    def actions_url(self) -> str:
        """The action door as Rasa calls it."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        """Networks whose X-Forwarded-For is believed."""
        return tuple(ip_network(part, strict=False) for part in self.trusted_proxies)

    @property
    def files_dir(self) -> Path:
        """Folder of residents' and staff's files."""
        return self.data_dir / "files"


def load_settings() -> Settings:
    """Read the settings and put the keys in use; raise WrongSettings with one line for each that cannot be used."""
    try:
        if unknown := find_unknown_names(Settings.model_fields, Path(ENV_FILE)):
            raise WrongSettings("\n".join(unknown))
        return hold_secrets(Settings())
    except UnicodeDecodeError:
        raise WrongSettings(f"{ENV_FILE} cannot be read: save it as UTF-8") from None
    except ValidationError as error:
        raise WrongSettings(_explain(error)) from None


def hold_secrets(settings: Settings) -> Settings:
    """The settings with the secrets that the data folder keeps where they name none; what people write is sealed and
    opened with these keys from now on. Raises WrongSettings."""
    place = settings.data_dir
    try:
        signing = settings.secret_key.get_secret_value() or find_secret_key(place).get_secret_value()
        sealing = settings.encryption_keys.get_secret_value() or find_encryption_keys(place)
    except OSError as error:
        raise WrongSettings(
            f"LINLI_DATA_DIR: {error.filename} cannot be written or read ({error.strerror})"
        ) from None
    try:
        use_keyring(Keyring.parse(sealing))
    except WrongKeys as error:
        raise WrongSettings(f"LINLI_ENCRYPTION_KEYS: {place / 'encryption_keys'}: {error}") from None
    secrets = {"secret_key": SecretStr(signing), "encryption_keys": SecretStr(sealing)}
    return settings.model_copy(update=secrets)


def _explain(error: ValidationError) -> str:
    lines = (
        f"{f'LINLI_{name}: ' if (name := '.'.join(map(str, row['loc'])).upper()) else ''}{row['msg']}"
        for row in error.errors()
    )  # what concerns several settings names them itself
    return "\n".join(line.replace("Value error, ", "") for line in lines)
