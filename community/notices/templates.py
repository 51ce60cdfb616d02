"""Templates for a notice: the standing ones and those that an office keeps, and filling one in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound
from community.notices.fields import Field, fields_of, put_in, read_values
from community.notices.models import NoticeTemplate
from community.notices.rights import may_write, owns, wall_of
from community.notices.standing import STANDING, Standing
from community.notices.usecases.checking import check_category
from linli.text import check_text, clean_text

LONGEST_TITLE, LONGEST_TEXT = 60, 2_000


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the composer offers it; `code` names a standing one, or is the id of one of the office."""

    code: str
    category: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    need_receipt: bool
    help_button: bool
    is_own: bool

    @property
    def fields(self) -> list[Field]:
        """What has to be filled in."""
        return fields_of(*self.title.values(), *self.text.values())

    def fill(self, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Title and text in both languages. Raises Refused as `read_values` does."""
        values = read_values(self.fields, typed)
        titles = {language: put_in(words, values, language) for language, words in self.title.items()}
        return titles, {language: put_in(words, values, language) for language, words in self.text.items()}


async def find_templates(session: AsyncSession, actor: StaffActor) -> Sequence[Template]:
    """The office's own, newest first, and the standing ones."""
    rows = await session.scalars(
        select(NoticeTemplate)
        .filter_by(**wall_of(actor))
        .where(NoticeTemplate.retired_at.is_(None))
        .order_by(NoticeTemplate.created_at.desc())
    )
    return [*map(_own, rows), *map(_standing, STANDING.values())]


async def get_template(session: AsyncSession, actor: StaffActor, code: str) -> Template:
    """One of them. Raises NotFound."""
    found = next((each for each in await find_templates(session, actor) if each.code == code), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template of the office as it is typed."""

    category: str
    title_zh: str
    text_zh: str
    title_en: str = ""
    text_en: str = ""
    need_receipt: bool = False
    help_button: bool = False


async def keep_template(session: AsyncSession, actor: StaffActor, made: NewTemplate) -> NoticeTemplate:
    """Keep a template of the office. Raises NotAllowed, TextRefused, Refused("template_field_unknown")."""
    if not may_write(actor):
        raise NotAllowed
    check_category(made.category)
    fields_of(made.title_zh, made.text_zh, made.title_en, made.text_en)
    template = NoticeTemplate(
        **wall_of(actor),
        category=made.category,
        title_zh=check_text(made.title_zh, LONGEST_TITLE),
        text_zh=check_text(made.text_zh, LONGEST_TEXT),
        title_en=clean_text(made.title_en)[:LONGEST_TITLE] or None,
        text_en=clean_text(made.text_en)[:LONGEST_TEXT] or None,
        need_receipt=made.need_receipt,
        help_button=made.help_button,
        created_by=actor.staff_id,
    )
    session.add(template)
    await session.flush()
    _note(session, actor, "notice_template_kept", template)
    return template


async def retire_template(session: AsyncSession, actor: StaffActor, template_id: UUID) -> None:
    """Offer a template of the office no more. Raises NotFound."""
    template = await session.get(NoticeTemplate, template_id, with_for_update=True)
    if template is None or not owns(actor, template) or template.retired_at is not None:
        raise NotFound
    template.retired_at = now()
    _note(session, actor, "notice_template_retired", template)


def _note(session: AsyncSession, actor: StaffActor, act: str, template: NoticeTemplate) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="notice_template",
        subject_id=template.id,
        community_id=template.community_id,
        category=template.category,
    )


def _own(row: NoticeTemplate) -> Template:
    return Template(
        str(row.id),
        row.category,
        {"zh": row.title_zh, "en": row.title_en or ""},
        {"zh": row.text_zh, "en": row.text_en or ""},
        row.need_receipt,
        row.help_button,
        is_own=True,
    )


def _standing(each: Standing) -> Template:
    return Template(
        each.code,
        each.category,
        {"zh": each.title_zh, "en": each.title_en},
        {"zh": each.text_zh, "en": each.text_en},
        each.need_receipt,
        each.help_button,
        is_own=False,
    )
