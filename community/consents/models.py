"""Consents 同意: what of a confidential need another party may be told, what for, and until when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, SealedText, closed_list
from community.residents.models import Language

TEXT_VERSION = 1
"""Of the question in templates/messages/consent_ask: another text is another version (tests/community/consents)."""


class ConsentField(StrEnum):
    """What can be shared, each by itself. A sentence is the social worker's, in place of the resident's words."""

    NAME = "name"
    PHONE = "phone"
    PLACE = "place"
    KIND = "kind"
    WORDS = "words"
    SENTENCE = "sentence"
    PHOTOS = "photos"


class ConsentState(StrEnum):
    """asked -> given | refused | taken_back (by who asked); given -> withdrawn (by the resident) | ended."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


OPEN = frozenset({ConsentState.ASKED, ConsentState.GIVEN})


class Consent(Base):
    """One question to a resident and the answer. `until` is the last moment at which the party may look.

    `message_id` is the message that answered, None where the page did; `language` and `text_version` say which words
    the person read. The party's part of the need is `part_id`, made by the yes.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_need_id", "need_id"),
        Index("ix_consents_resident_id_asked_at", "resident_id", "asked_at"),
        Index("ix_consents_party_id_state", "party_id", "state"),
        Index("ix_consents_until", "until", postgresql_where="state IN ('asked', 'given')"),
        Index(
            "uq_consents_open",
            "need_id",
            "party_id",
            unique=True,
            postgresql_where="state IN ('asked', 'given')",
        ),
    )

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    part_id: Mapped[UUID | None] = mapped_column(ForeignKey("need_parts.id"))
    state: Mapped[ConsentState] = mapped_column(closed_list(ConsentState), default=ConsentState.ASKED)
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    sentence: Mapped[str] = mapped_column(SealedText("consents.sentence"), default="")
    purpose: Mapped[str] = mapped_column(SealedText("consents.purpose"))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    text_version: Mapped[int] = mapped_column(SmallInteger, default=TEXT_VERSION)
    language: Mapped[Language | None] = mapped_column(closed_list(Language))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
