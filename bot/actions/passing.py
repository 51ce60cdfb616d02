"""Words for somebody else: an offer or an idea is kept as a matter with an answer, a sign-up is left with a person.

What is passed on is read back first. Nothing is stored without a yes, and what is said afterwards comes from what was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import payload
from bot.actions.person import leave_word
from bot.actions.report_places import community_buttons, take_community
from bot.actions.turn import Button, Turn
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.steps import name_party
from community.places.queries import find_communities
from community.residents.queries import get_profile

OFFERS_AND_IDEAS = frozenset({"offer_help", "propose_idea"})
QUESTIONS: Mapping[str, str] = {
    "offer_help": "passing_ask_offer",
    "propose_idea": "passing_ask_idea",
    "join_activity": "passing_ask_activity",
    "confirm_shift": "passing_ask_shift",
    "cancel_signup": "passing_ask_shift",
}
"""What is asked where the words only say that there is something to pass on."""

_BARE = re.compile(
    r"(?:我们?|俺们?|也|都|想|要|愿意|可以|能|会|肯定|一定|准时|按时|到时|到时候|明天|后天|今天|周[一二三四五六日末]|"
    r"去|来|到|得了|不了|没空|有空|参加|报名|报个名|加入|帮忙|帮个忙|出份?力|做点?事|做点什么|提|说|有|个|一个|几个|点|些|"
    r"一下|建议|意见|想法|主意|点子|提议|社区|居委会|大家|给|对|条|好|活动|志愿者|义工|当|取消|退出|退|不|确认|没问题|怎么|如何|吗|么|的|了|啊|哦|呀|吧|呢|"
    r"i|we|i'?m|i'?ll|'ll|'d|am|will|would|like|love|want|to|can|can'?t|could|be|there|make|it|come|coming|not|sorry|help|out|"
    r"how|do|have|an?|the|got|ideas?|suggestions?|proposal|propose|make|community|committee|neighbours|suggest|something|sign|me|up|my|join|in|for|volunteer|volunteering|"
    r"cancel|confirm|signup|sign-up|yes|no|please|event|activity|activities|tomorrow|today|shift|\W)+",
    re.IGNORECASE,
)
_LONGEST_BARE = 40


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is to be passed on: which wish it came from, and the words for whom it concerns."""

    id: str
    wish: str
    words: str = ""

    @classmethod
    def of(cls, turn: Turn) -> _Errand:
        kept = turn.slots.get("errand")
        return cls(**kept) if isinstance(kept, dict) else cls(str(turn.message_id), turn.intent)


async def pass_on(turn: Turn, session: AsyncSession) -> None:
    """One step: what is to be said, for which community, read back, passed on."""
    errand = _Errand.of(turn)
    if turn.entities.get("draft", errand.id) != errand.id:
        turn.say("question_is_over")
        await _go_on(turn, session, errand)
    elif turn.asked and leaves_off(turn, "deny"):
        turn.end()
        turn.say("passing_dropped")
    elif turn.asked == "confirm" and turn.intent in ("affirm", "ack_notice"):
        await _pass(turn, session, errand)
    elif turn.asked != "confirm" or not leads_elsewhere(turn, "pass_on_form"):
        await _take_answer(turn, session, errand)


async def _take_answer(turn: Turn, session: AsyncSession, errand: _Errand) -> None:
    """A question in between is answered; a community is taken; all other words are what is passed on."""
    is_taken = turn.asked == "community" and await take_community(turn, session) is not None
    if not is_taken and not (turn.asked and await answered_aside(turn, session)) and turn.text:
        errand = replace(errand, words="\n".join(filter(None, (errand.words, turn.text))))
    await _go_on(turn, session, errand)


async def _go_on(turn: Turn, session: AsyncSession, errand: _Errand) -> None:
    """Ask for what is missing; read back when nothing is."""
    turn.keep(errand=asdict(errand))
    if _says_nothing_yet(errand.words):
        turn.ask("words", QUESTIONS[errand.wish])
    elif (await get_profile(session, turn.resident_id)).community is None:
        communities = await find_communities(session)
        turn.ask("community", "report_ask_community", *community_buttons(communities))
    else:
        _read_back(turn, errand)


def _says_nothing_yet(words: str) -> bool:
    return len(words) <= _LONGEST_BARE and _BARE.fullmatch(words or " ") is not None


def _read_back(turn: Turn, errand: _Errand) -> None:
    turn.ask(
        "confirm",
        "passing_read_back" if errand.wish in OFFERS_AND_IDEAS else "passing_read_back_shift",
        Button("button_pass_on", payload("affirm", draft=errand.id)),
        Button("button_not_now", payload("deny", draft=errand.id)),
        words=errand.words,
    )


async def _pass(turn: Turn, session: AsyncSession, errand: _Errand) -> None:
    turn.end()
    if errand.wish in OFFERS_AND_IDEAS:
        await _keep_as_matter(turn, session, errand)
    else:
        await leave_word(turn, session, errand.words)


async def _keep_as_matter(turn: Turn, session: AsyncSession, errand: _Errand) -> None:
    """The committee has it on its list, with a number and a time for the answer."""
    need = await report_need(
        session,
        turn.resident_id,
        Report(kind="other", words=errand.words),
        message_id=turn.message_id,
        limits=turn.limits,
    )
    turn.say(
        "passing_kept",
        code=need.code,
        party=await name_party(session, need.lead_party_id),
        due=need.first_answer_due_at.isoformat(),
    )
