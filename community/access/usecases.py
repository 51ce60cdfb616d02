"""How staff get in: signing in, its throttle, sessions. An unknown user takes the same time."""

from __future__ import annotations

import secrets
from asyncio import to_thread
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.models import Invitation, SignInFailure, StaffSession
from community.access.passwords import LONGEST, NOBODY, is_right
from community.actors import StaffActor
from community.audit.usecases import note_act
from community.base import count_changed
from community.clock import now
from community.errors import TooMany
from community.parties.models import Party, Staff
from community.residents.models import Language

FAILURES_COUNT_FOR = timedelta(minutes=30)
HALF_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Failures allowed in 30 minutes."""

    a_user: int = 5
    an_address: int = 20


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session ends: after so long without use, and in any case."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, with the token that every form of this session carries."""

    actor: StaffActor
    csrf: str
    session_id: UUID
    language: Language


async def check_sign_in(
    session: AsyncSession, name: str, password: str, address: str, limits: SignInLimits
) -> UUID | None:
    """The staff id for a right name and password, else None and the failure is counted. Raises TooMany over the limits.

    The caller commits in either case: a failure that is rolled back would not count.
    """
    name_hash = hash_secret(name.strip().casefold())
    await check_throttle(session, name_hash, address, limits)
    staff: Staff | None = await session.scalar(select(Staff).where(Staff.sign_in == name.strip().casefold()))
    usable = staff is not None and staff.disabled_at is None and staff.password_hash is not None
    stored = staff.password_hash if staff is not None and usable and staff.password_hash else NOBODY
    right = await to_thread(is_right, stored, password[:LONGEST])
    if staff is None or not usable or not right:
        session.add(SignInFailure(name_hash=name_hash, address=address, at=now()))
        await _note_failure(session, name.strip().casefold())
        return None
    await session.execute(delete(SignInFailure).where(SignInFailure.name_hash == name_hash))
    return staff.id


async def open_session(
    session: AsyncSession, staff_id: UUID, times: SessionTimes, *, whole: bool = True
) -> str:
    """A new session for a staff member; gives the token for the cookie, which is stored nowhere else.

    One that is not `whole` opens nothing but the page that asks for the second factor.
    """
    token, moment = secrets.token_urlsafe(32), now()
    row = StaffSession(
        token_hash=hash_secret(token),
        csrf=secrets.token_urlsafe(24),
        staff_id=staff_id,
        used_at=moment,
        ends_at=moment + (times.longest if whole else HALF_LASTS),
        whole=whole,
    )
    session.add(row)
    if whole:
        await note_own(session, staff_id, "signed_in")
    await session.flush()
    return token


async def find_signed_in(
    session: AsyncSession, token: str, times: SessionTimes, *, in_use: bool = True
) -> SignedIn | None:
    """Who holds this token now: None for an unknown, idle, ended or disabled one. Disabled staff are out at once.

    `in_use=False` for what a page asks by itself: that keeps no session from becoming idle.
    """
    moment = now()
    wanted = (
        select(StaffSession, Staff, Party)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .join(Party, Party.id == Staff.party_id)
        .where(
            StaffSession.token_hash == hash_secret(token),
            StaffSession.whole,
            StaffSession.ends_at > moment,
            StaffSession.used_at > moment - times.idle,
            Staff.disabled_at.is_(None),
        )
    )
    row = (await session.execute(wanted)).first()
    if row is None:
        return None
    opened, staff, party = row
    if in_use and opened.used_at < moment - timedelta(minutes=1):
        await session.execute(update(StaffSession).where(StaffSession.id == opened.id).values(used_at=moment))
    actor = _as_actor(staff, party)
    return SignedIn(actor, opened.csrf, opened.id, staff.language)


async def close_session(session: AsyncSession, token: str) -> None:
    """Sign out."""
    ended = delete(StaffSession).where(StaffSession.token_hash == hash_secret(token))
    staff_id = await session.scalar(ended.returning(StaffSession.staff_id))
    if staff_id is not None:
        await note_own(session, staff_id, "signed_out")


async def choose_staff_language(session: AsyncSession, actor: StaffActor, language: Language) -> None:
    """The console speaks this language to the actor from now on."""
    await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(language=language))


async def forget_ended_access(session: AsyncSession, at: datetime) -> int:
    """Delete sessions and invitations that ended, and failures that count no more; returns how many."""
    ended = [
        delete(StaffSession).where(StaffSession.ends_at < at),
        delete(Invitation).where(Invitation.ends_at < at),
        delete(SignInFailure).where(SignInFailure.at < at - FAILURES_COUNT_FOR),
    ]
    return sum([count_changed(await session.execute(statement)) for statement in ended])


async def check_throttle(session: AsyncSession, name_hash: str, address: str, limits: SignInLimits) -> None:
    """Raise TooMany over the limits. Who tries the same name, or from the same address, waits for the end of the
    transaction, so that a burst is counted too."""
    for one_by_one in (name_hash, address):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(one_by_one, 0))))
    since = now() - FAILURES_COUNT_FOR
    by_name = SignInFailure.name_hash == name_hash
    by_address = SignInFailure.address == address
    for which, most in ((by_name, limits.a_user), (by_address, limits.an_address)):
        count, first = (
            await session.execute(
                select(func.count(), func.min(SignInFailure.at)).where(which, SignInFailure.at > since)
            )
        ).one()
        if count >= most:
            raise TooMany(int((first - since).total_seconds()) + 1, "too_many_sign_ins")


async def note_own(session: AsyncSession, staff_id: UUID, act: str) -> None:
    """Note what somebody does with the own account."""
    staff = await session.get_one(Staff, staff_id)
    actor = _as_actor(staff, await session.get_one(Party, staff.party_id))
    note_act(session, actor, act, subject_kind="staff", subject_id=staff_id, community_id=actor.community_id)


async def _note_failure(session: AsyncSession, sign_in: str) -> None:
    """One look more whether the name is known or not: it takes the same time."""
    wanted = select(Staff.id, Party.community_id).join(Party, Party.id == Staff.party_id)
    known = (await session.execute(wanted.where(Staff.sign_in == sign_in))).first()
    staff_id, community_id = known or (None, None)
    note_act(
        session, None, "sign_in_failed", subject_kind="staff", subject_id=staff_id, community_id=community_id
    )


def _as_actor(staff: Staff, party: Party) -> StaffActor:
    return StaffActor(staff.id, staff.role, party.id, party.community_id, party.street_id, staff.name)


def hash_secret(secret: str) -> str:
    """What is stored of a secret that is long and random itself, or of a name."""
    return sha256(secret.encode()).hexdigest()
