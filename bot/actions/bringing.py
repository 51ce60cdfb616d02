"""Others come along to a shift that one is signed up for, or do not after all: "我妈不去了，我一个人去"."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE
from bot.actions.changing_words import adds_comers, change_comers, read_wanted, stays_without
from bot.actions.turn import Turn
from community.activities.queries import ShiftLine
from community.clock import now
from community.residents.queries import get_profile
from community.signups.models import Companion, SignUpState
from community.signups.queries import OwnSignUp, find_own_open
from community.signups.relations import get_relation
from community.signups.usecases.bringing import bring
from community.signups.usecases.joining import Comer

_NEW = re.compile(r"报名|登记|报一个|sign up|register|join", re.IGNORECASE)


async def changed_comers(turn: Turn, session: AsyncSession) -> bool:
    """Whether the words only change who comes along to the one shift that they can mean; then it is done."""
    if turn.asked or not turn.text or not (adds_comers(turn.text) or stays_without(turn.text)):
        return False
    own = await _find_meant(turn, session)
    if own is None:
        return False
    were = await _read_companions(session, own)
    comers = change_comers(turn.text, were)
    if comers is None or comers == were or (_NEW.search(turn.text) and len(comers) > len(were)):
        return False
    held = await bring(session, turn.resident_id, own.sign_up.id, comers)
    turn.end()
    turn.say(
        "own_comers_changed",
        title=own.activity.title,
        starts=own.shift.starts_at.isoformat(),
        people=held.sign_up.people,
        relations=[get_relation(each.relation).name for each in comers if each.relation != "guest"],
        page=OWN_PAGE,
    )
    return True


async def _find_meant(turn: Turn, session: AsyncSession) -> OwnSignUp | None:
    """The one shift that the words can mean: a child that comes along is no wish for an activity of children."""
    community = (await get_profile(session, turn.resident_id)).community
    if community is None:
        return None
    wish = read_wanted(turn.text, now(), community.zone)
    wish = replace(wish, kinds=wish.kinds - {"children"})
    own = [
        each
        for each in await find_own_open(session, turn.resident_id, now())
        if wish.fits(ShiftLine(each.shift, each.activity, ())) and _may_change(each)
    ]
    return own[0] if len(own) == 1 else None


def _may_change(own: OwnSignUp) -> bool:
    waits = own.sign_up.state is SignUpState.WAITING and not own.is_offered
    return own.shift.starts_at > now() and (waits or own.is_coming)


async def _read_companions(session: AsyncSession, own: OwnSignUp) -> tuple[Comer, ...]:
    rows = await session.scalars(select(Companion).where(Companion.sign_up_id == own.sign_up.id))
    return tuple(Comer(row.relation, is_child=row.is_child, old_enough=row.is_child) for row in rows)
