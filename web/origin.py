"""Where a request comes from: the client's address behind trusted proxies, and whether a page of ours sent it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection

from linli.settings import Network, Settings
from web.parts import Held
from web.refusals import DoorRefused

OUR_HEADER = "x-linli"
Address = IPv4Address | IPv6Address


def client_address(connection: HTTPConnection, proxies: Sequence[Network]) -> str:
    """The address to count limits by (IPv6: its /64). X-Forwarded-For counts only as far as proxies are ours."""
    address = _peer(connection)
    for hop in _hops(connection):
        if address is None or not any(address in network for network in proxies):
            break
        address = _parse(hop)
    return "unknown" if address is None else _site(address)


async def check_ours(request: Request, parts: Held) -> None:
    """Refuse what a page of somebody else may have sent: no form can set our header, and the origin has to be ours."""
    if request.headers.get(OUR_HEADER) != "1" or not has_our_origin(request, parts.settings):
        raise DoorRefused(403, "foreign_page")


def has_our_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """True where `Origin` is the public address or the host that was asked, and for programs that send none."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin == settings.address or split_address(origin).netloc == connection.headers.get("host")


def split_address(text: str) -> SplitResult:
    """An address as a header or a form has it, in its parts; all of them empty where it is none."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _peer(connection: HTTPConnection) -> Address | None:
    return _parse(connection.client.host) if connection.client else None


def _hops(connection: HTTPConnection) -> Sequence[str]:
    listed = ",".join(connection.headers.getlist("x-forwarded-for"))
    return [hop.strip() for hop in reversed(listed.split(",")) if hop.strip()]


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _site(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, 64), strict=False).network_address)
