"""The way of a notice: which step may follow which, each written into its history. Nothing else changes a state."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor, SystemActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import WrongState
from community.notices.models import Notice, NoticeAct, NoticeHistory, NoticeState

_DRAFT, _SUBMITTED, _APPROVED = NoticeState.DRAFT, NoticeState.SUBMITTED, NoticeState.APPROVED
_SENDING, _SENT, _CANCELLED = NoticeState.SENDING, NoticeState.SENT, NoticeState.CANCELLED
STEPS: Mapping[NoticeAct, tuple[frozenset[NoticeState], NoticeState]] = MappingProxyType(
    {
        NoticeAct.EDITED: (frozenset({_DRAFT}), _DRAFT),
        NoticeAct.SUBMITTED: (frozenset({_DRAFT}), _SUBMITTED),
        NoticeAct.TAKEN_BACK: (frozenset({_SUBMITTED, _APPROVED}), _DRAFT),
        NoticeAct.REJECTED: (frozenset({_SUBMITTED}), _DRAFT),
        NoticeAct.APPROVED: (frozenset({_SUBMITTED}), _APPROVED),
        NoticeAct.SENT_AS_EMERGENCY: (frozenset({_DRAFT, _SUBMITTED}), _APPROVED),
        NoticeAct.SENDING: (frozenset({_APPROVED}), _SENDING),
        NoticeAct.SENT: (frozenset({_SENDING}), _SENT),
        NoticeAct.CANCELLED: (frozenset({_DRAFT, _SUBMITTED, _APPROVED, _SENDING, _SENT}), _CANCELLED),
    }
)
"""From which states an act may come, and to which it leads."""


def may_step(notice: Notice, act: NoticeAct) -> bool:
    """Whether the act fits the state in which the notice is."""
    return notice.state in STEPS[act][0]


def step(
    session: AsyncSession,
    notice: Notice,
    act: NoticeAct,
    actor: StaffActor | SystemActor = SYSTEM,
    words: str | None = None,
) -> None:
    """Do the act with a notice that the caller has locked. Raises WrongState where it does not fit."""
    if not may_step(notice, act):
        raise WrongState(state=notice.state.value)
    before, notice.state = notice.state, STEPS[act][1]
    keep_act(session, notice, act, actor, before=before, words=words)


def keep_act(
    session: AsyncSession,
    notice: Notice,
    act: NoticeAct,
    actor: StaffActor | SystemActor,
    *,
    before: NoticeState | None = None,
    words: str | None = None,
) -> None:
    """Write an act into the history of a notice that is stored, and what staff did into the audit log."""
    staff_id = actor.staff_id if isinstance(actor, StaffActor) else None
    session.add(
        NoticeHistory(
            notice_id=notice.id,
            at=now(),
            staff_id=staff_id,
            act=act,
            from_state=before,
            to_state=notice.state,
            words=words,
        )
    )
    if staff_id is not None:
        note_act(
            session,
            actor,
            f"notice_{act.value}",
            subject_kind="notice",
            subject_id=notice.id,
            community_id=notice.community_id,
            category=notice.category,
        )
