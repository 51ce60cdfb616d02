"""A change of mind in words: not coming after all, another one of a list, others along than was said, yes by doing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.actions.activity_words import Wish, of_any_day, read_comers, read_wish
from community.facts.numbers import number_of
from community.signups.relations import find_relations_said
from community.signups.usecases.joining import Comer

_CANNOT = re.compile(
    r"[来去到赶]不(?:了|成|及|上)|不(?:能|想|再)?(?:来|去|参加|报|带|行|方便|要|在)(?!不)|没(?:空|时间|法|办法)|有事|没戏|"
    r"(?<!不)(?<!不用)要?(?:上班|出差|加班)|取消|退掉|退了|"
    r"can'?t|cannot|can not|won'?t|not (?:coming|going|free|able)|isn'?t (?:coming|going|good)|doesn'?t (?:work|suit)|"
    r"no good|busy|cancel|take me off|without|\bleave\b.{1,20}\bout\b|\bdrop\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，,。.;；!！?？、\n]+|\bbut\b|\band (?=i\b|can)|但是?|不过", re.IGNORECASE)
_CORRECTS = re.compile(
    r"不对|说错|搞错|记错|是说|我是指|\b(?:sorry|i mean|no wait|wait|correction)\b", re.IGNORECASE
)
_MOVES = re.compile(
    r"(?:改|换|调|挪)(?:成|到|为|去|在)?|\b(?:move|change|switch) (?:it |me )?to\b", re.IGNORECASE
)
_OFF = re.compile(
    r"算了|不(?:想|再|要)?(?:报|去|来|参加)(?:名)?了|(?:先|就|都)不(?:报|去|来|参加)|别报|不用报|下次(?:再|吧)|改天(?:再|吧)?|改主意|"
    r"never ?mind|forget (?:it|about it)|changed my mind|not signing up|don'?t (?:sign|want)|no longer|"
    r"(?:next|another) time|i'?d rather not|not going\b|not coming\b",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(r"还是(?:报|去|来|参加)")
_ELSE = re.compile(
    r"[换改]一?[个场]?(?:别的|其[他它]的?|另外的?)?(?:活动|场次)?[吧行吗？?。]*$|别的(?:活动|场|时间|日子)?|其[他它]的?|另外?一?[个场]|"
    r"\b(?:an)?other (?:one|shift|day|time|activity)|something else|\bthe other\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"(?:(?:好的?|行|嗯|对|可以|那|就|我|也|ok(?:ay)?|yes|yep|sure|great|please|[\s,，。.!！])*"
    r"(?:报(?:一个|一?下|上|名)?|去|来|参加|要|就[这它那](?:个|场|样|么定)?|[给帮]我报(?:上|名|一下)?|"
    r"sign (?:me|us) up|count (?:me|us) in|(?:i'?m|we'?re) in|let'?s do it|put (?:me|us) down|go ahead|book it|"
    r"(?:i|we)(?:'ll| will| can| could)? (?:do it|come|go|join|take it|be there))"
    r"(?:[吧了啊呀的喽咯]|那个|please|then|thanks|[\s,，。.!！])*)+",
    re.IGNORECASE,
)
_LONGEST_YES = 40
_ALONE = re.compile(
    r"(?:就|只有?|还是)?[我俺](?:一个人?|自己|一人)(?![和跟同带])"
    r"|\b(?:just|only) me\b(?! and)|by myself|on my own|\balone\b",
    re.IGNORECASE,
)
_JUST = re.compile(r"就(?:是)?我?[和跟]?|只(?:有|带)?|\b(?:just|only)\b", re.IGNORECASE)
_MORE = re.compile(r"再|还(?!是)|也|加上?|另外|\b(?:also|too|plus|as well|another|add)\b", re.IGNORECASE)
_COMES = re.compile(
    r"带|来|去|加|参加|一起|一块|同行|\b(?:bring|com(?:e|es|ing)|join(?:s|ing)?|along|with me|plus|add)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"医院|看病|门诊|学校|上学|幼儿园|上班|出差|外地|hospital|doctor|clinic|school|kindergarten|\bto work\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"[他她它]们?|\b(?:him|her|them|he|she|they)(?:'s|'re|n't|\b)", re.IGNORECASE)
_WITHOUT = re.compile(
    r"(?:就|只有?)(?:我|我们)?(?:一个人?|自己|俩|[和跟])|我(?:一个人?|自己)(?:[去来]|参加)"
    r"|(?:女儿|儿子|孩子|小孩|娃|[妈爸]|老伴|老公|老婆|爱人|奶奶|爷爷|朋友|邻居|[孙子女]|[姐妹哥弟])[们她他]?(?:就|也|那天|又)?(?:不(?:来|去|参加)|[来去]不了)"
    r"|不带|\b(?:just|only) me\b|by myself|on my own|without (?:my|the)|"
    r"\bmy \w+ (?:isn't|is not|can't|cannot|won't|will not|'s not)(?: be)? (?:com|go|join|mak)",
    re.IGNORECASE,
)
_ALL = re.compile(r"都|全部?|两[个场]|一起|\b(?:both|all|either)\b", re.IGNORECASE)
_CLEARLY_ALL = re.compile(r"两[个场]都|全都|全部|\b(?:both|either)\b", re.IGNORECASE)
_EACH_OF_LIST = re.compile(
    r"(?:[两三四234][个场项]|这些|这几[个场]|全部?)我?都?(?:报|要|去|参加)|都(?:报|要|参加)"
    r"|\bboth\b|\ball (?:of them|three|four)\b"
    r"|^\s*[1-4一二三四]\s?(?:和|跟|、|,|，|and|&|\+)\s?[1-4一二三四](?![0-9点月号])",
    re.IGNORECASE,
)
_TWO = re.compile(r"[两二2][个场项]|both", re.IGNORECASE)
_NUMBERS = re.compile(r"[1-4一二三四]")
_THE_PART = re.compile(r"\bthe (morning|afternoon|evening|night)\b", re.IGNORECASE)
_LAST = re.compile(
    r"(?:最后|末了|最末|后面|后边|下面|后头)(?:一|那|的|这)?[个场]?|\b(?:the )?(?:last|latter|bottom)(?: one)?\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?:最前|前面|前边|上面|头)(?:一|那|的|这)[个场]?|\b(?:former|top) one\b", re.IGNORECASE)


def split_wishes(text: str) -> tuple[str, str]:
    """What a text says of coming and of not coming: "周六的我去，周日的来不了"; a reason goes with what it explains."""
    comes, cannot = list[str](), list[str]()
    if _CORRECTS.search(text):
        return text, ""
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(text))):
        (cannot if _CANNOT.search(clause) and not _MOVES.search(clause) else comes).append(clause)
    return "，".join(comes), "，".join(cannot)


def read_wanted(text: str, at: datetime, zone: str) -> Wish:
    """When somebody would come, and to what: not the day that does not suit them."""
    return _of_clauses(split_wishes(text)[0], text, at, zone)


def read_among(text: str, at: datetime, zone: str) -> Wish:
    """As `read_wanted`, of shifts that are talked of already: "下午那场", "the evening one"."""
    return of_any_day(read_wanted(_THE_PART.sub(r"this \1", text), at, zone))


def read_refused(text: str, at: datetime, zone: str) -> Wish:
    """When somebody cannot come, and to what."""
    return _of_clauses(split_wishes(text)[1], text, at, zone)


def _of_clauses(clauses: str, text: str, at: datetime, zone: str) -> Wish:
    """The time of some clauses; the kind may stand in another one."""
    wish = read_wish(clauses or text, at, zone)
    return wish if wish.kinds else replace(wish, kinds=read_wish(text, at, zone).kinds)


def gives_up(text: str) -> bool:
    """Whether somebody would rather not join after all."""
    return bool(_OFF.search(text)) and not _AFTER_ALL.search(text)


def wants_another(text: str) -> bool:
    """Whether something else is wanted, without saying what."""
    return _ELSE.search(text) is not None


def agrees(text: str) -> bool:
    """Whether the words say that it shall be done, and nothing else: "我报一个", "ok sign me up"."""
    return len(text) <= _LONGEST_YES and _YES.fullmatch(text) is not None


def clearly_all(text: str) -> bool:
    """Whether they say so whatever was named before."""
    return _CLEARLY_ALL.search(text) is not None


def means_all(text: str) -> bool:
    """Whether all of one's own shifts are meant: "都退了", "I can't make either"."""
    return _ALL.search(text) is not None


