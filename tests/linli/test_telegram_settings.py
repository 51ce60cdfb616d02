"""What the settings of Telegram need of each other, said at start; none of it names a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.settings import WrongSettings, load_settings

TOKEN = "123456789:AAtoken_of_a_bot_that_is_not_there-0"
SECRET = "a_secret_of_the_door"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "var"))


def test_without_a_token_it_is_off() -> None:
    assert not load_settings().telegram_is_on


def test_polling_needs_a_token_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.telegram_is_on
    assert settings.telegram_mode == "polling"
    assert settings.telegram_is_outside


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LINLI_TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("LINLI_PUBLIC_URL", "https://linli.example.org")
    with pytest.raises(WrongSettings, match=r"^LINLI_TELEGRAM_SECRET: is needed") as refused:
        load_settings()
    assert TOKEN not in str(refused.value)


def test_a_webhook_needs_https_as_the_platform_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LINLI_TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("LINLI_TELEGRAM_SECRET", SECRET)
    with pytest.raises(WrongSettings, match=r"^LINLI_PUBLIC_URL: must be https where"):
        load_settings()
    monkeypatch.setenv("LINLI_TELEGRAM_API_BASE", "http://127.0.0.1:8090/")
    assert load_settings().telegram_api_base == "http://127.0.0.1:8090"


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LINLI_TELEGRAM_SECRET", SECRET)
    assert TOKEN not in repr(load_settings())
    assert SECRET not in repr(load_settings())
