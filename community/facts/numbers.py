"""Numbers as people write them, 十二, 3, A3, twelve, brought to the one form that the place tree uses: 12, 3, a3."""

from __future__ import annotations

from itertools import pairwise

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
NAMED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
ORDINALS = (
    "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth")  # fmt: skip

# Regular expressions for plain (lower-case, half-width) text.
CHINESE = "[一二三四五六七八九十百零〇]{1,6}"
ARABIC = "(?:[a-z]?[0-9]{1,3}[a-z]?|[a-z])"
ENGLISH = "(?:" + "|".join(NAMED[:0:-1]) + ")"
ORDINAL = "(?:" + "|".join(sorted(ORDINALS[1:], key=len, reverse=True)) + ")"


def number_of(said: str) -> str:
    """The number in the form of the place tree; what is no number comes back as it is."""
    said = said.strip()
    if said in NAMED:
        return str(NAMED.index(said))
    if said in ORDINALS:
        return str(ORDINALS.index(said))
    if said and all(sign in DIGITS or sign in "十百" for sign in said):
        return str(_chinese(said))
    return said.lstrip("0") or said


def least_of(said: str) -> str:
    """The number of an amount: 两三 and 三四十 are the smaller of both, 俩 is two."""
    said = said.replace("俩", "二").replace("仨", "三")
    for first, second in pairwise(said):
        if first in DIGITS and second in DIGITS and DIGITS[second] == DIGITS[first] + 1:
            return number_of(said.replace(second, "", 1))
    return number_of(said)


def _chinese(said: str) -> int:
    """十二 -> 12, 一百零三 -> 103, 一二 -> 12 (read out digit by digit)."""
    if not any(sign in "十百" for sign in said):
        return int("".join(str(DIGITS[sign]) for sign in said))
    total, digit = 0, 0
    for sign in said:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
    return total + digit


def int_of(said: str) -> int:
    """A number in digits or words as an int, 初三 and 廿三 too; 0 where it is none."""
    number = number_of(said.removeprefix("初").replace("廿", "二十"))
    return int(number) if number.isdigit() else 0
