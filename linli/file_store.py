"""Bytes of photos and documents: one sealed file each under the data folder, named by its random id.

A file is `LINLI1 <key id>`, a line's end, nonce, content and tag: AES-256-GCM with a key of the keyring, bound to the
file's id, so that bytes moved to another name do not open. Files of the time before sealing are read as they are until
`linli keys rotate` has sealed them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from linli.sealing import keyring

SEALED, UNFINISHED = ".sealed", ".part"
_MARK = b"LINLI1 "
_LONGEST_HEAD = 40


def store_file(folder: Path, content: bytes) -> UUID:
    """Seal and write bytes under a random id: whole or not at all, readable by us alone, never executable."""
    file_id = uuid4()
    write_file(folder, file_id, content)
    return file_id


def write_file(folder: Path, file_id: UUID, content: bytes) -> None:
    """Seal and write the bytes of this id, in place of those that are there."""
    ring, place = keyring(), path_of(folder, file_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(UNFINISHED)
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_MARK + ring.first.encode() + b"\n" + ring.seal_bytes(_bound(file_id), content))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)
    except OSError:  # a disk that is full is not to be filled with halves
        unfinished.unlink(missing_ok=True)
        raise
    for changed in (place.parent, folder):
        _sync(changed)


def read_file(folder: Path, file_id: UUID) -> bytes:
    """The bytes of this id. Raises FileNotFoundError, and CannotOpen where no key of this process opens them."""
    place = _find(folder, file_id)
    if place is None:
        raise FileNotFoundError(file_id.hex)
    stored = place.read_bytes()
    key_id = _key_in(stored[:_LONGEST_HEAD])
    if key_id is None:
        return stored
    return keyring().open_bytes(_bound(file_id), key_id, stored[stored.index(b"\n") + 1 :])


def remove_file(folder: Path, file_id: UUID) -> None:
    """Take a file away; one that is gone already is no error."""
    with _alone_with(path_of(folder, file_id).parent):
        for place in paths_of(folder, file_id):
            place.unlink(missing_ok=True)


def path_of(folder: Path, file_id: UUID) -> Path:
    """Where a file lies: 256 folders, so that none grows too large."""
    return folder / file_id.hex[:2] / f"{file_id.hex}{SEALED}"


def paths_of(folder: Path, file_id: UUID) -> list[Path]:
    """Everything on the disk that has this id, also what a process left that died while it wrote."""
    return sorted(path_of(folder, file_id).parent.glob(f"{file_id.hex}.*"))


def id_of(place: Path) -> UUID | None:
    """The id of what lies here; None for what is no file of ours."""
    try:
        return UUID(hex=place.stem)
    except ValueError:
        return None


def list_files(folder: Path) -> Iterator[tuple[UUID, str | None]]:
    """Each file with the id of the key that seals it; None where none does yet."""
    for place in sorted(folder.glob("??/*")):
        file_id = id_of(place)
        if file_id is not None and place.suffix != UNFINISHED:
            with place.open("rb") as file:
                yield file_id, _key_in(file.read(_LONGEST_HEAD))


def reseal_file(folder: Path, file_id: UUID) -> None:
    """Seal a file with the first key; one that was removed meanwhile stays removed. Raises CannotOpen."""
    with _alone_with(path_of(folder, file_id).parent):
        try:
            content = read_file(folder, file_id)
        except FileNotFoundError:
            return
        write_file(folder, file_id, content)
        for place in paths_of(folder, file_id):
            if place != path_of(folder, file_id):
                place.unlink(missing_ok=True)


def _find(folder: Path, file_id: UUID) -> Path | None:
    return next((place for place in paths_of(folder, file_id) if place.suffix != UNFINISHED), None)


@contextmanager
def _alone_with(folder: Path) -> Iterator[None]:
    """No other process or thread removes or reseals a file of this folder meanwhile; without the folder none is there.

    So bytes that were read before they were removed are not put back.
    """
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield
        return
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _sync(folder: Path) -> None:
    """What was named in the folder is there after a power cut."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _key_in(head: bytes) -> str | None:
    """The key's id in the first bytes of a file; None for a file that is not sealed."""
    if not head.startswith(_MARK):
        return None
    return head.removeprefix(_MARK).partition(b"\n")[0].decode("ascii", "replace")


def _bound(file_id: UUID) -> str:
    return f"files:{file_id.hex}"
