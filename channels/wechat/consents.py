"""Consents to subscription notices: one consent, one notice; counted here and used up when one is sent.

[source] developers.weixin.qq.com, 公众号: 订阅通知.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.wechat.happened import CHANNEL
from channels.wechat.models import WeChatConsent
from community.residents.usecases import find_person


async def note_consents(session: AsyncSession, openid: str, notices: Sequence[tuple[str, bool]]) -> None:
    """A yes is one notice more; a no takes back all that were agreed to."""
    known = await find_person(session, CHANNEL, openid)
    if known is None:
        return
    for template_id, agreed in notices:
        made = insert(WeChatConsent).values(
            address_id=known.address_id, template_id=template_id, left=int(agreed)
        )
        left = WeChatConsent.left + 1 if agreed else 0
        await session.execute(
            made.on_conflict_do_update(index_elements=["address_id", "template_id"], set_={"left": left})
        )


async def use_consent(session: AsyncSession, address_id: UUID, template_id: str) -> bool:
    """Use up one consent; False where there is none."""
    used = await session.scalar(
        update(WeChatConsent)
        .where(
            WeChatConsent.address_id == address_id,
            WeChatConsent.template_id == template_id,
            WeChatConsent.left > 0,
        )
        .values(left=WeChatConsent.left - 1)
        .returning(WeChatConsent.left)
    )
    return used is not None


async def give_consent_back(session: AsyncSession, address_id: UUID, template_id: str) -> None:
    """What was agreed to was not sent: the person is still to have it."""
    await _set_left(session, address_id, template_id, WeChatConsent.left + 1)


async def drop_consents(session: AsyncSession, address_id: UUID, template_id: str) -> None:
    """The platform knows of none: the person took them back there."""
    await _set_left(session, address_id, template_id, 0)


async def _set_left(
    session: AsyncSession, address_id: UUID, template_id: str, left: ColumnElement[int] | int
) -> None:
    await session.execute(
        update(WeChatConsent)
        .where(WeChatConsent.address_id == address_id, WeChatConsent.template_id == template_id)
        .values(left=left)
        .execution_options(synchronize_session=False)
    )
