"""Photos and documents on the disk: sealed, whole or not at all, and bound to their own name."""

from __future__ import annotations

from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest

from linli.file_store import list_files, path_of, read_file, remove_file, reseal_file, store_file
from linli.sealing import CannotOpen, Keyring, keyring, new_key, use_keyring


@pytest.fixture(autouse=True)
def _own_keys() -> Iterator[None]:
    before = keyring()
    use_keyring(Keyring.parse(new_key()))
    yield
    use_keyring(before)


def test_what_is_stored_is_read_again_and_shows_nothing_on_the_disk(tmp_path: Path) -> None:
    file_id = store_file(tmp_path, b"the words of a letter" * 100)
    assert read_file(tmp_path, file_id) == b"the words of a letter" * 100
    stored = path_of(tmp_path, file_id).read_bytes()
    assert b"letter" not in stored
    assert path_of(tmp_path, file_id).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"\n", b"LINLI1 x\n", bytes(range(256))])
def test_any_bytes_come_back_as_they_were(tmp_path: Path, content: bytes) -> None:
    assert read_file(tmp_path, store_file(tmp_path, content)) == content


def test_bytes_under_another_name_do_not_open(tmp_path: Path) -> None:
    one, other = store_file(tmp_path, b"one"), store_file(tmp_path, b"other")
    path_of(tmp_path, one).write_bytes(path_of(tmp_path, other).read_bytes())
    with pytest.raises(CannotOpen):
        read_file(tmp_path, one)


def test_changed_bytes_and_a_key_that_is_gone_do_not_open(tmp_path: Path) -> None:
    file_id = store_file(tmp_path, b"one")
    place = path_of(tmp_path, file_id)
    kept = place.read_bytes()
    place.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(CannotOpen):
        read_file(tmp_path, file_id)
    place.write_bytes(kept)
    use_keyring(Keyring.parse(new_key()))
    with pytest.raises(CannotOpen, match="a key that is not there"):
        read_file(tmp_path, file_id)


def test_a_removed_file_is_gone_and_stays_gone_when_keys_change(tmp_path: Path) -> None:
    file_id = store_file(tmp_path, b"one")
    remove_file(tmp_path, file_id)
    remove_file(tmp_path, file_id)
    reseal_file(tmp_path, file_id)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path, file_id)
    assert list(list_files(tmp_path)) == []


def test_a_file_that_is_removed_while_its_key_changes_is_not_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = store_file(tmp_path, b"one")
    eraser = Thread(target=remove_file, args=(tmp_path, file_id))

    def read_and_be_overtaken(folder: Path, wanted: UUID) -> bytes:
        content = read_file(folder, wanted)
        eraser.start()
        eraser.join(0.2)
        return content

    monkeypatch.setattr("linli.file_store.read_file", read_and_be_overtaken)
    reseal_file(tmp_path, file_id)
    eraser.join(5)
    assert not eraser.is_alive()
    assert list(list_files(tmp_path)) == []


def test_a_full_disk_is_said_and_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        store_file(tmp_path, b"a photo" * 1000)
    assert [place for place in tmp_path.rglob("*") if place.is_file()] == []


def test_what_a_dead_process_left_half_written_is_no_file(tmp_path: Path) -> None:
    place = path_of(tmp_path, uuid4()).with_suffix(".part")
    place.parent.mkdir()
    place.write_bytes(b"half")
    assert list(list_files(tmp_path)) == []
