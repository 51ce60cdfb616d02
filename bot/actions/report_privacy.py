"""What a person says about who may see a report: "只让社工看", "keep this private", "别公开"."""

from __future__ import annotations

import re

from community.needs.models import Visibility

_SOCIAL_WORKERS_ONLY = re.compile(
    r"(?:只|就)(?:让|给|能|许|告诉|跟|对)社工(?:们|站)?|"
    r"(?:别|不要|不能|不想|不许|千万别)(?:让|给|告诉|跟|和|叫)(?:任何)?(?:居委会?|物业|社区|邻居|别人|其他人|别的人|人家|外人|家里人)"
    r"(?:的人)?(?:看|知道|晓得|说|讲|听见)?|"
    r"(?:请|要|帮我|替我|给我|麻烦|希望|一定|务必)(?:你们?|您|大家)?(?:要|帮我|替我|给我)?保密|"
    r"(?:这|此)(?:个|件)?事(?:要|得|请)?保密|"
    r"keep (?:this|it|that) (?:private|secret|confidential|between us|to yoursel)|"
    r"only (?:the |a )?social workers?|in confidence|(?:this|it) is confidential|"
    r"(?:don't|do not) (?:tell|let) (?:anyone|anybody|the committee|the property|(?:my |the )?neighbou?rs?)",
    re.IGNORECASE,
)
_NOT_PUBLIC = re.compile(
    r"(?:别|不要|不想|不用|请勿|不许)(?:给我)?(?:公开|公示|挂(?:出来|上去)|贴出来|上公示栏)|"
    r"(?:don't|do not|not) (?:publish|post|put|make) (?:this |it )?(?:public|on the board)|"
    r"(?:don't|do not) publish",
    re.IGNORECASE,
)


def wanted_privacy(words: str) -> Visibility | None:
    """Who may see it, as the words ask; None where they say nothing of it."""
    if _SOCIAL_WORKERS_ONLY.search(words):
        return Visibility.CONFIDENTIAL
    return Visibility.PRIVATE if _NOT_PUBLIC.search(words) else None


def narrower(known: str | None, wanted: Visibility | None, usual: Visibility) -> str | None:
    """The narrowest of what was wanted before, is wanted now and is usual; None for the usual."""
    order = (Visibility.PUBLIC, Visibility.PRIVATE, Visibility.CONFIDENTIAL)
    named = [Visibility(known)] if known else []
    narrowest = max([usual, *named, *([wanted] if wanted else [])], key=order.index)
    return None if narrowest is usual else narrowest.value
