"""What each form of the table of rights is filled in with: always so that the one who may do it is not refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from itertools import count
from uuid import uuid4

from community.clock import now
from community.parties.models import PartyType
from tests.cast import Cast
from tests.web.staff.conftest import actor_of
from tests.web.staff.rights.needs_of import Thing

Fields = dict[str, str]
_NUMBERS = count(1)
PLAIN: dict[str, Fields] = {
    "answer": {"words": "今天来修"},
    "note": {"words": "叫了人"},
    "resolve": {"words": "修好了"},
    "decline": {"reason": "not_ours"},
    "ask": {"words": "几楼？"},
    "crisis": {"danger": "injury"},
    "write": {"words": "您好"},
    "say": {"words": "您好"},
    "refuse": {"words": "没有人手", "why": "不合适"},
    "finish": {"words": "送到了"},
    "swap": {"answer": "agree"},
    "times": {"next_minutes": "7", "follow_up_minutes": "20"},
    "repeat": {"weeks": "1"},
    "lead": {"leads": "1"},
    "language": {"language": "zh", "next": "/staff/needs"},
    "sign-in": {"name": "nobody", "password": "nothing at all"},
    "{token}": {"password": "a quiet afternoon", "again": "a quiet afternoon"},
}


def fill_in(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    """The fields of a POST on this thing by this person of the table."""
    for pattern, fields in _FIELDS.items():
        if fnmatchcase(route, pattern):
            return fields(cast, who, route, thing)
    last = route.rpartition("/")[2]
    act = str(thing.ids.get("name") or thing.ids.get("act") or last)
    need = {"need": str(thing.ids["need_id"])} if "part_id" in thing.ids else {}
    return {"request_id": str(uuid4()), **need, **PLAIN.get(act, {}), **_of_need(cast, last, thing)}


def query_of(route: str, thing: Thing) -> str:
    """What a GET adds to its address."""
    if route in ("/staff/roster", "/staff/canned") and thing.of != "own":
        return f"?party={thing.ids['party_id']}"
    if route == "/staff/matrix/line":
        return "?kind=noise"
    return ""


def _of_need(cast: Cast, act: str, thing: Thing) -> Fields:
    social = thing.of in ("confidential", "untaken", "social")
    parties = cast.here.parties
    if act == "assign":
        who = "here.social_work_team.2" if social else "here.property_company.2"
        return {"staff_id": str(actor_of(cast, who).staff_id)}
    if act in ("hand-over", "decide"):
        return {"party_id": str(parties[PartyType.DEPARTMENT].id), "words": "归城管办"}
    if act == "parts":
        return {"party_id": str(parties[PartyType.VOLUNTEER_TEAM].id), "what": "请帮忙送饭"}
    if act == "change-kind":
        return {"kind": "poverty_disability_aid" if social else "repair_utilities"}
    return {"code": thing.code} if act == "merge" else {}


def _hotline(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    number = f"2{next(_NUMBERS):04}"
    names = {"zh": f"热线{number}", "en": f"Line {number}", "purpose_zh": "问事", "purpose_en": "Questions"}
    return {"number": number, "hours": "", **names}


def _roster(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    who = "here.committee" if thing.of == "committee" else "here.social_work_team"
    day = {"staff_id": str(actor_of(cast, who).staff_id), "day": thing.code, "week": thing.code}
    other = {"with": str(actor_of(cast, f"{who}.2").staff_id)} if route.endswith("swap") else {}
    agrees = {"answer": "agree", "weeks": "1", "phone": "020-8888 1234"}
    return {**day, "opens": "13:00", "closes": "15:00", **agrees, **other}


def _absence(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    person = "here.social_work_team" if thing.of == "team" else who
    starts = now() + timedelta(days=3)
    times = {"starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts + timedelta(hours=9):%Y-%m-%dT%H:%M}"}
    return {"staff_id": str(actor_of(cast, person).staff_id), "words": "", **times}


def _line(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    lead = {f"share-{cast.here.parties[PartyType.VOLUNTEER_TEAM].id}": "lead"}
    where = {"community": str(cast.here.community.id), "kind": thing.code, "applies": "always", "place": ""}
    return {**where, **lead, "why": "试试"}


def _calendar(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    here = {"community": str(cast.here.community.id), "day": thing.code, "why": "停电"}
    return {**here, "mon": "9:00-12:00", "closed": "1"}


def _filing(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    caller = {"name": "王阿姨", "phone": "13900000000", "language": "zh", "came_by": "phone"}
    matter = {"words": "楼下太吵", "kind": "noise", "community": str(cast.here.community.id)}
    return {**caller, **matter, "request_id": str(uuid4())}


def _activity(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    day = f"{now() + timedelta(days=40):%Y-%m-%d}"
    plan = {"kind": "visits", "title_zh": "探访", "words": "陪老人", "where_zh": "大厅", "contact": "李姐"}
    times = {"date": day, "starts": "09:00", "ends": "11:00", "volunteer": "2", "request_id": str(uuid4())}
    ids: Fields = {name: str(thing.ids[name]) for name in ("sign_up", "search") if name in thing.ids}
    if "shift_id" in thing.ids:
        ids |= {"month": thing.code, f"shift-{thing.ids['shift_id']}": "1"}
    if "resident_id" in thing.ids:
        ids |= {"leader": str(thing.ids["resident_id"]), "code": "培训过", "answer": "confirm"}
    more = {"name": f"队{uuid4().hex[:8]}", "part": "volunteer", "places": "9", "kept": "1"}
    return {**plan, **times, **ids, **more, "minutes": "60", "why": "补记"}


def _notice(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    until = f"{now() + timedelta(days=3):%Y-%m-%d}"
    words = {"category": "utilities", "title_zh": "停水", "text_zh": "明天停水。", "version": "1"}
    times = {"valid_date": until, "valid_time": "18:00", "request_id": str(uuid4())}
    return {**words, **times, "why": "写清楚几栋", "name": f"老人{uuid4().hex[:8]}", "query": "age_from=60"}


def _noted(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"tag-volunteer": "1", "birth_year": "1950"}


def _account(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    party = cast.here.parties[PartyType.PROPERTY_COMPANY].id
    return {"name": "小何", "sign_in": f"helper.{uuid4().hex}", "party_id": str(party)}


def _party(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    names = {"zh": f"晚晴社{uuid4().int % 10_000}", "en": "Evening Glow"}
    return {**names, "community_id": str(cast.here.community.id), "type": "social_organisation"}


def _told_of_kind(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"community": str(cast.here.community.id), "zh": "两小时内到。", "en": "Within two hours."}


def _entry(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    title = {"title_zh": f"图书角{thing.code}", "title_en": f"Book corner {thing.code}"}
    said = {"answer_zh": "周末下午开。", "answer_en": "Open on weekend afternoons."}
    asked = {"questions_zh": f"图书角{thing.code}点开吗", "questions_en": f"book corner {thing.code}"}
    return {**title, **said, **asked, "source_zh": "居委会", "source_en": "committee"}


def _canned(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"fits": "ask", "title_zh": "几点", "title_en": "When", "zh": "几点好？", "en": "What time?"}


def _teaching(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"intent": "find_activities", "sentences": f"图书角{thing.code}点有活动吗"}


def _call_back(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    other = str(actor_of(cast, "here.committee.2").staff_id)
    return {"outcome": "done", "words": "聊过了", "solved": "yes", "score": "4", "staff_id": other}


def _sharing(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    until = (now() + timedelta(days=5)).date().isoformat()
    party = cast.here.parties[PartyType.VOLUNTEER_TEAM].id
    return {"party_id": str(party), "purpose": "帮您装扶手", "until": until, "field_place": "1"}


def _telling(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"outbox_id": str(thing.ids["outbox_id"])}


def _bulk(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    chosen = {"needs": str(thing.ids["need_id"]), "request_id": str(uuid4())}
    return {**chosen, **PLAIN.get(thing.of, {}), **_of_need(cast, thing.of, thing)}


def _filter(cast: Cast, who: str, route: str, thing: Thing) -> Fields:
    return {"name": f"筛选{uuid4().int % 10_000}"}


_FIELDS: Mapping[str, Callable[[Cast, str, str, Thing], Fields]] = {
    "/staff/needs/bulk/*": _bulk,
    "/staff/filters": _filter,
    "/staff/hotlines/*/lines*": _hotline,
    "/staff/roster/*": _roster,
    "/staff/activities*": _activity,
    "/staff/notices*": _notice,
    "/staff/residents/*": _noted,
    "/staff/absences": _absence,
    "/staff/matrix/line": _line,
    "/staff/calendar/*": _calendar,
    "/staff/canned/*": _canned,
    "/staff/needs/new*": _filing,
    "/staff/needs/*/told": _telling,
    "/staff/needs/*/consents": _sharing,
    "/staff/call-backs/*": _call_back,
    "/staff/people": _account,
    "/staff/people/*/change": _account,
    "/staff/parties*": _party,
    "/staff/kinds/*": _told_of_kind,
    "/staff/learning/*/teach": _teaching,
    "/staff/learning/*/answer": _entry,
}
