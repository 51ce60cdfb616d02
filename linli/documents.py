"""Documents from staff: PDF and office files, told by their content, kept as they came, only given to download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from linli.photos import MOST_BYTES, PhotoRefused
from linli.text import clean_text

LONGEST_NAME = 80
MOST_PARTS = 5_000
_OOXML = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
_ODF = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_OLD = {
    "doc": "application/msword",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "Macros", "VBA"))


class DocumentRefused(PhotoRefused):
    """A document that is not taken; `reason` is `no_document`, `too_large` or `has_macros`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came, with a name that is safe to give it again."""

    content: bytes
    media_type: str
    name: str


def read_document(raw: bytes, name: str) -> Document:
    """What the bytes are, whatever they are called. Raises DocumentRefused."""
    if len(raw) > MOST_BYTES:
        raise DocumentRefused("too_large")
    ending, media_type = _tell(raw, PurePosixPath(name.replace("\\", "/")).suffix[1:].lower())
    return Document(raw, media_type, safe_name(name, ending))


def safe_name(name: str, ending: str) -> str:
    """The last part of a name, without signs that mean something to a file system, and with its true ending."""
    stem = PurePosixPath(clean_text(name).replace("\\", "/")).name.rpartition(".")
    words = re.sub(r'[\x00-\x1f<>:"/|?*;%]+', " ", stem[0] or stem[2]).strip(" .")
    return f"{words[:LONGEST_NAME] or 'file'}.{ending}"


def _tell(raw: bytes, called: str) -> tuple[str, str]:
    if raw[:1024].lstrip().startswith(b"%PDF-") and b"%%EOF" in raw[-2048:]:
        return "pdf", "application/pdf"
    if raw.startswith(b"PK\x03\x04"):
        return _tell_zip(raw)
    if raw.startswith(_OLE) and called in _OLD:
        if any(sign in raw for sign in _MACROS):
            raise DocumentRefused("has_macros")
        return called, _OLD[called]
    raise DocumentRefused("no_document")


def _tell_zip(raw: bytes) -> tuple[str, str]:
    try:
        with ZipFile(BytesIO(raw)) as packed:
            parts = packed.namelist()
            first = packed.read("mimetype").decode("ascii") if "mimetype" in parts[:1] else ""
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise DocumentRefused("no_document") from error
    if len(parts) > MOST_PARTS:
        raise DocumentRefused("no_document")
    if any(part.lower().endswith("vbaproject.bin") or part.startswith("Basic/") for part in parts):
        raise DocumentRefused("has_macros")
    if first in _ODF:
        return _ODF[first], first
    if "[Content_Types].xml" in parts:
        for folder, told in _OOXML.items():
            if any(part.startswith(folder) for part in parts):
                return told
    raise DocumentRefused("no_document")
