"""The stand-ins that `make run` starts on request, and `linli channel check` against them and against refusals."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from channels.contract import Finding
from linli.settings import Settings
from operations.channel_commands import check_channels, describe
from operations.demo_platforms import DemoPlatforms
from operations.deployment import Deployment
from operations.environment import settings_environment
from operations.wechat import furnish

LINLI = Path(sys.executable).parent / "linli"
PLATFORMS = ("platform-wechat", "platform-telegram")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the database's user can reach."""
    place = tmp_path_factory.mktemp("channels")
    for each in (place, *place.parents[:2]):
        each.chmod(0o755)
    return place


@pytest.fixture(scope="module")
def deployment(folder: Path) -> Iterator[Deployment]:
    """A database and both stand-ins, as `linli up` starts them."""
    settings = Settings(
        _env_file=None, data_dir=folder, port=0, actions_port=0, bot_port=0, demo_platforms=True
    )
    with Deployment(settings, durable=False) as running:
        running.start_database()
        running.start(*PLATFORMS)
        for name in ("wechat", "telegram"):
            wait_until_open(running.platforms.url(name))
        yield running


def wait_until_open(url: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            assert httpx.get(url, trust_env=False, follow_redirects=True).status_code == 200
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def check(settings: Settings, only: str | None = None, *, put: bool = False) -> tuple[bool, str]:
    """Whether all is well with these settings, and what the command would say."""
    findings = check_channels(settings, only, put=put)
    return all(finding.well for finding in findings), "\n".join(map(describe, findings))


def test_the_settings_lead_to_the_stand_ins(deployment: Deployment) -> None:
    settings = deployment.settings
    assert settings.wechat_api_base == deployment.platforms.url("wechat")
    assert settings.telegram_api_base == deployment.platforms.url("telegram")
    assert (settings.telegram_mode, settings.wechat_account) == ("polling", "service")
    said = "\n".join(deployment.platforms.describe())
    assert settings.wechat_api_base in said
    assert settings.telegram_api_base in said
    for name in ("web", "worker"):
        environment = deployment.children()[name].environment
        assert environment["LINLI_TELEGRAM_API_BASE"] == settings.telegram_api_base


def test_who_we_are_and_what_is_missing(deployment: Deployment) -> None:
    done = subprocess.run(
        [LINLI, "channel", "check"],
        env=settings_environment(deployment.settings),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd="/",
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "@linli_demo_bot" in done.stdout
    assert "✗ WeChat menu: There is none yet" in done.stdout
    assert "还没有菜单" in done.stdout


def test_the_menu_is_set_on_request(deployment: Deployment) -> None:
    _, said = check(deployment.settings, "wechat", put=True)
    assert "✓ WeChat menu" in said
    assert "There is none" not in said
    well, said = check(deployment.settings, "telegram", put=True)
    assert well, said


@pytest.mark.parametrize(
    ("name", "wrong", "words", "zh"),
    [
        (
            "wechat",
            {"wechat_secret": SecretStr("f" * 32)},
            "LINLI_WECHAT_SECRET is not",
            "不是这个账号的 AppSecret",
        ),
        ("wechat", {"wechat_api_base": "http://127.0.0.1:1"}, "WeChat does not answer", "微信没有回应"),
        (
            "telegram",
            {"telegram_token": SecretStr("12345678:" + "a" * 35)},
            "the token is not valid",
            "令牌无效",
        ),
        ("telegram", {"telegram_api_base": "http://127.0.0.1:1"}, "was not reached", "连不上 Bot API"),
    ],
)
def test_a_refusal_is_plain_words_in_both_languages(
    deployment: Deployment, name: str, wrong: dict[str, object], words: str, zh: str
) -> None:
    well, said = check(deployment.settings.model_copy(update=wrong), name)
    assert not well
    assert words in said
    assert zh in said
    assert not any(secret in said for secret in ("f" * 32, "a" * 35))


def test_a_channel_that_is_off_is_named_with_its_setting(deployment: Deployment) -> None:
    off = deployment.settings.model_copy(update={"telegram_token": SecretStr(""), "wechat_app_id": ""})
    well, said = check(off)
    assert well, said
    assert "LINLI_TELEGRAM_TOKEN is empty" in said
    assert not check(off, "telegram")[0]
    assert not check(off, "pigeon")[0]


def test_an_account_of_ones_own_stays(folder: Path) -> None:
    token = SecretStr("12345678:" + "a" * 35)
    settings = Settings(_env_file=None, data_dir=folder, demo_platforms=True, telegram_token=token)
    platforms = DemoPlatforms.open(settings)
    assert list(platforms.doors) == ["wechat"]
    assert platforms.lead_there(settings).telegram_token == token
    platforms.close()
    assert DemoPlatforms.open(settings.model_copy(update={"demo_platforms": False})).doors == {}


def test_a_finding_is_a_line_in_one_language_or_two_in_both() -> None:
    finding = Finding("Telegram", False, "it is off", "没有开")
    assert describe(finding, "en") == "✗ Telegram: it is off"
    assert describe(finding, "zh") == "✗ Telegram: 没有开"
    assert describe(finding) == "✗ Telegram: it is off\n  没有开"


def test_the_demos_account_has_a_menu_and_codes_to_scan(deployment: Deployment) -> None:
    furnish(deployment.settings)
    phone = f"{deployment.platforms.url('wechat')}/people/{'o' * 28}"
    told = httpx.get(phone, trust_env=False).json()
    assert [entry["name"] for entry in told["menu"]] == ["报事求助", "通知活动", "更多"]
    assert told["scenes"] == []  # there is no community yet
