"""Which language a message is in, and what follows for the person: docs/decisions has the rule and its reasons.

Courtesies (ok, thank you, 谢谢), names and numbers say nothing. Of all else the greater part counts, so that one
foreign word flips nobody: "我家 lift 坏了" is Chinese, "the 电梯 in block 3 is dead" English.
"""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.residents.models import Language, Resident

_FOLLOW = (
    update(Resident)
    .where(Resident.id == bindparam("own"), ~Resident.language_chosen)
    .values(language=bindparam("spoken"))
    .returning(func.set_config("synchronous_commit", "off", True))
    .execution_options(synchronize_session=False)
)
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}(?:['’][a-z]+)?")
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[A-Za-z0-9+/=]{25,}|\b(?=\w*\d)\w+\b")
_COURTESIES = re.compile(
    r"谢谢|多谢|你好|您好|再见|拜拜|好的|好|嗯|是|对|"
    r"\b(?:ok|okay|hi|hello|hey|bye|thanks?|thx|you|very|much|so|sorry|please|yes|yep|no|good|morning|evening)\b",
    re.IGNORECASE,
)
_HAN_A_WORD = 1.5
_CODE = re.compile(r"[{}<>\\]|;\s*--|^\s*/\w")
LEAST = 2


def language_of(text: str) -> Language | None:
    """The language of a message; None where it says too little."""
    rest = _COURTESIES.sub(" ", _NO_WORDS.sub(" ", text))
    han, words = len(_HAN.findall(rest)), len(_WORD.findall(rest))
    if max(han, words) < LEAST or (words > han and _CODE.search(text)):
        return None
    return Language.ZH if han / _HAN_A_WORD >= words else Language.EN


async def follow_language(session: AsyncSession, resident_id: UUID, language: Language) -> bool:
    """Speak the language of the person's message from now on; False where the person chose another one.

    The commit does not wait for the disk: that of the turn's answer takes it along.
    """
    values = {"own": resident_id, "spoken": language}
    return (await session.scalar(_FOLLOW, values)) is not None
