"""Photos: judged by content, drawn anew without what a camera hides in them, shown to their owner and nobody else."""

from __future__ import annotations

from errno import ENOSPC
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from linli.photos import MOST_BYTES, PhotoRefused, draw_anew
from linli.settings import Settings
from tests.web.conftest import Visit, serving, thread


def picture(
    mode: str = "RGB", kind: str = "JPEG", size: tuple[int, int] = (300, 200), **options: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "green" if mode in ("RGB", "RGBA") else 0).save(out, kind, **options)
    return out.getvalue()


def taken_upright_with_a_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[2] = (23.0, 7.0, 0.0)
    return picture(exif=exif)


async def send(client: httpx.AsyncClient, content: bytes, name: str = "a.jpg") -> httpx.Response:
    return await client.post("/chat/photos", files={"photo": (name, content, "image/jpeg")})


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("I;16", "PNG"),
     ("P", "GIF"), ("RGBA", "WEBP"), ("RGB", "BMP")],
)  # fmt: skip
def test_every_kind_becomes_a_plain_jpeg(mode: str, kind: str) -> None:
    photo = draw_anew(picture(mode, kind, (3000, 1500)))
    with Image.open(BytesIO(photo.content)) as drawn:
        assert (drawn.format, drawn.mode, drawn.size) == ("JPEG", "RGB", (2560, 1280))
    assert (photo.width, photo.height) == (2560, 1280)


def test_place_and_camera_are_gone_and_it_stands_upright() -> None:
    photo = draw_anew(taken_upright_with_a_place())
    with Image.open(BytesIO(photo.content)) as drawn:
        assert drawn.size == (200, 300)
        assert not dict(drawn.getexif())
    assert b"at home" not in photo.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_photo_with_broken_notes_of_the_camera_is_taken_as_it_lies(kind: str) -> None:
    photo = draw_anew(picture("RGB", kind, exif=b"Exif\0\0not what a camera writes"))
    assert (photo.width, photo.height) == (300, 200)


BROKEN = {
    "no image": b"hello",
    "nothing": b"",
    "a page": b"<html><script>alert(1)</script></html>",
    "drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "half a photo": picture(size=(900, 900))[:2000],
    "a head alone": picture(kind="PNG")[:40],
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
async def test_what_is_no_photo_is_refused(visit: Visit, settings: Settings, content: bytes) -> None:
    answer = await send(await visit(), content)
    assert (answer.status_code, answer.json()["error"]) == (415, "photo_no_image")
    assert not settings.files_dir.exists()


async def test_a_full_disk_asks_for_the_photo_again(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    client = await visit()
    with monkeypatch.context() as full:
        full.setattr("os.fsync", refuse)
        answer = await send(client, picture())
    assert (answer.status_code, answer.json()["error"]) == (503, "try_later")
    assert (await send(client, picture())).status_code == 200


def test_more_pixels_than_a_camera_has_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(PhotoRefused) as refused:
        draw_anew(picture("1", "PNG", (20_000, 20_000)))
    assert refused.value.reason == "too_many_pixels"


@pytest.mark.parametrize("size", [MOST_BYTES + 1, MOST_BYTES + 500_000])
async def test_more_than_ten_megabytes_are_refused(visit: Visit, size: int) -> None:
    answer = await send(await visit(), picture() + bytes(size - len(picture())))
    assert (answer.status_code, answer.json()["error"]) == (413, "photo_too_large")


@pytest.mark.parametrize(
    "form", [{"content": b"x"}, {"data": {"photo": "words"}}, {"files": {"other": b"x"}}]
)
async def test_a_form_without_a_photo_is_unreadable(visit: Visit, form: dict[str, object]) -> None:
    answer = await (await visit()).post("/chat/photos", **form)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["error"]) == (400, "request_unreadable")


async def test_it_is_shown_to_its_owner_and_nobody_else(visit: Visit, settings: Settings) -> None:
    owner, neighbour = await visit(), await visit()
    url = (await send(owner, picture(), name="../../x.php")).json()["url"]
    shown = await owner.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "private, no-store"
    assert (await neighbour.get(url)).status_code == 404
    async with httpx.AsyncClient(base_url=str(owner.base_url)) as stranger:
        assert (await stranger.get(url)).status_code == 404
    assert (await owner.get(f"/files/{uuid4()}")).status_code == 404
    assert (await owner.get("/files/..%2f..%2fsecret_key")).status_code in (400, 404)


async def test_it_lies_under_a_random_name_and_cannot_be_run(visit: Visit, settings: Settings) -> None:
    answer = await send(await visit(), picture(), name="evil.sh")
    (kept,) = (path for path in settings.files_dir.rglob("*") if path.is_file())
    assert UUID(hex=kept.stem) == UUID(answer.json()["file"])
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_a_photo_travels_in_a_message_of_its_owner_only(visit: Visit) -> None:
    owner, neighbour = await visit(), await visit()
    file_id = (await send(owner, picture())).json()["file"]
    message = {"id": str(uuid4()), "text": "", "files": [file_id]}
    assert (await neighbour.post("/chat/messages", json=message)).json()["error"] == "photo_gone"
    assert (await owner.post("/chat/messages", json=message)).status_code == 200
    assert (await thread(owner))[0]["files"] == [{"url": f"/files/{file_id}"}]


async def test_uploads_of_one_address_are_counted_good_or_bad(settings: Settings) -> None:
    few, ours = settings.model_copy(update={"uploads_per_hour": 2}), {"X-Linli": "1"}
    async with serving(few) as address, httpx.AsyncClient(base_url=address, headers=ours) as client:
        await client.get("/chat")
        statuses = [(await send(client, content)).status_code for content in (b"x", picture(), picture())]
    assert statuses == [415, 200, 429]
