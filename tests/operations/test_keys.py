"""Keys: a missing one is one sentence, and sealing anew leaves every word readable with the new key alone."""

from __future__ import annotations

import stat
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.audit.models import AuditAct
from community.base import Base, SealedJson, SealedText
from community.clock import now
from community.heartbeats.usecases import beat
from community.inbox.models import DialogueState
from community.keys.models import SealingKey
from community.keys.resealing import PLAIN, reseal_batch, sealed_tables
from community.learning.models import UnclearMessage
from community.residents.models import Resident
from community.search.phones import stored_phone
from linli.database import Sessions
from linli.file_store import path_of, read_file, store_file
from linli.sealing import Keyring, keyring, new_key, use_keyring
from linli.settings import Settings
from operations.keys import add_key, check_keys, count_values, rotate_keys
from operations.problem import Problem
from operations.sessions import run_with_sessions
from operations.tables import metadata

OLD, FRESH = (new_key() for _ in range(2))
OLD_ID, FRESH_ID = (key.partition(":")[0] for key in (OLD, FRESH))
NAMES = [f"王阿姨{number}" for number in range(7)]


@pytest.fixture(autouse=True)
def _keys_of_the_tests() -> Iterator[None]:
    kept = keyring()
    use_keyring(Keyring.parse(OLD))
    yield
    use_keyring(kept)


