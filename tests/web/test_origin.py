"""The address that limits count by: proxies of ours are believed, everybody else's X-Forwarded-For is not."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from linli.settings import Settings
from web.origin import client_address, has_our_origin

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def asked(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", (), "203.0.113.5"),
        ("203.0.113.5", ("198.51.100.1",), "203.0.113.5"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("1.2.3.4, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1, 10.0.0.7",), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1", "10.0.0.7"), "198.51.100.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("nonsense",), "unknown"),
        ("::ffff:203.0.113.5", (), "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::"),
        ("fd00::1", ("2001:db8:1:2::9",), "2001:db8:1:2::"),
        (None, (), "unknown"),
    ],
)
def test_the_address_behind_proxies(peer: str | None, forwarded: tuple[str, ...], address: str) -> None:
    assert client_address(asked(peer, *forwarded), PROXIES) == address


def test_without_proxies_nothing_is_believed() -> None:
    assert client_address(asked("10.0.0.1", "198.51.100.1"), ()) == "10.0.0.1"


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("http://linli.test:8000", True),
        ("https://linli.test:8000", True),
        ("http://linli.test", False),
        ("http://linli.test:8000.evil.test", False),
        ("http://evil.test/linli.test:8000", False),
        ("null", False),
        ("", False),
        ("http://[", False),
        ("http://[::1", False),
        ("http://a\u2100b", False),
    ],
)
def test_whose_page_a_request_comes_from(origin: str, *, is_ours: bool) -> None:
    headers = [(b"origin", origin.encode("utf-8")), (b"host", b"linli.test:8000")]
    request = Request({"type": "http", "headers": headers})
    assert has_our_origin(request, Settings(_env_file=None)) is is_ours
