"""The one error an operator sees: a sentence that says what is wrong and what to do, shown without a traceback."""

from __future__ import annotations


class Problem(Exception):
    """Something the operator can put right; the text says what it is and what to do."""
