"""Passwords that everybody tries first: the most common ones, keyboard runs, repeats, and words of this project."""

from __future__ import annotations

_WORDS = frozenset(
    """
    password passw0rd password1 password123 iloveyou princess sunshine football baseball superman welcome1 whatever
    trustno1 starwars computer michelle jennifer internet charlie1 1q2w3e4r 1q2w3e4r5t q1w2e3r4 qwe123456 abc12345
    abcd1234 a1234567 a12345678 a123456789 admin123 admin1234 administrator letmein1 changeme changeit woaini520
    woaini1314 5201314520 1314520520 woaiwojia linli123 linli1234 linlilinli shequ123 juweihui shegong123 qwerty123
    qwertyuiop asdfghjkl zxcvbnm123 1qaz2wsx 1qaz2wsx3edc zaq12wsx qazwsxedc
    """.split()
)
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)


def is_common(password: str) -> bool:
    """True for a listed one, a run of a keyboard or alphabet, or fewer than four different characters."""
    plain = password.casefold()
    return plain in _WORDS or any(plain in run for run in _RUNS) or len(set(plain)) < 4
