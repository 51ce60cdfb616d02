"""The written dialogues of tests/dialogue/talks, through the web chat's door."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import Chat
from tests.dialogue.playing import play
from tests.dialogue.scripts import Script, read_scripts

pytestmark = pytest.mark.bot
SCRIPTS = read_scripts()


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.id for script in SCRIPTS])
async def test_a_talk(chat: Chat, script: Script) -> None:
    chat.client.headers["Accept-Language"] = script.language
    await chat.open()
    await play(chat, script)
