"""Keeps what a person wishes about being told, and says honestly what holds from now on.

The words are read by `wish_words.py`, the settings kept by community/contact. Emergencies come in any case, as is said.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE
from bot.actions.buttons import payload
from bot.actions.turn import Button, Turn
from bot.actions.wish_clocks import NOON, Quiet, read_one_time
from bot.actions.wish_words import Wish, read_wish
from community.clock import now
from community.contact.models import ContactPreference
from community.contact.names import name_channel
from community.contact.queries import get_preference, quiet_of
from community.contact.usecases import set_follow, set_preference
from community.notices.following import find_followed, kinds_to_choose
from community.places.models import DEFAULT_ZONE
from community.residents.queries import get_profile

SETTINGS = "/m/me/notices"
NOT_HERE = {
    "others": "wishes_for_others",
    "weekly": "wishes_weekly",
    "own": "wishes_own_matters",
    "elsewhere": "wishes_elsewhere",
    "building": "wishes_building",
}
TAPPED = {"stop": Wish(stop=True), "resume": Wish(resume=True), "ask": Wish(asks=True)}
Keep = Callable[[Turn, AsyncSession, Wish], Awaitable[None]]


async def take_wish(turn: Turn, session: AsyncSession, *, corrects_quiet: bool = False) -> Wish:
    """Keep the wish in the message and say what holds now; an empty one where nothing was read, and nothing is said.

    `corrects_quiet`: the quiet hours were said just before, so that one time of the day is enough.
    """
    wish = await _read(turn, session, corrects_quiet=corrects_quiet)
    for wanted, keep in _ways(wish):
        if wanted:
            await keep(turn, session, wish)
            break
    return wish


async def tell_subscription(turn: Turn, session: AsyncSession) -> None:
    """In the middle of something else: the wish is kept, or what can be wished is said."""
    if not await take_wish(turn, session):
        say_what_is_possible(turn)


def say_what_is_possible(turn: Turn) -> None:
    """What may be said, by example."""
    turn.say("wishes_possible", _stop_button(), _ask_button(), page=SETTINGS)


async def _read(turn: Turn, session: AsyncSession, *, corrects_quiet: bool) -> Wish:
    if tapped := TAPPED.get(turn.entities.get("value", "")):
        return tapped
    if not turn.text:
        return Wish()
    profile = await get_profile(session, turn.resident_id)
    zone = profile.community.zone if profile.community else DEFAULT_ZONE
    wish = read_wish(turn.text, now(), zone)
    if corrects_quiet and not wish and (time := read_one_time(turn.text)):
        minutes, is_end = time
        begins, ends = quiet_of(await get_preference(session, turn.resident_id))
        return Wish(quiet=Quiet(begins, minutes) if is_end else Quiet(minutes, ends))
    return wish


def _ways(wish: Wish) -> tuple[tuple[object, Keep], ...]:
    return (
        (wish.not_here, _say_not_here),
        (wish.quiet, _keep_quiet),
        (wish.only or wish.follow or wish.unfollow, _keep_follows),
        (wish.resume, _resume),
        (wish.paused_until, _pause),
        (wish.asks, _tell_all),
        (wish.channel, _keep_channel),
        (wish.most_a_day, _keep_most),
        (wish.stop, _stop),
    )


async def _say_not_here(turn: Turn, _: AsyncSession, wish: Wish) -> None:
    page = {"page": OWN_PAGE} if wish.not_here == "own" else {}
    turn.say(NOT_HERE[str(wish.not_here)], **page)


async def _keep_quiet(turn: Turn, session: AsyncSession, wish: Wish) -> None:
    assert wish.quiet is not None
    minutes = (wish.quiet.begins, wish.quiet.ends)
    preference = await get_preference(session, turn.resident_id)
    if wish.quiet.usual or minutes == NOON:
        begins, ends = quiet_of(preference)
        turn.say("wishes_quiet_now", begins=clock(begins), ends=clock(ends))
        return
    await set_preference(session, turn.resident_id, quiet=minutes)
    turn.say("wishes_quiet", begins=clock(minutes[0]), ends=clock(minutes[1]))
    _say_if_held(turn, preference)


async def _keep_follows(turn: Turn, session: AsyncSession, wish: Wish) -> None:
    """Categories that are wanted or not. Who had stopped everything and wants one gets that one alone."""
    preference = await get_preference(session, turn.resident_id)
    only = set(wish.only) or (set(wish.follow) if preference.notices_stopped_at else set())
    for kind in kinds_to_choose():
        if only or kind.code in {*wish.follow, *wish.unfollow}:
            follows = kind.code in (only or wish.follow)
            await set_follow(session, turn.resident_id, kind.code, follows=follows)
    if preference.notices_stopped_at and only:
        await set_preference(session, turn.resident_id, notices_stopped_at=None)
    await _say_follows(turn, session, "wishes_follow")
    if not only:
        _say_if_held(turn, preference)


async def _say_follows(turn: Turn, session: AsyncSession, message: str) -> None:
    followed = await find_followed(session, turn.resident_id)
    turn.say(message, page=SETTINGS, **_names(followed))


def _names(followed: Collection[str]) -> Mapping[str, list[dict[str, str]]]:
    kinds = kinds_to_choose()
    return {
        "follows": [kind.name for kind in kinds if kind.code in followed],
        "leaves": [kind.name for kind in kinds if kind.code not in followed],
    }


async def _resume(turn: Turn, session: AsyncSession, _: Wish) -> None:
    await set_preference(session, turn.resident_id, notices_stopped_at=None, paused_until=None)
    await _say_follows(turn, session, "wishes_resumed")


async def _pause(turn: Turn, session: AsyncSession, wish: Wish) -> None:
    assert wish.paused_until is not None
    await set_preference(session, turn.resident_id, paused_until=wish.paused_until)
    turn.say("wishes_paused", _resume_button(), until=wish.paused_until.isoformat())


async def _stop(turn: Turn, session: AsyncSession, _: Wish) -> None:
    await set_preference(session, turn.resident_id, notices_stopped_at=now())
    turn.say("wishes_stopped", _resume_button())


async def _keep_most(turn: Turn, session: AsyncSession, wish: Wish) -> None:
    preference = await get_preference(session, turn.resident_id)
    await set_preference(session, turn.resident_id, most_a_day=wish.most_a_day)
    turn.say("wishes_most", many=wish.most_a_day)
    _say_if_held(turn, preference)


async def _keep_channel(turn: Turn, session: AsyncSession, wish: Wish) -> None:
    await set_preference(session, turn.resident_id, channel=wish.channel)
    turn.say("wishes_channel", channel=name_channel(str(wish.channel)))


async def _tell_all(turn: Turn, session: AsyncSession, _: Wish) -> None:
    """Everything that holds, in one bubble."""
    preference = await get_preference(session, turn.resident_id)
    begins, ends = quiet_of(preference)
    followed = await find_followed(session, turn.resident_id)
    button = _resume_button() if _is_held(preference) else _stop_button()
    turn.say(
        "wishes_told",
        button,
        page=SETTINGS,
        stopped=preference.notices_stopped_at is not None,
        until=_paused_until(preference),
        begins=clock(begins),
        ends=clock(ends),
        many=preference.most_a_day,
        **_names(followed),
    )


def clock(minutes: int) -> str:
    """8:00, 21:30."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _paused_until(preference: ContactPreference) -> str | None:
    until = preference.paused_until
    return until.isoformat() if until is not None and until > now() else None


def _is_held(preference: ContactPreference) -> bool:
    return preference.notices_stopped_at is not None or _paused_until(preference) is not None


def _say_if_held(turn: Turn, preference: ContactPreference) -> None:
    """What was wished holds only once notices come again; that is said, so that nobody waits for them."""
    if _is_held(preference):
        turn.say("wishes_still_held", _resume_button())


def _resume_button() -> Button:
    return Button("button_resume_notices", payload("manage_subscription", value="resume"))


def _stop_button() -> Button:
    return Button("button_stop_notices", payload("manage_subscription", value="stop"))


def _ask_button() -> Button:
    return Button("button_my_wishes", payload("manage_subscription", value="ask"))
