"""People with WeChat on their phones, at the stand-in for the platform: what they do, and what they hear."""

from __future__ import annotations

import time
from dataclasses import dataclass

from anyio.from_thread import BlockingPortal

from operations.platforms.wechat import Person, Shown
from operations.platforms.wechat.pushes import Pushed
from tests.channels.wechat.stand_in import Platform

PATIENCE = 60.0  # the worker asks every few seconds whether a survey is due


@dataclass(frozen=True)
class WeChatPhones:
    """The platform, and a way into the loop that it runs in."""

    portal: BlockingPortal
    platform: Platform

    def phone(self) -> WeChatPhone:
        """Somebody who has never followed the account."""
        return WeChatPhone(self, self.platform.account.person())


@dataclass(frozen=True)
class WeChatPhone:
    """One person's chat with the account."""

    phones: WeChatPhones
    person: Person

    def follow(self, scene: str) -> None:
        """Scan the code of a building."""
        self.phones.portal.call(self.phones.platform.pusher.follow, self.person, scene)

    def say(self, words: str) -> Pushed:
        """Type and send; gives what Linli answered in the request."""
        return self.phones.portal.call(self.phones.platform.pusher.say, self.person, words)

    def tap(self, label: str) -> None:
        """Tap the item of the last message that has it."""
        key = next(
            key for shown in reversed(self.person.thread) for key, named in shown.choices if named == label
        )
        self.phones.portal.call(self.phones.platform.pusher.say, self.person, label, key)

    def hears(self, words: str) -> Shown:
        """What Linli said with these words, as soon as it has."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for shown in self.person.thread:
                if shown.way != "own" and words in shown.text:
                    return shown
            time.sleep(0.05)
        raise AssertionError(f"{words} is not in {[(shown.way, shown.text) for shown in self.person.thread]}")
