"""Finds when something happens or happened: neighbouring words of time make one fact, resolved against a moment.

Words come from `time_atoms.py`; here they are joined (昨晚 + 十点多), marked (从…开始) and turned into moments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from community.facts.models import TimeFact, TimeKind
from community.facts.time_atoms import find_atoms
from community.facts.time_models import Atom, Clock

_MAY_HOLD = re.compile(
    r"[天日号旬周期拜年月点时分钟雨饭初晚早夜今昨明午晨午刻近刚回阵宿久辈通彻昼节庆旦朝平0-9]|[a-z]"
)
_GLUE = re.compile(
    r"[\s,，]{0,2}的?(?:大概|大约|差不多|快|约|就|都|也|还|又|到|在)?"
    r"|[\s,]{1,2}(?:(?:on|at|in|the|of|around|about|roughly|maybe|like|sometime|from|just|usually|always|again|it)\s){0,3}"
)
_RANGE = re.compile(
    r"\s?(?:一直)?[一-鿿]{0,2}(?:到|至)了?\s?|\s?-\s?|\s(?:to|until|till|through|and)\s(?:the\s|about\s|around\s)?"
)
_SINCE_BEFORE = re.compile(
    r"(?:自从|打从|从|自|打|由)(?:大概|大约|差不多)?\s?$"
    r"|\b(?:ever\ssince|since|starting|started|begun|began|as\sof|commencing|start(?:s)?)\s(?:(?:on|at|from|around|about|in|like|the|early|late|way\sback)\s){0,2}$"
    r"|\bfrom\s(?:the\s)?$"
)
_SINCE_AFTER = re.compile(
    r"\s?(?:开始|起(?![来床火诉码哄步头因])|以来|至今|一直(?:到|持续到)?现在|到现在|到今天(?:为止)?|到目前)|,?\s(?:onwards?|until\snow|till\snow|up\sto\snow|to\snow|to\sdate|on(?=[\s,.]|$))"
)
_EDGE_AFTER = re.compile(
    r"\s?(?:钟)?(?:左右|前后|上下)?(?:之后|以后|过后|后(?=[，,。\s还就才都一也有没]|$)|一过|开外)"
)
_EDGE_BEFORE = re.compile(r"\s?(?:之前|以前|前(?=[，,。\s就都]|$))")
_ABOUT = re.compile(
    r"\s?(?:左右|那天|当天|那晚|前后|上下|的时候|时分|那会儿?|那阵子?|的?样子|光景)|\s?or\sso\b|ish\b"
)
_FULL = re.compile(r"\s?(?:左右|上下)?了(?!解)|\s?左右|\sor\sso\b")
_BY_BEFORE = re.compile(r"(?:过了|过)$|\b(?:after|past)\s(?:the\s)?$")
_NO_DURATION_BEFORE = re.compile(
    r"(?:再过|还要|还有|需要|要等|提前|未来|接下来|今后|最多|限|每隔|隔|年龄|今年|才|满|住了|结婚|退休|工作了?|干了|楼龄|房龄|步行|走路|开车|骑车|开|用了|质保|保修|过去了?的|第|给我?|等我?|请假|交了|缴了|预交)\s?$"
    r"|\b(?:within|every|each|next|another|takes?|took|lasts?|per|aged?|is|turned|the\snext|lived\shere(?:\sfor)?|wait)\s(?:about\s|around\s)?$"
)
_NO_DURATION_AFTER = re.compile(
    r"\s?(?:后(?!面|门)|之后|以后|过后|之内|以内|内(?!部)|大(?=的|，|,|了|$)|岁|多少|一[次回趟届]|[0-9]+[块元次]|[一二两三四五六七八九十百]+[块元次]|的(?:老?(?:房|楼|小区)|孩子|宝宝|婴儿|工资|租金|费用|房租)|以上工龄|工龄|婚)"
    r"|[\s-](?:later|old|from\snow|before|after|notice|in\sadvance|left|each|deadline|warranty|pregnant|rent|fee|per|walk|drive|away|a\s(?:week|day|month))\b"
)
_AHEAD = re.compile(r"\bin\s(?:about\s|around\s)?$")
_DENIED = re.compile(r"\b(?:no|nobody|none|never|not)\b|n't\b")
_BARE_PART = re.compile(
    r"(?:the\s)?(?:morning|afternoon|evening|night|lunchtime|dawn|dusk|nighttime|bedtime|dinner\s?time)"
)
_GREETING = re.compile(r"\bgood\s$")


def find_times(plain: str, moment: datetime, *, wished: bool = False) -> tuple[TimeFact, ...]:
    """The times in a plain text, as told at `moment`, whose zone they are in; `wished` as `find_atoms` has it."""
    if not _MAY_HOLD.search(plain):
        return ()
    atoms = [atom for atom in find_atoms(plain, moment.date(), wished=wished) if _counts(plain, atom)]
    facts = [_fact(plain, group, moment) for group in _groups(plain, atoms)]
    return tuple(fact for fact in facts if fact is not None)


def _counts(plain: str, atom: Atom) -> bool:
    """A duration that is no age, no term and not ahead; a part of a day that is no greeting."""
    before = max(0, atom.start - 18)
    if atom.what == "dur":
        said = plain[atom.start : atom.end]
        is_ahead = (
            "last" not in said
            and "past" not in said
            and _AHEAD.search(plain, before, atom.start)
            and not _DENIED.search(plain, 0, atom.start)
        )
        return not (
            is_ahead
            or _NO_DURATION_BEFORE.search(plain, before, atom.start)
            or _NO_DURATION_AFTER.match(plain, atom.end)
        )
    return not (atom.what == "part" and _GREETING.search(plain, before, atom.start))


def _groups(plain: str, atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Atoms that stand together; a duration, and what was so long ago, stand alone."""
    groups: list[list[Atom]] = []
    for atom in atoms:
        if groups and _belongs(plain, groups[-1], atom):
            groups[-1].append(atom)
        else:
            groups.append([atom])
    return groups


