"""Forms of residents' pages: sent by a page of ours (origin, signed token), counted, words and photos made safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData, UploadFile

from community.limits.usecases import count_use
from linli.photos import MOST_BYTES, Photo, PhotoRefused, make_photo
from linli.settings import Settings
from linli.text import MOST_CHARACTERS, check_text, clean_text
from web.bodies import BodyRefused, read_form
from web.chat_photos import count_upload
from web.origin import has_our_origin
from web.parts import Parts
from web.refusals import DoorRefused

MINUTE = timedelta(minutes=1)
TOKEN_SECONDS = 7 * 24 * 60 * 60  # nobody who writes slowly is thrown out
MOST_FORM = 200_000


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form that a page of ours sent, and its photos, drawn anew, or why they are `refused`."""

    fields: Mapping[str, str]
    photos: Sequence[Photo] = ()
    refused: PhotoRefused | None = None

    def words(self, name: str = "words") -> str:
        """Words that have to be there. Raises TextRefused."""
        return check_text(self.fields.get(name, ""))

    def remark(self, name: str = "words") -> str:
        """Words that may be missing. Raises TextRefused where there are too many."""
        raw = self.fields.get(name, "")
        return check_text(raw, MOST_CHARACTERS) if clean_text(raw[:MOST_CHARACTERS]) else ""

    def id(self, name: str) -> UUID:
        """A random id. Raises DoorRefused for anything else."""
        try:
            return UUID(self.fields.get(name, ""))
        except ValueError as error:
            raise DoorRefused(400, "request_unreadable") from error


def make_token(settings: Settings, resident_id: UUID | None) -> str:
    """What a form carries so that only a page that we drew for this person can send it."""
    return str(_signer(settings).dumps(resident_id.hex if resident_id else ""))


async def take_form(request: Request, parts: Parts, resident_id: UUID | None, *, photos: int = 0) -> Form:
    """The form of this person. Raises DoorRefused for a page of somebody else, TooMany, BodyRefused, PhotoRefused."""
    if not has_our_origin(request, parts.settings):
        raise DoorRefused(403, "foreign_page")
    await _count(parts, resident_id)
    data = await _read(request, photos)
    try:
        fields = {name: value for name, value in data.multi_items() if isinstance(value, str)}
        _check_token(parts.settings, fields, resident_id)
        try:
            return Form(fields, await _draw_photos(request, parts, data))
        except PhotoRefused as error:
            return Form(fields, refused=error)
    finally:
        await data.close()


async def _count(parts: Parts, resident_id: UUID | None) -> None:
    if resident_id is not None:
        async with parts.sessions.begin() as session:
            await count_use(session, f"pages:{resident_id}", parts.settings.messages_per_minute, MINUTE)


async def _read(request: Request, photos: int) -> FormData:
    try:
        return await read_form(request, MOST_FORM + photos * MOST_BYTES, photos)
    except BodyRefused as error:
        if photos and error.reason == "too_long":
            raise PhotoRefused("too_large") from error
        raise


async def _draw_photos(request: Request, parts: Parts, data: FormData) -> tuple[Photo, ...]:
    """One after the other, so that nine large ones are never in memory at once."""
    drawn: list[Photo] = []
    for _, value in data.multi_items():
        if isinstance(value, UploadFile) and value.size:
            await count_upload(request, parts)
            drawn.append(await make_photo(await value.read(MOST_BYTES + 1)))
    return tuple(drawn)


def _check_token(settings: Settings, fields: Mapping[str, str], resident_id: UUID | None) -> None:
    try:
        owner = _signer(settings).loads(fields.get("token", ""), max_age=TOKEN_SECONDS)
    except BadSignature as error:
        raise DoorRefused(403, "form_too_old") from error
    if owner != (resident_id.hex if resident_id else ""):
        raise DoorRefused(403, "form_too_old")


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="residents form")
