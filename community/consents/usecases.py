"""A consent from the question to its end: a social worker asks, the resident says yes or no, and may take it back.

The yes makes a part for the party; what it sees is read in community/consents/shared.py. Before: the console's page of
a confidential need. After: the resident's chat or page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, Actor, ResidentActor, StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.consents.models import Consent, ConsentField, ConsentState
from community.consents.telling import ask_in_chat
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.needs.models import PAST, Need, Visibility
from community.needs.rights import may_handle, may_know
from community.needs.usecases.locking import get_receiver
from community.needs.usecases.steps import announce_to, check_open, lock_need, note_event
from community.parties.models import Party, Role
from community.parts.models import NeedPart
from community.parts.usecases import find_undone_part, make_part, take_back_part
from community.residents.models import Resident
from community.wishes.models import ContactWay
from community.wishes.usecases import find_wish

LONGEST = timedelta(days=366)
MOST_PURPOSE, MOST_SENTENCE = 60, 200
_WHO = frozenset({ConsentField.NAME, ConsentField.PHONE})


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a social worker wants to share: which fields, the sentence in place of the words, what for, until when."""

    fields: Collection[ConsentField]
    purpose: str
    until: datetime
    sentence: str = ""


async def ask_consent(
    session: AsyncSession, actor: StaffActor, need_id: UUID, party_id: UUID, sharing: Sharing
) -> Consent:
    """Ask the resident whether a party may be told this. Nothing is shared before the yes.

    Only who handles the confidential need asks. Raises Refused("consent_...") where something is missing, and
    Refused("part_asked_already") while the party still works on a part.
    """
    need = await _lock_confided(session, actor, need_id)
    party = await get_receiver(session, need, party_id)
    _check(sharing)
    if _WHO & set(sharing.fields) and await find_wish(session, need.id) is ContactWay.ANONYMOUS:
        raise Refused("consent_unnamed")
    if await find_undone_part(session, need.id, party.id):  # else the yes could make none
        raise Refused("part_asked_already")
    consent = Consent(
        need_id=need.id,
        resident_id=need.resident_id,
        community_id=need.community_id,
        party_id=party.id,
        state=ConsentState.ASKED,
        fields=[field.value for field in ConsentField if field in sharing.fields],
        sentence=sharing.sentence.strip() if ConsentField.SENTENCE in sharing.fields else "",
        purpose=sharing.purpose.strip(),
        until=sharing.until,
        asked_by=actor.staff_id,
        asked_at=now(),
    )
    try:
        async with session.begin_nested():
            session.add(consent)
    except IntegrityError as error:
        raise Refused("consent_asked_already") from error
    await _note(session, actor, need, consent, party)
    await ask_in_chat(session, need, consent, party, actor)
    return consent


async def answer_consent(
    session: AsyncSession, resident_id: UUID, consent_id: UUID, *, agree: bool, message_id: int | None = None
) -> Consent:
    """The resident says yes or no. Yes makes the party's part; the same answer again changes nothing.

    Raises WrongState("consent_is_over") where it was taken back, has ended, or was answered otherwise.
    """
    need, consent = await _lock_own(session, resident_id, consent_id)
    wanted = ConsentState.GIVEN if agree else ConsentState.REFUSED
    if consent.state is wanted:
        return consent
    if consent.state is not ConsentState.ASKED or consent.until <= now() or need.state in PAST:
        raise WrongState("consent_is_over")
    resident = await session.get_one(Resident, resident_id)
    consent.state, consent.answered_at, consent.message_id = wanted, now(), message_id
    consent.language = resident.language
    party = await session.get_one(Party, consent.party_id)
    if agree:
        consent.part_id = (await _get_part(session, need, party, consent)).id
    else:
        consent.ended_at = consent.answered_at
    await _note(session, ResidentActor(resident_id), need, consent, party)
    return consent


async def withdraw_consent(session: AsyncSession, resident_id: UUID, consent_id: UUID) -> Consent:
    """The resident takes the yes back: nobody of the party may look from now on. Again changes nothing."""
    need, consent = await _lock_own(session, resident_id, consent_id)
    if consent.state is ConsentState.WITHDRAWN:
        return consent
    if consent.state is not ConsentState.GIVEN:
        raise WrongState("consent_is_over")
    await _end(session, ResidentActor(resident_id), need, consent, ConsentState.WITHDRAWN)
    return consent


