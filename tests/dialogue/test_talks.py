"""The written dialogues of tests/dialogue/talks, through the web chat's door."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import Chat
from tests.dialogue.playing import play
from tests.dialogue.scripts import Script, read_scripts

pytestmark = pytest.mark.bot
SCRIPTS = read_scripts()


PARAMETERS = [
    pytest.param(
        script,
        id=script.id,
        marks=[pytest.mark.xfail(reason=script.fails_because)] if script.fails_because else [],
    )
    for script in SCRIPTS
]


@pytest.mark.parametrize("script", PARAMETERS)
async def test_a_talk(chat: Chat, script: Script) -> None:
    chat.client.headers["Accept-Language"] = script.language
    await chat.open()
    await play(chat, script)


def test_there_are_enough_in_both_languages() -> None:
    names = [script.id for script in SCRIPTS]
    assert len(set(names)) == len(names) >= 60
    assert sum(script.language == "en" for script in SCRIPTS) >= 20
