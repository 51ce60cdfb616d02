"""Photos from people: checked by content and made anew as JPEG without what a camera hides in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_EDGE = 2560
QUALITY = 85
MEDIA_TYPE = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
AT_ONCE = asyncio.Semaphore(2)  # a large photo takes 150 MB while it is drawn anew

Image.MAX_IMAGE_PIXELS = None  # checked below, before anything is decoded


class PhotoRefused(ValueError):
    """A photo that is not taken; `reason` is `no_image`, `too_large` (bytes) or `too_many_pixels`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo drawn anew: JPEG bytes, and its size in pixels."""

    content: bytes
    width: int
    height: int


async def make_photo(raw: bytes) -> Photo:
    """Draw an uploaded image anew, upright, at most 2560 pixels long, without metadata. Raises PhotoRefused."""
    if len(raw) > MOST_BYTES:
        raise PhotoRefused("too_large")
    async with AT_ONCE:
        return await asyncio.to_thread(draw_anew, raw)


def draw_anew(raw: bytes) -> Photo:
    """The work of `make_photo`; takes up to a second."""
    image = _upright(_decode(raw))
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    flat = _on_white(image)
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(out.getvalue(), *flat.size)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera says; as it lies where that cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - broken notes make Pillow raise nearly anything
        return image


def _on_white(image: Image.Image) -> Image.Image:
    """What is clear becomes white; a JPEG knows nothing of it."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    flat = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    flat.paste(layer, mask=layer)
    return flat


def _decode(raw: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(raw), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise PhotoRefused("too_many_pixels")
        image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        image.load()
    except PhotoRefused:
        raise
    except Exception as error:  # broken bytes make Pillow raise nearly anything
        raise PhotoRefused("no_image") from error
    return image
