"""Note an act in the transaction that does it: both are kept or neither. Read by community/audit/queries.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor, StaffActor
from community.audit.models import AuditAct, WhoKind
from community.base import count_changed
from community.clock import now
from community.needs.models import NeedView

KEPT_FOR = timedelta(days=3 * 366)
"""Longer than the three years in which the database refuses to delete a row."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[\w.:+-]{0,80}", re.ASCII)


def note_act(
    session: AsyncSession,
    actor: Actor | None,
    act: str,
    *,
    subject_kind: str,
    subject_id: UUID | None,
    community_id: UUID | None,
    **details: object,
) -> None:
    """Note that `actor` (None: somebody who could not sign in) did `act` to a record.

    `details` are ids, numbers, moments and codes of closed lists, or lists of these; free words raise ValueError, as
    nothing that a person said may stand here. `community_id` None is for what belongs to the whole street. The name of
    the act gets a word in templates/pages/words/staff_audit.toml.
    """
    if not _NAME.fullmatch(act) or not _NAME.fullmatch(subject_kind):
        raise ValueError("not the name of an act or a kind of record")
    plain = {name: _plain(value) for name, value in details.items()}
    who_kind, who_id = _who(actor)
    session.add(
        AuditAct(
            at=now(),
            community_id=community_id,
            who_kind=who_kind,
            who_id=who_id,
            act=act,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=plain,
        )
    )


async def forget_old_acts(session: AsyncSession, at: datetime) -> int:
    """Delete acts, and views of confidential needs, older than three years and some days; returns how many.

    Never what the database keeps: a moment that lies ahead counts as now.
    """
    before = func.least(at, func.now()) - KEPT_FOR
    acts = await session.execute(delete(AuditAct).where(AuditAct.at < before))
    views = await session.execute(delete(NeedView).where(NeedView.at < before))
    return count_changed(acts) + count_changed(views)


def _who(actor: Actor | None) -> tuple[WhoKind, UUID | None]:
    if actor is None:
        return WhoKind.NOBODY, None
    if isinstance(actor, StaffActor):
        return WhoKind.STAFF, actor.staff_id
    if isinstance(actor, ResidentActor):
        return WhoKind.RESIDENT, actor.resident_id
    return WhoKind.LINLI, None


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID | datetime | date):
        return str(value)
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    raise ValueError("words do not belong into the audit log")
