"""How often a bot may write, by https://core.telegram.org/bots/faq: one message a second a chat with short bursts,
30 a second in all, 20 a minute a group."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from community.clock import now


@dataclass
class Pace:
    """Counts what was sent; `burst` messages to one chat may come at once, then one a second."""

    burst: int = 5
    a_second: int = 30
    group_a_minute: int = 20
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _closed_until: float = 0.0

    def check(self, chat_id: int) -> int:
        """Seconds to wait, 0 where the message may go; it counts then. Who does not wait waits longer."""
        at = now().timestamp()
        if at < self._closed_until:
            return int(self._closed_until - at) + 1
        chat = self._chats[chat_id]
        window, most = (60.0, self.group_a_minute) if chat_id < 0 else (float(self.burst), self.burst)
        _forget(chat, at - window)
        _forget(self._all, at - 1.0)
        if len(chat) >= most:
            return int(chat[0] + window - at) + 1
        if len(self._all) >= self.a_second:
            self._closed_until = at + 1.0
            return 1
        chat.append(at)
        self._all.append(at)
        return 0

    def close(self, seconds: float) -> None:
        """Answer 429 to everything for so long."""
        self._closed_until = now().timestamp() + seconds


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
