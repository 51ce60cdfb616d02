"""A resident's video and document beside the photos: each is shown as what it is, and given in parts."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from community.files.models import File
from community.needs.models import Need
from community.needs.usecases.residents import add_to_need
from community.parties.models import PartyType
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from tests.cast import Cast
from tests.web.residents.conftest import cookie_of
from tests.web.staff.conftest import OpenDesk, make_client

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4


@pytest.fixture
async def sent(sessions: Sessions, settings: Settings, cast: Cast, lift: Need) -> dict[str, UUID]:
    """What the owner has put to the need."""
    kinds = {"photo": "image/jpeg", "video": "video/mp4", "letter": "application/pdf"}
    files = {kind: store_file(settings.files_dir, VIDEO) for kind in kinds}
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        for kind, file_id in files.items():
            sides = {"width": 1, "height": 1} if kind == "photo" else {"name": f"{kind}.x"}
            session.add(File(id=file_id, owner_id=owner, media_type=kinds[kind], size=len(VIDEO), **sides))
        await session.flush()
        await add_to_need(session, owner, lift.id, "看这里", file_ids=list(files.values()))
    return files


async def test_staff_and_the_resident_see_what_was_sent(
    open_desk: OpenDesk, address: str, settings: Settings, sessions: Sessions, cast: Cast, lift: Need,
    sent: dict[str, UUID],
) -> None:  # fmt: skip
    desk = await open_desk(cast.here.staff[PartyType.PROPERTY_COMPANY])
    async with make_client(address, await cookie_of(sessions, settings, cast.owner)) as owner:
        pages = {
            "/staff/photos": await desk.get(f"/staff/needs/{lift.id}"),
            "/m/photos": await owner.get(f"/m/needs/{lift.id}"),
        }
        for door, page in pages.items():
            assert page.text.count(f'<img src="{door}/') == 1
            assert f'<img src="{door}/{sent["photo"]}"' in page.text
            assert page.text.count("<video ") == 1
            assert f'controls preload="metadata" src="{door}/{sent["video"]}"' in page.text
            assert f'href="{door}/{sent["video"]}" download' in page.text
            assert f'href="{door}/{sent["letter"]}" download' in page.text
            assert "media-src 'self'" in page.headers["content-security-policy"]
        await _check_parts(owner, f"/m/photos/{sent['video']}")


async def _check_parts(client: httpx.AsyncClient, path: str) -> None:
    """A phone asks for the first two bytes, then for what it shows; nonsense gets the whole."""
    size = len(VIDEO)
    for asked, status, content, told in (
        ("bytes=0-1", 206, VIDEO[:2], f"bytes 0-1/{size}"),
        ("bytes=100-", 206, VIDEO[100:], f"bytes 100-{size - 1}/{size}"),
        ("bytes=9-99999", 206, VIDEO[9:], f"bytes 9-{size - 1}/{size}"),
        (f"bytes={size}-", 416, b"", f"bytes */{size}"),
        ("bytes=5-2", 200, VIDEO, None),
        ("lines=1-2", 200, VIDEO, None),
        ("", 200, VIDEO, None),
    ):
        answer = await client.get(path, headers={"Range": asked} if asked else {})
        assert (answer.status_code, answer.content) == (status, content), asked
        assert answer.headers.get("content-range") == told
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["content-type"] == "video/mp4"
