"""What a person says about being told: stop, start, pause, quiet hours, how often, about what, on which channel.

Read by rules out of the words; `wishes.py` keeps what was read. Times of the day are in `wish_clocks.py`, days in
`wish_days.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.wish_clocks import Quiet, read_quiet
from bot.actions.wish_days import read_pause
from community.notices.kinds import EMERGENCY, NOTICE_KINDS, find_notice_kinds
from community.notices.terms import plain

LONGEST_NAME = max(len(kind.zh) for kind in NOTICE_KINDS.values()) + 2
"""A clause that is hardly more than the name of a category wants it."""
_CLAUSE = re.compile(r"[，,。.;；!！?？、\n]|\s(?=别的|其他|其它|剩下)|\bbut\b")
_NOT = re.compile(
    r"不(?:要|用|想|必|需要|发|收|看|接|准)|别|莫|甭|取消|退订|关掉|关闭|屏蔽|拒收|停(?:止|了|掉|发)|少发|"
    r"\bno\b|\bnot\b|n't\b|\bstop\b|\bun(?:follow|subscribe)|\bblock\b|\bmute\b|turn off|opt (?:me )?out|without"
)
_ONLY = re.compile(r"只(?:要|想|收|发|看|接收|关注|订)|仅|光要|\bonly\b|\bjust\b|nothing but")
_WANT = re.compile(
    r"订阅|关注|也?(?:要|想收|想看|发给我|告诉我|叫我|通知我)|接收|打开|开启|恢复|"
    r"\bsubscribe|\bfollow|\bwant|\bsend\b|notify|let me know|turn (?:on|.{0,20} back on)|\bget\b|like"
)
_ASK = re.compile(
    r"(?:订阅|关注|收|订)了?(?:哪些|什么|啥)|哪些(?:通知|类|分类)|(?:通知|消息|推送|订阅|免打扰)(?:的)?设置|"
    r"怎么(?:关|让|设|退|不让|订|改)|在哪(?:里)?(?:设|改|关)|what (?:do|am) i (?:follow|get|subscribed)|"
    r"settings|how (?:do|can) i|which (?:notices|categories)"
)
_STOP = re.compile(
    r"退订|投诉|^td$|^t$|取消(?:订阅|推送|通知)|退群|拉黑|(?:全|都|统统|一个)(?:部)?(?:都)?(?:别|不要|停|取消)|"
    r"(?:别|不要|莫|甭|停止|不想|不用|不好|不)(?:再)?(?:老)?(?:给[我俺]|收到?|接收)?(?:再)?(?:发|推送?|send|通知|收|消息|接收)|停发|关(?:闭|掉)(?:通知|推送|消息|所有)|拒收|"
    r"\bunsubscribe\b|\bstop\b|opt (?:me )?out|remove me|no more (?:messages|not)|don't (?:want|send|message)|"
    r"disable|turn off|\bmute\b|quit (?:spam|send)"
)
_RESUME = re.compile(
    r"^(?!.*投诉).*(?:恢复|重新(?:订阅|开始|发|收)|(?<![别要莫想甭好许])(?:再|接着|继续|照常|又)(?:给我)?(?:发|推)|"
    r"(?:打开|开启)(?:通知|推送|消息)|取消(?:暂停|免打扰)|不(?:用)?停了|"
    r"resume|start (?:sending|notif|again|messag)|back on|\bunmute\b|enable|re-?subscribe|turn on|again$)"
)
_START = re.compile(
    r"^(?:我?(?:要|想)?)?订阅(?:通知|社区通知)?[了吧。!！]*$|(?<!不)想(?:接收|收)通知|都(?:告诉|通知|发给)我|"
    r"^(?:i want to )?subscribe(?: to notices)?[.!]*$|want to receive (?:the )?notices[.!]*$"
)
_UNKNOWN_KIND = re.compile(r"^(?!.*(?:通知|消息|推送|信息)).{1,6}的(?:都)?(?:不要|不用|别|莫|不想)")
_URGENT_ONLY = re.compile(
    r"(?:只|光|仅)(?:要|收|发|想收|接收|看)?.{0,3}(?:紧急|急|重要|要紧)|除了(?:紧急|急|重要)|"
    r"(?:紧急|急|重要).{0,4}(?:别的|其他).{0,2}(?:不|别)|"
    r"only.{0,12}(?:urgent|important|emergenc)|(?:urgent|important|emergency).{0,10}only"
)
_MOST = re.compile(
    r"(?:一天|每天|一日|每日)(?:最多|只|就|不超过|汇总|发|收){0,2}([一两二三四五1-5])(?:条|次|个)|每天汇总|"
    r"(?:at most |max(?:imum)? |no more than )?(one|two|three|[1-5]) (?:message|notice)?s? ?(?:a|per) day|"
    r"daily (?:digest|summary)"
)
_FEWER = re.compile(r"少发|少一点|消息少|汇总|\bfewer\b|\bless\b|digest|summary")
_TOO_MANY = re.compile(r"太多|太频繁|这么多|too many")
_WEEKLY = re.compile(
    r"每周|一周一|一个?(?:礼拜|星期)(?:汇总|一)|weekly|(?:once|one|summary|digest) a week|per week"
)
_BUILDING = re.compile(r"只.{0,4}(?:我们?|本)(?:这)?[楼栋]|only.{0,16}my (?:building|block)")
_OTHERS = re.compile(
    r"给我(?:妈|爸|老[伴公婆]|儿|女|家里|爱人)|我(?:妈|爸|老[伴公婆])那边|"
    r"\bto my (?:wife|husband|mother|father|mum|mom|dad|son|daughter)"
)
_SURVEYS = re.compile(r"回访|调查|问卷|评价|打分|\bsurveys?\b|\bratings?\b")
_REMINDERS = re.compile(r"提醒|值班|班次|\breminders?\b|\bremind\b|\bshift")
_ELSEWHERE = re.compile(r"短信|打电话|邮件|\bsms\b|\btexts?\b|by text|e-?mail|\bcall me\b")
_CHANNELS = (
    ("wechat", re.compile(r"微信|wechat|weixin")),
    ("telegram", re.compile(r"telegram|电报|纸飞机")),
    ("web", re.compile(r"网页|浏览器|web ?(?:page|chat|site)")),
)
_TRADITIONAL = str.maketrans("發訂閱擾關閉啟設電恢復暫", "发订阅扰关闭启设电恢复暂")
_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "one": 1, "two": 2, "three": 3}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was read. `only` are the categories that are wanted alone; `not_here` names what has to be said so."""

    stop: bool = False
    resume: bool = False
    asks: bool = False
    only: Sequence[str] = ()
    follow: Sequence[str] = ()
    unfollow: Sequence[str] = ()
    quiet: Quiet | None = None
    paused_until: datetime | None = None
    most_a_day: int | None = None
    channel: str | None = None
    not_here: str | None = None

    def __bool__(self) -> bool:
        """Whether anything was read."""
        return self != Wish()