def _belongs(plain: str, group: Sequence[Atom], atom: Atom) -> bool:
    last = group[-1]
    alone = (
        {last.what, atom.what} & {"dur"}
        or (atom.what == "every" and last.what != "every")
        or last.what == "ago"
    )
    if alone and not (last.what == atom.what == "dur"):
        return last.what == "every" and atom.what == "dur" and plain[last.end : atom.start].strip() == ""
    if _RANGE.fullmatch(plain, last.end, atom.start):
        return True
    if atom.what == "day" and any(one.what == "day" for one in group) and last.what != "every":
        return False
    return _GLUE.fullmatch(plain, last.end, atom.start) is not None


def _fact(plain: str, group: Sequence[Atom], moment: datetime) -> TimeFact | None:
    start, end = group[0].start, group[-1].end
    if len(group) == 1 and _is_weak(plain, group[0]):
        return None
    about = (_FULL if group[-1].what == "dur" else _ABOUT).match(plain, end)
    end = about.end() if about else end
    edge = _EDGE_AFTER.match(plain, end) or _EDGE_BEFORE.match(plain, end)
    end = edge.end() if edge else end
    before = _SINCE_BEFORE.search(plain, max(0, start - 30), start)
    after = _SINCE_AFTER.match(plain, end)
    whats = {atom.what for atom in group}
    start = before.start() if before else start
    end = after.end() if after else end
    past = _BY_BEFORE.search(plain, max(0, start - 8), start)
    start = past.start() if past else start
    kind = _kind(whats, is_since=bool(before or after), is_range=_is_range(plain, group))
    first, last = _moments(group, kind, moment, edge_after=bool(past) or bool(edge and "前" not in edge[0]))
    start += len(plain[start:end]) - len(plain[start:end].lstrip())
    return TimeFact((start, end), plain[start:end], kind, first, last)


def _is_weak(plain: str, atom: Atom) -> bool:
    """一点 and 两点 are mostly "a little" and "two points"; "night noise" has no moment in it."""
    if atom.what == "part":
        return _BARE_PART.fullmatch(plain, atom.start, atom.end) is not None
    if atom.what != "clock" or not atom.clock or atom.clock.minute or atom.clock.loose:
        return False
    said = plain[atom.start : atom.end]
    return (
        said in ("一点", "两点", "三点")
        and not _EDGE_AFTER.match(plain, atom.end)
        and not _ABOUT.match(plain, atom.end)
    )


def _is_range(plain: str, group: Sequence[Atom]) -> bool:
    return any(_RANGE.fullmatch(plain, one.end, other.start) for one, other in pairwise(group))


