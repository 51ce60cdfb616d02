"""What staff typed: fields of a form as safe text and ids, and the proof that the form was ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import compare_digest
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from community.errors import Refused
from linli.settings import Settings
from linli.text import check_text, clean_text
from web.bodies import BodyRefused, read_form
from web.origin import has_our_origin
from web.refusals import DoorRefused

MOST_BYTES = 200_000
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: what it was called, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form, as they came."""

    fields: Mapping[str, str] = field(default_factory=dict)
    uploads: Sequence[Upload] = ()

    def get(self, name: str, most: int = 200) -> str:
        """A short field, cleaned; empty where it is missing."""
        return clean_text(self.fields.get(name, "")[: most * 4])[:most]

    def again(self, name: str) -> str:
        """What was typed into a field, to be shown in it again."""
        return clean_text(self.fields.get(name, ""))

    def secret(self, name: str) -> str:
        """A password, exactly as it was typed; half characters, which no keyboard makes, become question marks."""
        return self.fields.get(name, "").encode("utf-8", "replace").decode()

    def words(self, name: str) -> str:
        """A field that must hold words. Raises TextRefused."""
        return check_text(self.fields.get(name, ""))

    def words_if_any(self, name: str) -> str:
        """A field that may be empty. Raises TextRefused where it is too long."""
        return self.words(name) if self.fields.get(name, "").strip() else ""

    def choice(self, name: str) -> UUID:
        """The id of what was chosen from a list. Raises Refused("choose_one")."""
        try:
            return self.id(name)
        except BodyRefused as error:
            raise Refused("choose_one") from error

    def id(self, name: str) -> UUID:
        """An id that the page had put into the form. Raises BodyRefused."""
        try:
            return UUID(self.fields.get(name, ""))
        except ValueError as error:
            raise BodyRefused("unreadable") from error


async def read_typed(
    request: Request, settings: Settings, secret: str, *, most: int = MOST_BYTES, files: int = 0
) -> Typed:
    """The form of a page of ours: it has our origin, and carries `secret` in a field or (htmx) a header.

    It has at most `most` bytes and so many files, which only some forms may carry.

    Raises DoorRefused where it may be somebody else's, BodyRefused for what cannot be read.
    """
    if not has_our_origin(request, settings):
        raise DoorRefused(403, "foreign_page")
    form = await read_form(request, most, files)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    shown = request.headers.get(CSRF_HEADER) or fields.pop(CSRF_FIELD, "")
    if not compare_digest(shown.encode("utf-8", "replace"), secret.encode()):
        raise DoorRefused(403, "form_too_old")
    return Typed(fields, [each async for each in _read_uploads(form)])


async def _read_uploads(form: FormData) -> AsyncIterator[Upload]:
    """The files that were chosen; an empty field of a form is none."""
    for each in form.getlist("files"):
        if isinstance(each, UploadFile) and each.filename:
            yield Upload(each.filename, await each.read())
    await form.close()