def read_wish(text: str, at: datetime, zone: str) -> Wish:
    """The wish in a text that was said at `at`; of several readings the narrowest."""
    said = plain(text).translate(_TRADITIONAL).strip()
    if not_here := _not_here(said):
        return Wish(not_here=not_here)
    if quiet := read_quiet(said):
        return Wish(quiet=quiet)
    return _read_kinds(said) or _read_spell(said, at, zone) or _read_rest(said)


def _read_spell(said: str, at: datetime, zone: str) -> Wish:
    """Start again, or not before a day."""
    if _RESUME.search(said) or _START.search(said):
        return Wish(resume=True)
    return Wish(paused_until=read_pause(said, at, zone))


def _read_rest(said: str) -> Wish:
    if _ASK.search(said) or _UNKNOWN_KIND.search(said):
        return Wish(asks=True)
    if channel := _read_channel(said):
        return Wish(channel=channel)
    if most := _read_most(said):
        return Wish(most_a_day=most)
    if _STOP.search(said):
        return Wish(stop=True)
    return Wish(most_a_day=1) if _TOO_MANY.search(said) else Wish()


def _not_here(said: str) -> str | None:
    """What these settings do not hold: other people, other ways, once a week, what concerns one's own matters."""
    forms = (
        ("others", _OTHERS),
        ("weekly", _WEEKLY),
        ("own", _SURVEYS),
        ("own", _REMINDERS),
        ("elsewhere", _ELSEWHERE),
        ("building", _BUILDING),
    )
    return next((name for name, form in forms if form.search(said)), None)


def _read_kinds(said: str) -> Wish:
    """The categories that are wanted or not, clause by clause; wanting emergencies alone stops all else."""
    only: list[str] = []
    follow: list[str] = []
    unfollow: list[str] = []
    for clause in _CLAUSE.split(said):
        codes = [kind.code for kind in find_notice_kinds(clause)]
        if _ONLY.search(clause):
            only += codes
        elif _NOT.search(clause):
            unfollow += codes
        elif _WANT.search(clause) or len(clause) <= LONGEST_NAME:
            follow += codes
    if _URGENT_ONLY.search(said) and not {*only, *follow, *unfollow} - {EMERGENCY}:
        return Wish(stop=True)
    return Wish(only=tuple(only), follow=tuple(follow), unfollow=tuple(unfollow))


def _read_channel(said: str) -> str | None:
    """The channel that is wanted, which is the one that is not turned down: "发微信别发网页"."""
    for name, form in _CHANNELS:
        match = form.search(said)
        if match and not _NOT.search(said[max(0, match.start() - 4) : match.start()]):
            return name
    return None


def _read_most(said: str) -> int | None:
    match = _MOST.search(said)
    if match is None:
        return 1 if _FEWER.search(said) else None
    number = match[1] or match[2] or "1"
    return int(number) if number.isdigit() else _NUMBERS[number]
