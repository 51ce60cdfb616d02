"""What the page of a confidential need says about sharing: what was asked of the resident, and the form to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.consents.models import OPEN, ConsentField
from community.consents.queries import find_empty_fields, find_of_need
from community.consents.usecases import LONGEST, MOST_PURPOSE, MOST_SENTENCE
from community.needs.models import Visibility
from community.needs.queries import NeedPage, find_parties
from community.wishes.models import ContactWay

USUAL = timedelta(days=30)
_WHO = (ConsentField.NAME, ConsentField.PHONE)


async def find_sharing(
    session: AsyncSession, page: NeedPage, wish: ContactWay | None, zone: str
) -> dict[str, Any]:
    """Consents with their parties, whom could be asked for, and which fields; nothing for a need that is not secret."""
    need = page.line.need
    if need.visibility is not Visibility.CONFIDENTIAL:
        return {"consents": []}
    consents = await find_of_need(session, need.id)
    asked = {party.id for consent, party in consents if consent.state in OPEN}
    parties = await find_parties(session, need.community_id)
    today = now().astimezone(ZoneInfo(zone)).date()
    empty = await find_empty_fields(session, need)
    hidden = _WHO if wish is ContactWay.ANONYMOUS else ()
    offered = [field for field in ConsentField if field not in hidden]
    return {
        "consents": consents,
        "told_zone": ZoneInfo(zone),
        "told_parties": [party for party in parties if party.id not in {need.lead_party_id, *asked}],
        "told_fields": [field.value for field in offered if field not in empty],
        "empty_fields": [field.value for field in offered if field in empty],
        "told_until": today + USUAL,
        "told_first": today,
        "told_last": today + LONGEST - timedelta(days=1),
        "most_purpose": MOST_PURPOSE,
        "most_sentence": MOST_SENTENCE,
    }