def read_all(text: str, many: int) -> list[int]:
    """Which of a list of `many` are meant where it is more than one: "两个都报", "both", "1和3"."""
    match = _EACH_OF_LIST.search(text)
    if match is None or many < 2 or (_TWO.search(match[0]) and many != 2):
        return []
    numbers = [number - 1 for each in _NUMBERS.findall(match[0]) if (number := int(number_of(each))) <= many]
    if re.match(r"\s*[1-4一二三四]\s?[和跟、,，a&+]", match[0]):
        return list(dict.fromkeys(numbers))
    return list(range(many))


def read_end_of_list(text: str, many: int) -> int | None:
    """Which of a list is meant by where it stands: "后面那个", "the last one"."""
    if not many:
        return None
    return many - 1 if _LAST.search(text) else 0 if _FIRST.search(text) else None


def adds_comers(text: str) -> bool:
    """Whether somebody more comes along: "我再带个朋友", "my mum is coming too"; not "我也带孩子去医院"."""
    if not _MORE.search(text) or not _COMES.search(text) or _ELSEWHERE.search(text):
        return False
    return bool(read_comers(text))


def stays_without(text: str) -> bool:
    """Whether somebody else does not come while the person does: "我妈不去了，我一个人去", "without my son"."""
    return _WITHOUT.search(text) is not None and bool(_ALONE.search(text) or find_relations_said(text))


def change_comers(text: str, comers: Sequence[Comer]) -> tuple[Comer, ...] | None:
    """Who comes along after these words; None where they say nothing of it."""
    clauses = list(filter(None, _CLAUSE.split(text)))
    left_out = [clause for clause in clauses if _CANNOT.search(clause)]
    rest = "，".join(clause for clause in clauses if clause not in left_out)
    kept = tuple(comers)
    for clause in left_out:
        kept = _without(clause, kept)
    if _ALONE.search(text):
        return ()
    here = tuple(read_comers(rest))
    if not here:
        return kept if len(kept) < len(comers) else None
    if len(kept) == len(comers) and not _MORE.search(rest):
        return here
    if _JUST.search(rest):
        return here
    said = {each.relation for each in kept}
    return (*kept, *(each for each in here if each.relation not in said))


def _without(clause: str, comers: tuple[Comer, ...]) -> tuple[Comer, ...]:
    """Without those whom a clause names; "he" is a child where one comes along."""
    named = {relation.code for relation in find_relations_said(clause)}
    child = "child" in named or any(relation.is_child for relation in find_relations_said(clause))
    if named:
        return tuple(each for each in comers if each.relation not in named and not (child and each.is_child))
    if _SOMEBODY.search(clause):
        young = tuple(each for each in comers if not each.is_child)
        return young if len(young) < len(comers) else ()
    return comers