async def take_back_consent(session: AsyncSession, actor: StaffActor, consent_id: UUID) -> Consent:
    """Who handles the need does not want to share it any more: the question or the sharing ends."""
    consent = await session.get(Consent, consent_id)
    if consent is None:
        raise NotFound
    need = await _lock_confided(session, actor, consent.need_id, over=True)
    await session.refresh(consent, with_for_update=True)
    if consent.state not in (ConsentState.ASKED, ConsentState.GIVEN):
        raise WrongState("consent_is_over")
    await _end(session, actor, need, consent, ConsentState.TAKEN_BACK)
    return consent


async def find_ending(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """At most `most` questions and consents whose end has come, or whose need is over."""
    is_open = Consent.state.in_((ConsentState.ASKED, ConsentState.GIVEN))
    wanted = (
        select(Consent.id)
        .join(Need, Need.id == Consent.need_id)
        .where(is_open, (Consent.until <= at) | Need.state.in_(PAST))
    )
    return (await session.scalars(wanted.limit(most))).all()


async def end_consent(session: AsyncSession, at: datetime, consent_id: UUID) -> bool:
    """Close one whose end has come; False where that was done, or is not due. Nobody could look any more anyway."""
    consent = await session.get_one(Consent, consent_id)
    need = await lock_need(session, consent.need_id)
    await session.refresh(consent, with_for_update=True)
    due = consent.until <= at or need.state in PAST
    if not due or consent.state not in (ConsentState.ASKED, ConsentState.GIVEN):
        return False
    await _end(session, SYSTEM, need, consent, ConsentState.ENDED)
    return True


def _check(sharing: Sharing) -> None:
    fields, sentence = set(sharing.fields), sharing.sentence.strip()
    if not fields:
        raise Refused("consent_no_field")
    if {ConsentField.WORDS, ConsentField.SENTENCE} <= fields:
        raise Refused("consent_words_or_sentence")
    if ConsentField.SENTENCE in fields and not sentence:
        raise Refused("consent_no_sentence")
    if not sharing.purpose.strip():
        raise Refused("consent_no_purpose")
    if len(sharing.purpose.strip()) > MOST_PURPOSE or len(sentence) > MOST_SENTENCE:
        raise Refused("consent_too_long", purpose=MOST_PURPOSE, sentence=MOST_SENTENCE)
    if not now() < sharing.until <= now() + LONGEST:
        raise Refused("consent_until")


async def _lock_confided(
    session: AsyncSession, actor: StaffActor, need_id: UUID, *, over: bool = False
) -> Need:
    """A confidential need, for the social worker who handles it."""
    need = await lock_need(session, need_id)
    if not await may_know(session, actor, need):
        raise NotFound
    if not await may_handle(session, actor, need):
        raise NotAllowed("take_it_first" if need.lead_party_id == actor.party_id else "other_party_leads")
    if need.visibility is not Visibility.CONFIDENTIAL or actor.role is not Role.SOCIAL_WORKER:
        raise NotAllowed("consent_not_needed")
    if not over:
        check_open(need)
    return need


async def _lock_own(session: AsyncSession, resident_id: UUID, consent_id: UUID) -> tuple[Need, Consent]:
    consent = await session.get(Consent, consent_id)
    if consent is None or consent.resident_id != resident_id:
        raise NotFound
    need = await lock_need(session, consent.need_id)
    await session.refresh(consent, with_for_update=True)
    return need, consent


async def _get_part(session: AsyncSession, need: Need, party: Party, consent: Consent) -> NeedPart:
    """The party's part: the one asked for since the question, or a new one."""
    undone = await find_undone_part(session, need.id, party.id)
    return undone or await make_part(session, need, party, consent.purpose, asked_by=consent.asked_by)


async def _end(
    session: AsyncSession, actor: Actor, need: Need, consent: Consent, state: ConsentState
) -> None:
    consent.state, consent.ended_at = state, now()
    if consent.part_id is not None:
        await take_back_part(session, consent.part_id)
    await _note(session, actor, need, consent, await session.get_one(Party, consent.party_id))


async def _note(session: AsyncSession, actor: Actor, need: Need, consent: Consent, party: Party) -> None:
    """A line in the story and in the audit log; the consoles of both parties wake."""
    await note_event(session, actor, need, f"consent_{consent.state.value}", party=party.name)
    await announce_to(session, need.community_id, party.id)
    note_act(
        session,
        actor,
        f"consent_{consent.state.value}",
        subject_kind="consent",
        subject_id=consent.id,
        community_id=need.community_id,
        party_id=party.id,
        fields=list(consent.fields),
    )
