"""Which of two profiles stays when two people are one: a confirmed home, a chosen language, all that is known."""

from __future__ import annotations

from community.residents.models import HomeClaim, Resident

_SURE = {HomeClaim.CONFIRMED: 2, HomeClaim.CLAIMED: 1, HomeClaim.NONE: 0}


def take_over_profile(kept: Resident, asker: Resident) -> None:
    """Fill `kept`, who typed the code, with what is known of who asked for it.

    Where both know something, the one who asked is believed: that is the account with the longer history. But a home
    that is confirmed goes before one that is only claimed, and a language that was chosen before one that was guessed.
    """
    if _knows_home_better(asker, kept):
        same = kept.home_id == asker.home_id
        kept.community_id, kept.home_id = asker.community_id, asker.home_id
        kept.home_claim = asker.home_claim
        kept.room = asker.room or (kept.room if same else None)
    if asker.language_chosen or kept.language is None:
        kept.language, kept.language_chosen = asker.language, asker.language_chosen
    kept.name = asker.name or kept.name
    kept.phone = asker.phone or kept.phone
    kept.birth_year = asker.birth_year or kept.birth_year
    kept.created_at = min(kept.created_at, asker.created_at)


def _knows_home_better(asker: Resident, kept: Resident) -> bool:
    if asker.community_id is None:
        return False
    return kept.community_id is None or _SURE[asker.home_claim] >= _SURE[kept.home_claim]
