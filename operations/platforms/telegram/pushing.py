"""Updates on their way to the webhook: each chat's in order, a failed push again and again until it is taken."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx

from operations.platforms.telegram.state import Json, State, Webhook, moment

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PAUSES = (0.1, 0.3, 1.0, 2.0, 5.0)
ANSWER_SECONDS = 10.0


class Pusher:
    """Runs beside the API; `pushed` holds the status of each push, 0 where nobody answered."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._busy: dict[int, asyncio.Task[None]] = {}
        self.pushed: list[tuple[int, int]] = []

    async def run(self) -> None:
        """Push what there is, whenever there is something; ends when it is cancelled."""
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
            try:
                while True:
                    hook = await self._wait()
                    for update in self._first_of_each_chat():
                        self._busy[chat_of(update)] = asyncio.create_task(self._push(client, hook, update))
            finally:
                for task in list(self._busy.values()):
                    task.cancel()
                await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _wait(self) -> Webhook:
        async with self._state.changed:
            await self._state.changed.wait_for(lambda: self._state.webhook and self._first_of_each_chat())
            if self._state.webhook is None:
                raise RuntimeError("no webhook")
            return self._state.webhook

    def _first_of_each_chat(self) -> list[Json]:
        first: dict[int, Json] = {}
        for update in self._state.updates:
            first.setdefault(chat_of(update), update)
        return [update for chat, update in first.items() if chat not in self._busy]

    async def _push(self, client: httpx.AsyncClient, hook: Webhook, update: Json) -> None:
        try:
            for tries in range(1_000):
                if self._state.webhook is not hook or await self._taken(client, hook, update):
                    return
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
        finally:
            self._busy.pop(chat_of(update), None)
            async with self._state.changed:
                self._state.changed.notify_all()

    async def _taken(self, client: httpx.AsyncClient, hook: Webhook, update: Json) -> bool:
        status = 0
        with suppress(httpx.HTTPError):
            status = (
                await client.post(hook.url, json=update, headers={SECRET_HEADER: hook.secret})
            ).status_code
        self.pushed.append((update["update_id"], status))
        if not 200 <= status < 300:
            hook.error, hook.error_at = f"Wrong response from the webhook: {status}", moment()
            return False
        async with self._state.changed:
            self._state.updates = [row for row in self._state.updates if row is not update]
        return True


def chat_of(update: Json) -> int:
    """The chat in which an update happened."""
    value = next(part for name, part in update.items() if name != "update_id")
    chat = value.get("chat") or value.get("message", {}).get("chat") or value["from"]
    return int(chat["id"])
