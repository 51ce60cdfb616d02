"""The settings: a wrong one is named, and the key that signs cookies is made once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from linli.settings import WrongSettings, load_settings


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` of the work tree, a data folder of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "var"))


def test_the_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first, second = load_settings().secret_key, load_settings().secret_key
    assert first == second
    assert len(first.get_secret_value()) > 40
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_the_key_of_the_settings_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINLI_SECRET_KEY", "from the operator")
    assert load_settings().secret_key.get_secret_value() == "from the operator"
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LINLI_PORT", "70000", "LINLI_PORT: Input should be less than or equal to 65535"),
        ("LINLI_PUBLIC_URL", "linli.example.org", "LINLI_PUBLIC_URL: must look like https://"),
        (
            "LINLI_PUBLIC_URL",
            "http://linli.example.org",
            "LINLI_PUBLIC_URL: must be https outside this machine",
        ),
        ("LINLI_BOT_URL", "127.0.0.1:5005", "LINLI_BOT_URL: must look like http://127.0.0.1:5005"),
        ("LINLI_PROT", "8080", r"LINLI_PROT: there is no such setting; did you mean LINLI_PORT\?"),
        (
            "linli_anything",
            "1",
            "LINLI_ANYTHING: there is no such setting; all of them are in linli/settings.py",
        ),
        ("LINLI_TRUSTED_PROXIES", "10.0.0.0/8, everyone", "LINLI_TRUSTED_PROXIES: "),
        ("LINLI_TELEGRAM_TOKEN", "my bot", "LINLI_TELEGRAM_TOKEN: does not look like a token"),
        ("LINLI_TELEGRAM_MODE", "push", "LINLI_TELEGRAM_MODE: Input should be 'polling' or 'webhook'"),
        ("LINLI_TELEGRAM_SECRET", "short", "LINLI_TELEGRAM_SECRET: must have 16 to 256"),
        ("LINLI_TELEGRAM_API_BASE", "http://example.org", "LINLI_TELEGRAM_API_BASE: must be https"),
        ("LINLI_DATA_DIR", "/proc/linli", "LINLI_DATA_DIR: /proc/linli cannot be written"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=f"^{said}"):
        load_settings()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"LINLI_PUBLIC_FD=3\nexport LINLI_DEMO=1\n", "LINLI_DEMO: there is no such setting"),
        ("LINLI_HOST=邻里\n".encode("gb18030"), ".env cannot be read: save it as UTF-8"),
    ],
)
def test_the_file_of_settings_is_looked_at_too(tmp_path: Path, written: bytes, said: str) -> None:
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(WrongSettings, match=f"^{said}"):
        load_settings()