def do(url: str, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401
    """Run a piece of work in one transaction."""

    async def run(sessions: Sessions) -> Any:  # noqa: ANN401
        async with sessions.begin() as session:
            return await work(session)

    return run_with_sessions(url, run)


async def write(session: AsyncSession) -> None:
    """Seven residents, one of them of the time before sealing; where two dialogues stand, as JSON; a list in JSON."""
    people = [Resident(name=name) for name in NAMES]
    session.add_all(people)
    session.add(UnclearMessage(id=uuid4(), said_on=now().date(), words="那个本子咋弄"))
    await session.flush()
    plain = text("UPDATE residents SET name = :name WHERE id = (SELECT id FROM residents LIMIT 1)")
    await session.execute(plain, {"name": "李叔叔"})
    session.add(DialogueState(resident_id=people[0].id, state={"slots": {}}))
    await session.execute(
        text("INSERT INTO dialogue_states (resident_id, state) VALUES (:whose, '{\"slots\": {}}')"),
        {"whose": people[1].id},
    )


async def read_names(session: AsyncSession) -> list[str | None]:
    return sorted(await session.scalars(select(Resident.name)), key=str)


def test_everything_is_sealed_with_the_first_key_and_the_other_can_go(
    database_url: str, tmp_path: Path
) -> None:
    do(database_url, write)
    photo, before_sealing = store_file(tmp_path, b"a photo"), uuid4()
    old_place = path_of(tmp_path, before_sealing).with_suffix(".jpg")
    old_place.parent.mkdir(exist_ok=True)
    old_place.write_bytes(b"a plain one")
    before = do(database_url, read_names)
    check_keys(database_url, note=True)
    assert count_values(database_url, tmp_path) == {OLD_ID: 9, PLAIN: 3}
    use_keyring(Keyring.parse(f"{FRESH},{OLD}"))
    told: list[str] = []
    assert rotate_keys(database_url, tmp_path, told.append) == {FRESH_ID: 12}
    assert {"residents, 7 rows", "files, 2 of 2"} <= set(told)
    use_keyring(Keyring.parse(FRESH))
    assert read_file(tmp_path, photo) == b"a photo"
    assert read_file(tmp_path, before_sealing) == b"a plain one"
    assert not old_place.exists()
    check_keys(database_url)
    assert do(database_url, read_names) == before
    assert "李叔叔" in before

    async def read(session: AsyncSession) -> tuple[Any, ...]:
        acts = (await session.scalars(select(AuditAct.details))).all()
        states = (await session.scalars(text("SELECT state FROM dialogue_states"))).all()
        return acts, states, (await session.scalars(select(SealingKey.id))).all()

    acts, states, noted = do(database_url, read)
    assert acts == [{"key": FRESH_ID, "rows": 10, "left": 0}]
    assert noted == [FRESH_ID]
    opened = [keyring().open("dialogue_states.state", state) for state in states]
    assert opened == ['{"slots":{}}'] * 2


def test_it_can_be_stopped_and_run_again_and_passes_by_what_somebody_holds(
    database_url: str, tmp_path: Path
) -> None:
    do(database_url, write)
    use_keyring(Keyring.parse(f"{FRESH},{OLD}"))
    table = Resident.__table__

    async def interleave(sessions: Sessions) -> list[int]:
        done = []
        async with sessions.begin() as holder:
            held = select(Resident.id).order_by(Resident.id).limit(1).with_for_update()
            await holder.execute(held)
            async with sessions.begin() as session:
                first = await reseal_batch(session, keyring(), table, None, most=3)  # type: ignore[arg-type]
            done.append(first.sealed)
        async with sessions.begin() as session:
            rest = await reseal_batch(session, keyring(), table, first.upto)  # type: ignore[arg-type]
            done.append(rest.sealed)
            again = await reseal_batch(session, keyring(), table, None)  # type: ignore[arg-type]
            done.append(again.sealed)
        return done

    assert run_with_sessions(database_url, interleave) == [2, 4, 1]
    assert rotate_keys(database_url, tmp_path, lambda _: None) == {FRESH_ID: 10}


def test_a_key_that_is_missing_or_another_is_one_sentence(database_url: str) -> None:
    check_keys(database_url, note=True)
    for other in (FRESH, f"{OLD_ID}:{FRESH.partition(':')[2]}"):
        use_keyring(Keyring.parse(other))
        with pytest.raises(Problem, match=f"sealed with the key {OLD_ID}, which is not here"):
            check_keys(database_url, note=True)


def test_nothing_is_sealed_with_a_key_that_the_running_app_has_not_read(
    database_url: str, tmp_path: Path
) -> None:
    do(database_url, lambda session: beat(session, "worker", now()))
    use_keyring(Keyring.parse(f"{FRESH},{OLD}"))
    with pytest.raises(Problem, match=f"has not read the key {FRESH_ID} yet: restart it"):
        rotate_keys(database_url, tmp_path, lambda _: None)


def test_a_fresh_key_is_put_in_front_of_those_that_are_kept(tmp_path: Path) -> None:
    kept = tmp_path / "encryption_keys"
    kept.write_text(OLD)
    settings = Settings(_env_file=None, data_dir=tmp_path, encryption_keys=OLD)
    key_id = add_key(settings)
    assert Keyring.parse(kept.read_text()).ids == (key_id, OLD_ID)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["encryption_keys"]
    with pytest.raises(Problem, match="put one that linli keys new prints in front there"):
        add_key(settings)


def test_each_sealed_column_knows_where_it_stands() -> None:
    assert metadata is Base.metadata
    for table, columns in sealed_tables().items():
        for column in columns:
            assert isinstance(column.type, SealedText | SealedJson)
            assert column.type.column == f"{table.name}.{column.name}"


def test_what_is_searched_is_found_with_the_new_key_alone(database_url: str, tmp_path: Path) -> None:
    async def keep(session: AsyncSession) -> None:
        session.add(Resident(name="王阿姨", phone="13812345678"))

    async def find(session: AsyncSession) -> str | None:
        return await session.scalar(select(Resident.phone_term))

    do(database_url, keep)
    before = do(database_url, find)
    use_keyring(Keyring.parse(f"{FRESH},{OLD}"))
    rotate_keys(database_url, tmp_path, lambda _: None)
    use_keyring(Keyring.parse(FRESH))
    assert do(database_url, find) == stored_phone("13812345678") != before
