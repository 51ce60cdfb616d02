"""Finds phone numbers as people write and say them: mobiles, landlines, 400 numbers, from abroad, read out.

Order numbers, identity cards, bank cards, prices and short hotlines (110, 12345) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.facts.models import PhoneFact

MOST_FOUND = 5

_SEP = r"[\s.-]{0,3}"
_MOBILE = rf"(?:(?:\(?\+|00)?\(?86\)?{_SEP})?(?P<mobile>1{_SEP}[3-9](?:{_SEP}[0-9]){{9}})"
_LANDLINE = (
    rf"(?:(?:\+|00)86{_SEP}\(?0?(?P<abroad>10|2[0-9]|[3-9][0-9]{{2}})\)?{_SEP}"
    rf"|\(?(?P<area>010|02[0-9]|0[3-9][0-9]{{2}})\)?{_SEP})"
    rf"(?P<local>[1-9][0-9]{{2,3}}{_SEP}[0-9]{{2}}{_SEP}[0-9]{{2}})(?:\s?(?:转|ext\.?|x)\s?[0-9]{{1,5}})?"
)
_SERVICE = rf"(?P<service>[48]00{_SEP}[0-9]{{3,4}}{_SEP}[0-9]{{3,4}})"
_FOREIGN = r"(?P<foreign>\+(?!86)[1-9][0-9]{0,2}(?:[\s.()-]{0,2}[0-9]){6,12})"
_SHORT = rf"(?P<short>(?<=短号)[0-9]{{6}}|(?<=短号[是:： ])[0-9]{{6}}|[2-9][0-9]{{2,3}}{_SEP}[0-9]{{4}})"

_NUMBERS = re.compile(
    rf"(?<![0-9])(?<![0-9][.])(?:{_FOREIGN}|{_LANDLINE}|{_MOBILE}|{_SERVICE}|{_SHORT})(?![0-9]|\.[0-9])",
    re.ASCII,
)
_SPOKEN = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": "0", "洞": "0", "幺": "1", "妖": "1", "腰": "1", "两": "2", "拐": "7", "勾": "9"
}  # fmt: skip
_SIGN = "[零〇洞幺妖腰一二两三四五六七八九拐勾0-9]"
_READ_OUT = re.compile(
    rf"(?:(?:[二两三四五六2-6]个)?{_SIGN}[\s,，、.-]{{0,2}}){{6,20}}(?:[二两三四五六2-6]个)?{_SIGN}"
)
_TIMES = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6} | {str(n): n for n in range(2, 7)}
_EN_SIGNS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_EN_SIGN = rf"(?:(?:double|triple)[\s-])?(?:{'|'.join(_EN_SIGNS)})"
_EN_READ_OUT = re.compile(rf"\b{_EN_SIGN}(?:[\s,.-]{{1,3}}{_EN_SIGN}){{6,16}}\b")
_EN_WORD = re.compile(r"[a-z]+")

_CALLED = re.compile(
    r"(?:电话|手机|座机|固话|号码|联系|打给?我?|拨|热线|contact|text|whats\s?app|dial|cell|tel|telephone|phone|call|ring|landline|mobile|number|reach)"
    r"(?:[^0-9。！!？?;；\n]{0,12})$"
)
_NUMBERED = re.compile(
    r"(?:订单|单号|快递|运单|编号|身份证|证件|证号|卡号|账号|帐号|账户|户号|表号|水表|电表|气表|案号|工单|流水号|发票|合同|"
    r"学号|工号|社保号?|医保号?|车牌|qq|\b(?:order|tracking|parcel|invoice|account|acct|card|id|case|ticket|ref|"
    r"reference|serial|meter|policy|contract|passport|licen[cs]e)\b)"
    r"(?:[\s#:：.,，是为的码号叫卡读数]|no\b|num\b|number|is\b|was\b){0,8}$"
)
_PRICED = re.compile(r"\s?(?:元|块|万|亿|度|吨|立方|rmb|yuan|kwh|平米|%)")
_OF_OTHERS = re.compile(
    r"(?:(?:物业|居委会?|街道|派出所|客服|热线|中介|广告|骗子|诈骗|推销|来电|对方|陌生|维保|维修部?|开锁|车主|商家|店家|公司|单位)"
    r"(?:的|留的|办公室|值班|前台|维修|服务|电话|号码|手机|热线|座机|客服|是|打来|[:：\s])*"
    r"|\b(?:hotline|scam\w*|agency|agent|caller|ad|advert|flyer|company|shop|management|office)(?:'s)?\s?"
    r"(?:phone|number|line|hotline|tel|is|was|desk|on|at|[:\s])*)$"
)


def find_phones(plain: str) -> tuple[PhoneFact, ...]:
    """The numbers in a plain text; `words` are those of the plain text."""
    found = [*_written(plain), *_read_out(plain), *_read_out_in_english(plain)]
    kept: list[PhoneFact] = []
    for fact in sorted(found, key=lambda fact: fact.span):
        if not kept or fact.span[0] >= kept[-1].span[1]:
            kept.append(fact)
    return tuple(kept[:MOST_FOUND])


def mask(number: str) -> str:
    """A number that may be recognised by its owner and called by nobody: 138****5678."""
    kept = 3 if len(number) > 8 else 2
    return f"{number[:kept]}****{number[-4 if len(number) > 8 else -2 :]}"


def _written(plain: str) -> Iterator[PhoneFact]:
    for match in _NUMBERS.finditer(plain):
        number = _normal(match)
        if number and _is_phone(plain, match, number):
            yield _fact(plain, match.start(), match.end(), number)


def _normal(match: re.Match[str]) -> str:
    """The digits to be dialled; empty where they are too many or too few."""
    kind, said = next((kind, said) for kind, said in match.groupdict().items() if said)
    digits = "".join(sign for sign in said if sign.isdigit())
    if kind in ("abroad", "area"):
        return f"0{digits.lstrip('0')}" + "".join(sign for sign in match["local"] if sign.isdigit())
    if kind == "service":
        return digits if len(digits) == 10 else ""
    return f"+{digits}" if kind == "foreign" else digits


def _is_phone(plain: str, match: re.Match[str], number: str) -> bool:
    start, end = match.span()
    if _NUMBERED.search(plain, max(0, start - 24), start) or _PRICED.match(plain, end):
        return False
    if match["short"]:
        return "短号" in plain[max(0, start - 3) : start] or (
            bool(_CALLED.search(plain, max(0, start - 24), start)) and not _looks_like_a_date(number)
        )
    return not _is_in_a_longer_number(plain, start, end)


def _looks_like_a_date(number: str) -> bool:
    return re.fullmatch(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])", number) is not None


def _is_in_a_longer_number(plain: str, start: int, end: int) -> bool:
    """Whether groups of four stand around, as on a bank card: 6222 0213 8001 3800 000."""
    before, after = plain[max(0, start - 5) : start], plain[end : end + 5]
    return bool(re.fullmatch(r"[0-9]{4}[\s-]", before) or re.match(r"[\s-][0-9]{3,4}(?![0-9])", after)) and (
        " " in plain[start:end] or "-" in plain[start:end]
    )


def _read_out(plain: str) -> Iterator[PhoneFact]:
    for match in _READ_OUT.finditer(plain):
        said = match[0]
        if said.isascii():
            continue
        digits = re.sub(r"([二两三四五六2-6])个(.)", lambda each: each[2] * _TIMES[each[1]], said)
        number = "".join(_SPOKEN.get(sign, sign) for sign in digits if sign in _SPOKEN or sign.isdigit())
        if _can_be_dialled(number) and not _NUMBERED.search(plain, max(0, match.start() - 24), match.start()):
            yield _fact(plain, match.start(), match.end(), number)


def _read_out_in_english(plain: str) -> Iterator[PhoneFact]:
    for match in _EN_READ_OUT.finditer(plain):
        number, times = "", 1
        for word in _EN_WORD.findall(match[0]):
            if word in ("double", "triple"):
                times = 2 if word == "double" else 3
            else:
                number, times = number + _EN_SIGNS[word] * times, 1
        if _can_be_dialled(number):
            yield _fact(plain, match.start(), match.end(), number)


def _can_be_dialled(number: str) -> bool:
    return re.fullmatch(r"1[3-9][0-9]{9}|0(?:10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}", number) is not None


def _fact(plain: str, start: int, end: int, number: str) -> PhoneFact:
    is_service = number.startswith(("400", "800")) and len(number) == 10
    is_contact = not is_service and not _OF_OTHERS.search(plain, max(0, start - 20), start)
    return PhoneFact((start, end), plain[start:end], number, is_contact)
