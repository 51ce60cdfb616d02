"""One app process: the public door and the action door in one loop, on inherited sockets or on ports of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from linli.log import set_up_logging
from linli.settings import Settings, WrongSettings, load_settings
from web.internal import create_internal_app
from web.live_line import LiveLine
from web.parts import make_parts
from web.public import create_app

PUBLIC_FD, ACTIONS_FD = "LINLI_PUBLIC_FD", "LINLI_ACTIONS_FD"
LONGEST_FRAME = 4096  # browsers only say "look again"
GRACE_SECONDS = 5


class Door(uvicorn.Server):
    """A server whose end is decided in one place for all doors of the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def main() -> None:
    """Serve until asked to stop; a wrong setting is one sentence."""
    try:
        settings = load_settings()
    except WrongSettings as error:
        sys.exit(str(error))
    set_up_logging("web", settings.log_level)
    doors = make_doors(settings)
    _leave_alone_what_is_there()
    with asyncio.Runner(loop_factory=doors[PUBLIC_FD].config.get_loop_factory()) as runner:
        runner.run(serve(doors))


def make_doors(settings: Settings) -> dict[str, Door]:
    """Both doors, by the name of the variable that holds the number of an inherited socket."""
    parts = make_parts(settings)
    return {
        PUBLIC_FD: _door(create_app(parts), settings.host, settings.port),
        ACTIONS_FD: _door(create_internal_app(parts), "127.0.0.1", settings.actions_port),
    }


async def serve(doors: Mapping[str, Door]) -> None:
    """All doors until a signal comes; when one of them ends, so do the others."""

    def stop(*_: object) -> None:
        for door in doors.values():
            door.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        for name, door in doors.items():
            group.create_task(door.serve(_inherited(name))).add_done_callback(stop)


def _door(app: ASGIApp, host: str, port: int) -> Door:
    return Door(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws=LiveLine,
            ws_max_size=LONGEST_FRAME,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def _leave_alone_what_is_there() -> None:
    """What the app is made of stays while it runs: looking through it for rubbish would halt every turn for 0.2 s."""
    gc.collect()
    gc.freeze()


def _inherited(name: str) -> list[socket.socket] | None:
    """The socket that the supervisor bound, so that a taken port is known before anything starts."""
    number = os.environ.get(name)
    return [socket.socket(fileno=int(number))] if number else None


if __name__ == "__main__":
    main()
