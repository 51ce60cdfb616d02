"""Write a notice, change the draft, copy one that went well. Next: approving.py, where somebody else reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, Refused
from community.notices.audiences import Audience
from community.notices.files import find_files, keep_files
from community.notices.models import Notice, NoticeAct, NoticeHistory, NoticeState, NoticeUrgency
from community.notices.rights import may_write, wall_of
from community.notices.states import keep_act, may_step, step
from community.notices.usecases.checking import (
    check_activity,
    check_audience,
    check_category,
    check_repeat,
    check_times,
)
from community.notices.usecases.steps import get_notice, lock_own
from community.one_by_one import wait_for_others
from linli.text import check_text, clean_text

LONGEST_TITLE, LONGEST_TEXT = 60, 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What staff fill in. Times are aware; `send_at` None is: as soon as it is approved. English may be empty."""

    category: str
    title_zh: str
    text_zh: str
    valid_until: datetime
    title_en: str = ""
    text_en: str = ""
    urgency: NoticeUrgency = NoticeUrgency.NORMAL
    public: bool = True
    need_receipt: bool = False
    help_button: bool = False
    activity_id: UUID | None = None
    send_at: datetime | None = None
    repeat: str | None = None
    audience: Audience = field(default_factory=Audience)


async def draft_notice(
    session: AsyncSession,
    actor: StaffActor,
    draft: Draft,
    *,
    request_id: UUID | None = None,
    file_ids: Sequence[UUID] = (),
) -> Notice:
    """Keep a draft; a form that comes again gives the same notice, with what was corrected in the form meanwhile.

    Raises NotAllowed for whoever writes none, TextRefused for missing or too long words, Refused and NotFound as the
    checks of checking.py do.
    """
    if not may_write(actor):
        raise NotAllowed
    if request_id is not None and (known := await _find_drafted(session, actor, request_id)):
        return await _correct(session, actor, known, draft, file_ids)
    notice = Notice(
        **wall_of(actor),
        **await _checked(session, actor, draft),
        request_id=request_id,
        state=NoticeState.DRAFT,
        created_by=actor.staff_id,
        version=1,
    )
    session.add(notice)
    await session.flush()
    await keep_files(session, actor, notice, (), file_ids)
    keep_act(session, notice, NoticeAct.DRAFTED, actor)
    await session.flush()
    return notice


async def edit_notice(
    session: AsyncSession,
    actor: StaffActor,
    notice_id: UUID,
    draft: Draft,
    *,
    version: int,
    kept: Sequence[UUID] = (),
    file_ids: Sequence[UUID] = (),
) -> Notice:
    """Change a draft of the own office; `kept` are files of it that stay, `file_ids` new ones.

    Raises as `draft_notice` does, WrongState for anything but a draft, Refused("notice_changed") where a colleague has
    changed it since the form was opened.
    """
    notice = await lock_own(session, actor, notice_id)
    if may_step(notice, NoticeAct.EDITED) and notice.version != version:
        raise Refused("notice_changed")
    step(session, notice, NoticeAct.EDITED, actor)
    for name, value in (await _checked(session, actor, draft)).items():
        setattr(notice, name, value)
    notice.version += 1
    present = {file.id for file in await find_files(session, notice.id)}
    await keep_files(session, actor, notice, [each for each in kept if each in present], file_ids)
    await session.flush()
    return notice


async def copy_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """A draft with the words, files and audience of an earlier one, valid as long as that was, from now on."""
    old = await get_notice(session, actor, notice_id)
    if not may_write(actor):
        raise NotAllowed
    at = now()
    same_wall = (old.community_id, old.street_id) == tuple(wall_of(actor).values())
    copied = Notice(
        **{name: getattr(old, name) for name in _COPIED},
        **wall_of(actor),
        audience=old.audience if same_wall else {},
        activity_id=old.activity_id if same_wall else None,
        valid_from=at,
        valid_until=at + (old.valid_until - old.valid_from),
        state=NoticeState.DRAFT,
        created_by=actor.staff_id,
        version=1,
    )
    session.add(copied)
    await session.flush()
    await keep_files(session, actor, copied, [file.id for file in await find_files(session, old.id)], ())
    keep_act(session, copied, NoticeAct.COPIED, actor)
    await session.flush()
    return copied


_COPIED = (
    "category", "urgency", "title_zh", "title_en", "text_zh", "text_en", "public", "need_receipt", "help_button",
    "image_id",
)  # fmt: skip


async def _find_drafted(session: AsyncSession, actor: StaffActor, request_id: UUID) -> Notice | None:
    """What the actor's form made before; one that is sent twice at once waits for the first."""
    await wait_for_others(session, request_id)
    found: Notice | None = await session.scalar(
        select(Notice).where(Notice.request_id == request_id, Notice.created_by == actor.staff_id)
    )
    return found


async def _correct(
    session: AsyncSession, actor: StaffActor, notice: Notice, draft: Draft, file_ids: Sequence[UUID]
) -> Notice:
    """Who goes back in the browser finds the form that made the draft: what it says now holds, and its files.

    Raises as `edit_notice` does: a colleague's changes are not written over, and only a draft is corrected.
    """
    fresh = await _checked(session, actor, draft)
    begins = "valid_from"  # the moment of the form where it is sent at once
    if all(getattr(notice, name) == value for name, value in fresh.items() if name != begins):
        return notice
    others = NoticeHistory.act == NoticeAct.EDITED, NoticeHistory.staff_id != actor.staff_id
    if await session.scalar(
        select(NoticeHistory.id).where(NoticeHistory.notice_id == notice.id, *others).limit(1)
    ):
        raise Refused("notice_changed")
    kept = [] if file_ids else [file.id for file in await find_files(session, notice.id)]
    return await edit_notice(
        session, actor, notice.id, draft, version=notice.version, kept=kept, file_ids=file_ids
    )


async def _checked(session: AsyncSession, actor: StaffActor, draft: Draft) -> dict[str, Any]:
    """The columns of a draft, once all of it fits."""
    check_category(draft.category)
    words = {
        "title_zh": check_text(draft.title_zh, LONGEST_TITLE),
        "text_zh": check_text(draft.text_zh, LONGEST_TEXT),
        "title_en": check_text(draft.title_en, LONGEST_TITLE) if clean_text(draft.title_en) else None,
        "text_en": check_text(draft.text_en, LONGEST_TEXT) if clean_text(draft.text_en) else None,
    }
    check_repeat(draft.repeat, draft.send_at)
    check_times(draft.send_at, draft.valid_until)
    await check_activity(session, actor, draft.activity_id)
    audience = await check_audience(session, actor, draft.audience)
    return words | {
        "category": draft.category,
        "urgency": draft.urgency,
        "public": draft.public,
        "need_receipt": draft.need_receipt,
        "help_button": draft.help_button,
        "activity_id": draft.activity_id,
        "send_at": draft.send_at,
        "repeat": draft.repeat,
        "valid_from": draft.send_at or now(),
        "valid_until": draft.valid_until,
        "audience": audience.stored(),
    }
