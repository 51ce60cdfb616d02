"""What a use-case refuses: each refusal carries the name of a message that the person may read."""

from __future__ import annotations


class Refused(Exception):
    """A use-case does not do what was asked; nothing was changed. `message` names a text in templates/messages."""

    message = "refused"

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.message = message or self.message
        self.values = values
        super().__init__(self.message)


class NotFound(Refused):
    """There is no such thing, or the person may not know that there is."""

    message = "not_found"


class NotAllowed(Refused):
    """The person may see the thing, yet not do this with it."""

    message = "not_allowed"


class WrongState(Refused):
    """The thing has moved on meanwhile, so the act no longer fits."""

    message = "wrong_state"


class TooMany(Refused):
    """A limit is reached; `wait` says for how many seconds."""

    message = "too_many"

    def __init__(self, wait: int, message: str | None = None) -> None:
        super().__init__(message, wait=wait)
        self.wait = wait
