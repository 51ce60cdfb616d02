"""Certificates 志愿服务证明: what somebody had done when it was issued, with a number that anybody can verify."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, String, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from community.activities.models import Shift
from community.base import Base, SealedText
from community.clock import now
from community.errors import NotFound, Refused
from community.needs.codes import ALPHABET
from community.places.models import Community
from community.residents.models import Resident
from community.signups.models import SignUp
from community.signups.serving import SERVED
from linli.text import check_text, clean_text

LONGEST_NAME = 40
_HALF = 5


class Certificate(Base):
    """One certificate. What it says does not change, whatever is corrected later: a new one is issued then."""

    __tablename__ = "certificates"
    __table_args__ = (Index("ix_certificates_resident_id", "resident_id"),)

    number: Mapped[str] = mapped_column(String(11), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str] = mapped_column(SealedText("certificates.name"))
    minutes: Mapped[int] = mapped_column(Integer)
    shifts: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def veiled_name(self) -> str:
        """The name as a stranger who verifies sees it: its first sign and how many follow."""
        return self.name[:1] + "＊" * (len(self.name) - 1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with the community that it names."""

    certificate: Certificate
    community: Community


async def issue_certificate(session: AsyncSession, resident_id: UUID, name: str) -> Certificate:
    """Issue one over all service of the resident in their community, in the name that is to stand on it.

    The first one fixes the name: hours are not lent. Raises Refused: certificate_nothing where nothing is done yet,
    certificate_name where another name stands on an earlier one; TextRefused without a name.
    """
    resident = await session.get(Resident, resident_id, with_for_update=True)
    if resident is None or resident.community_id is None:
        raise NotFound
    wanted = (
        select(func.sum(SignUp.minutes), func.count(), func.min(SignUp.starts_at), func.max(SignUp.ends_at))
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            SignUp.resident_id == resident_id,
            Shift.community_id == resident.community_id,
            SERVED,
            SignUp.minutes > 0,
        )
    )
    minutes, shifts, since, until = (await session.execute(wanted)).one()
    if not shifts:
        raise Refused("certificate_nothing")
    wished = check_text(name, LONGEST_NAME).replace("\n", " ")
    fixed = await find_certified_name(session, resident_id)
    if fixed not in (None, wished):
        raise Refused("certificate_name", name=fixed)
    certificate = Certificate(
        number=_make_number(),
        resident_id=resident_id,
        community_id=resident.community_id,
        name=wished,
        minutes=minutes,
        shifts=shifts,
        since=since,
        until=until,
        issued_at=now(),
    )
    session.add(certificate)
    await session.flush()
    return certificate


async def find_certified_name(session: AsyncSession, resident_id: UUID) -> str | None:
    """The name that stands on the resident's certificates, None before the first."""
    wanted = select(Certificate.name).where(Certificate.resident_id == resident_id)
    found: str | None = await session.scalar(wanted.order_by(Certificate.issued_at).limit(1))
    return found


async def get_certificate(session: AsyncSession, number: str, resident_id: UUID | None = None) -> Issued:
    """The certificate of this number, as it is typed; with `resident_id` only that person's. Raises NotFound."""
    certificate = await session.get(Certificate, clean_text(number).upper()[:11])
    if certificate is None or resident_id not in (None, certificate.resident_id):
        raise NotFound
    return Issued(certificate, await session.get_one(Community, certificate.community_id))


def _make_number() -> str:
    """Ten random signs in two halves, so that nobody can count on to another's."""
    halves = ("".join(secrets.choice(ALPHABET) for _ in range(_HALF)) for _ in range(2))
    return "-".join(halves)
