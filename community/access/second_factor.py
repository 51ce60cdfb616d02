"""The second factor: six digits of an authenticator app (TOTP, RFC 6238), for who reads what is confidential.

Before: the password was right (`check_sign_in`) and a session was opened that is not whole. After: a whole one.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.models import SignInFailure, StaffSession
from community.access.usecases import (
    SessionTimes,
    SignInLimits,
    check_throttle,
    hash_secret,
    note_own,
    open_session,
)
from community.clock import now
from community.parties.models import Role, Staff
from community.residents.models import Language

DIGITS, SECONDS, KEY_BYTES = 6, 30, 20
DRIFT = (0, -1, 1)
"""Clocks of phones are off: the half minute before and the one after count too (RFC 6238, 5.2)."""


@dataclass(frozen=True, slots=True)
class Half:
    """Who has given the password and not the code; `address` is what the app reads, None where it has it already."""

    staff_id: UUID
    name: str
    language: Language
    key: str
    address: str | None


async def begin_second_factor(session: AsyncSession, staff_id: UUID) -> bool:
    """Whether this colleague needs a code as well; a key is made for who has none in use yet."""
    staff = await session.get_one(Staff, staff_id)
    if staff.role is not Role.SOCIAL_WORKER:
        return False
    if staff.second_factor_since is None:
        staff.second_factor_key = b32encode(secrets.token_bytes(KEY_BYTES)).decode()
    return True


async def find_half(session: AsyncSession, token: str) -> Half | None:
    """Who has come half way with this token; None for everybody else."""
    staff = await _find_staff(session, token)
    if staff is None or staff.second_factor_key is None:
        return None
    in_use = staff.second_factor_since is not None
    address = None if in_use else _totp(staff.second_factor_key).get_provisioning_uri(staff.sign_in, "Linli")
    return Half(staff.id, staff.name, staff.language, staff.second_factor_key, address)


async def check_code(
    session: AsyncSession, token: str, code: str, address: str, limits: SignInLimits, times: SessionTimes
) -> str | None:
    """A whole session's token for a right code, in place of the half one; else None and the failure is counted.

    A code counts once. Raises TooMany over the limits. The caller commits in either case.
    """
    tried = await _find_staff(session, token)
    if tried is None:
        return None
    name_hash = hash_secret(f"code:{tried.sign_in}")
    await check_throttle(session, name_hash, address, limits)  # before the row, as a sign-in has it
    staff = await _find_staff(session, token, lock=True)
    if staff is None or staff.second_factor_key is None:
        return None
    step = _find_step(staff, code)
    if step is None:
        session.add(SignInFailure(name_hash=name_hash, address=address, at=now()))
        return None
    staff.second_factor_step = step
    if staff.second_factor_since is None:
        staff.second_factor_since = now()
        await note_own(session, staff.id, "second_factor_set")
    await session.execute(delete(SignInFailure).where(SignInFailure.name_hash == name_hash))
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_secret(token)))
    return await open_session(session, staff.id, times)


async def _find_staff(session: AsyncSession, token: str, *, lock: bool = False) -> Staff | None:
    wanted = (
        select(Staff)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.token_hash == hash_secret(token),
            ~StaffSession.whole,
            StaffSession.ends_at > now(),
            Staff.disabled_at.is_(None),
        )
    )
    fresh = {"populate_existing": True}
    locked = wanted.with_for_update(of=Staff)
    found: Staff | None = await session.scalar(locked if lock else wanted, execution_options=fresh)
    return found


def _find_step(staff: Staff, code: str) -> int | None:
    """The half minute of this code, where it is right and later than the last one that was used."""
    present = int(now().timestamp()) // SECONDS
    totp = _totp(staff.second_factor_key or "")
    found = None
    for drift in DRIFT:
        right = hmac.compare_digest(totp.generate((present + drift) * SECONDS), code.encode())
        found = present + drift if right else found
    return found if found is not None and found > (staff.second_factor_step or 0) else None


def _totp(key: str) -> TOTP:
    return TOTP(b32decode(key), DIGITS, SHA1(), SECONDS)  # noqa: S303 - what authenticator apps know
