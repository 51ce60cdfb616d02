"""Plays a written dialogue and compares: `>` is what the person says, `-` what the bot does, `=` what is stored then.

    > 3号楼2单元的电梯坏了          words
    > [button_report_it]            a tap on a button of the last answer, by its label's message or by its words
    > (photo)                       a photo without words; (photo) and words are both
    - report_read_back: 电梯, 3号楼  a bubble by its message's name, with pieces that its Chinese text holds
    = needs: elevator routed        kind and state of each need of the person, oldest first, or nothing
    * accept                        what staff or the worker do meanwhile with the newest need: see acts.py

Each bubble and button is drawn in both languages, so that a variable that a template lacks fails the dialogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select

from channels.choices import chosen
from channels.render import render_text
from channels.signs import read_sign
from community.files.usecases import add_file
from community.needs.models import Need
from community.residents.usecases import get_resident
from linli.database import Sessions
from linli.text import words_for_bot
from tests.cast import Cast
from tests.dialogue.acts import ACTS

_MESSAGE_IDS = count(1_000_000)
_BUTTON = re.compile(r"\[(.+)\]")
_PHOTO = re.compile(r"\(photo\)\s*(.*)")


@dataclass
class Talk:
    """A person's conversation. `language` is what the fragments of `-` lines are looked for in."""

    client: httpx.AsyncClient
    sessions: Sessions
    cast: Cast
    break_actions: Callable[[int | None], None]
    language: str = "zh"
    bubbles: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] | None = None

    @property
    def resident_id(self) -> UUID:
        """The person who talks."""
        return self.cast.owner.resident_id

    async def play(self, dialogue: str) -> None:
        """Play it to its end; the first difference fails."""
        answers: list[str] = []
        for line in filter(None, map(str.strip, dialogue.splitlines())):
            mark, _, rest = line.partition(" ")
            if mark == ">":
                self._compare(answers, line)
                answers = []
                await self.say(rest.strip())
            elif mark == "-":
                answers.append(rest.strip())
            else:
                self._compare(answers, line)
                answers = []
                await (self._act if mark == "*" else self._check_stored)(rest.strip())
        self._compare(answers, "the end")

    async def say(self, line: str) -> list[dict[str, Any]]:
        """Say one line of a dialogue; the bubbles of the answer."""
        files: list[str] = []
        if button := _BUTTON.fullmatch(line):
            text = self._payload(button[1])
        elif photo := _PHOTO.fullmatch(line):
            files = [await self._add_photo()]
            text = photo[1] or "/send_photo"
        else:
            buttons = [button for bubble in self.bubbles for button in bubble["buttons"]]
            text = chosen(line, buttons) or read_sign(line) or words_for_bot(line)
        status, answer = await self.post(text, str(next(_MESSAGE_IDS)), files)
        assert status == 200, f"{line!r}: {status} {answer}"
        self.bubbles = answer["messages"]
        self._draw_all()
        return self.bubbles

    async def post(self, text: str, message_id: str, files: Sequence[str] = ()) -> tuple[int, dict[str, Any]]:
        """Send one message to Rasa's door as the app does, and keep the state of the answer; status and answer."""
        metadata = {
            "message_id": message_id,
            "channel": "web",
            "files": list(files),
            "language": self.language,
        }
        body = {"sender": str(self.resident_id), "message_id": message_id, "text": text, "metadata": metadata}
        response = await self.client.post("/webhooks/linli/webhook", json=body | {"state": self.state})
        answer = response.json()
        self.state = answer.get("state", self.state)
        return response.status_code, answer

    async def forget_community(self) -> None:
        """The person comes without a building's code or a link, so nobody knows the community."""
        async with self.sessions.begin() as session:
            (await get_resident(session, self.resident_id)).community_id = None

    async def needs(self) -> list[Need]:
        """The person's needs, oldest first."""
        async with self.sessions() as session:
            wanted = select(Need).where(Need.resident_id == self.resident_id).order_by(Need.created_at)
            return list((await session.scalars(wanted)).all())

    def _draw_all(self) -> None:
        for bubble in self.bubbles:
            for language in ("zh", "en"):
                assert render_text(bubble["message"], language, bubble["values"])
                for button in bubble["buttons"]:
                    assert render_text(button["label"], language, button.get("values", {}))
            assert len(bubble["buttons"]) <= 4

    def _payload(self, wanted: str) -> str:
        buttons = [button for bubble in self.bubbles for button in bubble["buttons"]]
        for button in buttons:
            label = render_text(button["label"], self.language, button.get("values", {}))
            if wanted == button["label"] or label.startswith(wanted):
                return str(button["payload"])
        raise AssertionError(f"no button {wanted}, only {[button['label'] for button in buttons]}")

    async def _add_photo(self) -> str:
        file_id = uuid4()
        async with self.sessions.begin() as session:
            await add_file(
                session, self.resident_id, file_id, media_type="image/jpeg", size=1000, width=10, height=10
            )
        return str(file_id)

    def _compare(self, answers: Sequence[str], where: str) -> None:
        if not answers:
            return
        said = [render_text(bubble["message"], self.language, bubble["values"]) for bubble in self.bubbles]
        names = [bubble["message"] for bubble in self.bubbles]
        told = "\n".join(f"  {name}: {text}" for name, text in zip(names, said, strict=True))
        assert names == [answer.partition(":")[0] for answer in answers], f"before {where!r}:\n{told}"
        for answer, text in zip(answers, said, strict=True):
            for piece in filter(None, map(str.strip, answer.partition(":")[2].split(","))):
                assert piece in text, f"before {where!r}: {piece!r} is not in\n{told}"

    async def _act(self, line: str) -> None:
        name, _, words = line.partition(":")
        need = (await self.needs())[-1]
        async with self.sessions.begin() as session:
            buttons = await ACTS[name](session, self.cast, need, words.strip())
        if buttons:
            self.bubbles = [{"message": name, "values": {}, "buttons": list(buttons)}]

    async def _check_stored(self, wanted: str) -> None:
        name, _, rest = wanted.partition(":")
        assert name == "needs", wanted
        stored = [f"{need.kind} {need.state.value}" for need in await self.needs()]
        assert stored == [part.strip() for part in rest.split(",") if part.strip()]
