"""Which keys are in use here: each start notes its first key, and sees at once when one of those noted is missing."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.keys.models import SealingKey
from linli.sealing import CannotOpen, Keyring

PROOF_COLUMN = "sealing_keys.proof"
PROOF = "linli"


async def note_key(session: AsyncSession, keyring: Keyring) -> None:
    """Note the key that seals from now on, so that nobody starts without it later."""
    row = insert(SealingKey).values(
        id=keyring.first, proof=keyring.seal(PROOF_COLUMN, PROOF), used_from=now()
    )
    await session.execute(row.on_conflict_do_nothing())


async def find_missing_keys(session: AsyncSession, keyring: Keyring) -> list[str]:
    """Ids of keys that sealed something here and that this keyring does not have, or has with other bytes."""
    noted = await session.execute(select(SealingKey.id, SealingKey.proof).order_by(SealingKey.used_from))
    return [key_id for key_id, proof in noted if not _opens(keyring, proof)]


async def forget_idle_keys(session: AsyncSession, in_use: Collection[str], first: str) -> None:
    """Keys that seal nothing any more need not be there at a start."""
    await session.execute(delete(SealingKey).where(SealingKey.id.not_in({*in_use, first})))


async def is_noted(session: AsyncSession, key_id: str) -> bool:
    """Whether a running Linli has started with this key as its first."""
    return await session.get(SealingKey, key_id) is not None


def _opens(keyring: Keyring, proof: str) -> bool:
    try:
        return keyring.open(PROOF_COLUMN, proof) == PROOF
    except CannotOpen:
        return False