def _kind(whats: set[str], *, is_since: bool, is_range: bool) -> TimeKind:
    if "every" in whats:
        return TimeKind.EVERY
    if "dur" in whats:
        return TimeKind.FOR
    return TimeKind.SINCE if is_since and not is_range else TimeKind.AT


def _moments(
    group: Sequence[Atom], kind: TimeKind, moment: datetime, *, edge_after: bool
) -> tuple[datetime | None, datetime | None]:
    if kind is TimeKind.EVERY:
        return None, None
    lengths = [atom.length for atom in group if atom.length]
    if kind is TimeKind.FOR:
        began = moment
        for length in lengths:
            began = length.before(began)
        return (began, moment) if lengths else (None, moment)
    if lengths:
        return _ago(lengths[0].before(moment), lengths[0].unit, kind)
    start, end = _resolve(group, moment)
    if edge_after and any(atom.clock for atom in group):
        end = None
    return start, None if kind is TimeKind.SINCE else end


def _ago(start: datetime, unit: str, kind: TimeKind) -> tuple[datetime, datetime | None]:
    if unit in ("minute", "hour"):
        return start, None if kind is TimeKind.SINCE else start
    day = datetime.combine(start.date(), time(), start.tzinfo)
    return day, None if kind is TimeKind.SINCE else day + timedelta(days=1)


def _resolve(group: Sequence[Atom], moment: datetime) -> tuple[datetime | None, datetime | None]:
    """From when to when a day with parts and clocks is; without a day the last time that it was so."""
    days = [atom.days for atom in group if atom.what == "day"]
    if days and days[0] is None:
        return None, None
    parts = [atom.part for atom in group if atom.part]
    clocks = [clock for atom in group for clock in (atom.clock, atom.until) if clock]
    first = days[0][0] if days and days[0] else moment.date()
    after = days[-1][1] if days and days[-1] else first + timedelta(days=1)
    if not parts and not clocks:
        return _at(first, 0, moment), _at(after, 0, moment)
    start, end = _hours(first, parts, clocks, moment)
    if len(days) > 1 and days[-1] and len(clocks) < 2:
        last = parts[-1][1] * 60 if len(parts) > 1 else 24 * 60
        end = _at(days[-1][0], last, moment)
    if not days and start > moment:
        start, end = start - timedelta(days=1), end - timedelta(days=1)
    return start, end


def _hours(
    day: date, parts: Sequence[tuple[int, int]], clocks: Sequence[Clock], moment: datetime
) -> tuple[datetime, datetime]:
    part = parts[0] if parts else None
    if not clocks:
        hours = part or (0, 24)
        return _at(day, hours[0] * 60, moment), _at(day, hours[1] * 60, moment)
    clock = clocks[0]
    minutes = _minutes(clock, part, day, moment)
    start = _at(day, minutes, moment)
    if len(clocks) > 1:
        until = _minutes(clocks[-1], parts[-1] if parts else None, day, moment)
        return start, _at(day, until if until > minutes else until + 720, moment)
    return start, _at(day, minutes + (60 if clock.loose else 0), moment)


def _minutes(clock: Clock, part: tuple[int, int] | None, day: date, moment: datetime) -> int:
    """Minutes since midnight of the day; more than 1440 are early on the next one ("昨晚两点")."""
    hour = clock.hour
    if clock.half:
        hour = hour % 12 + (12 if clock.half == "p" else 0)
    elif part and hour <= 12:
        hour = _hour_in(hour, part)
    elif not part and hour < 12 and _is_rather_afternoon(hour, day, moment):
        hour += 12
    return hour * 60 + clock.minute


def _hour_in(hour: int, part: tuple[int, int]) -> int:
    """The hour, its afternoon or its next-day twin, that lies in or nearest to the part of the day."""
    low, high = part
    if high <= 12:
        return hour % 12
    return min((hour % 12 + shift for shift in (0, 12, 24)), key=lambda one: max(low - one, one - high, 0))


def _is_rather_afternoon(hour: int, day: date, moment: datetime) -> bool:
    if day == moment.date():
        return hour + 12 <= moment.hour
    return hour < 7


def _at(day: date, minutes: int, moment: datetime) -> datetime:
    return datetime.combine(day, time(), moment.tzinfo) + timedelta(minutes=minutes)
