"""Residents' pages under /m, the mini-service beside the chat: forms that work without scripts, the chat's use-cases.

A request is answered in four steps: here.py (who is it), a query or use-case of community/, drawing.py (the page).
"""

from __future__ import annotations

from web.residents import (
    activities,
    acts,
    after,
    allowed,
    archive,
    arriving,
    board,
    certificates,
    channels,
    enter,
    home,
    household,
    me,
    needs,
    notice_acts,
    notices,
    shifts,
    swaps,
    teams,
    wishes,
)

DOORS = (
    enter,
    needs,
    acts,
    allowed,
    board,
    activities,
    shifts,
    after,
    arriving,
    swaps,
    teams,
    certificates,
    archive,
    notices,
    notice_acts,
    wishes,
    me,
    channels,
    home,
    household,
)
