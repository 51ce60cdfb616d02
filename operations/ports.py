"""The ports: bound before anything is started, so that a taken one is one sentence, and handed to the processes."""

from __future__ import annotations

import errno
import socket

from operations.problem import Problem

BACKLOG = 2048


def bind(host: str, port: int, setting: str) -> socket.socket:
    """A listening socket that child processes may inherit; port 0 takes any free one."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(BACKLOG)
    except OSError as error:
        raise Problem(_explain(error, host, port, setting)) from error
    door.set_inheritable(True)
    return door


def choose_port(port: int, setting: str) -> int:
    """A loopback port for a process that binds it itself: checked to be free; 0 takes any free one."""
    with bind("127.0.0.1", port, setting) as door:
        return port_of(door)


def port_of(door: socket.socket) -> int:
    """The port that a socket listens on."""
    number = door.getsockname()[1]
    assert isinstance(number, int)
    return number


def _explain(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken: stop what uses it, or set {setting} to another port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be opened by this user: set {setting} to a port above 1023."
    return f"{host} is no address of this machine ({error.strerror}): set LINLI_HOST to one that is."
