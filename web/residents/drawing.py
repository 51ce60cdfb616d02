"""Drawing residents' pages: the frame with its tabs, and moments, places and names in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from channels.render import in_language, name_day, name_moment
from community.clock import now
from community.needs.models import Need
from web.happened import tell_happened
from web.pages import page
from web.parts import Parts
from web.residents.forms import make_token
from web.residents.here import Here
from web.words import Translate, words_for

DONE = frozenset(
    {
        "joined",
        "confirmed",
        "left",
        "added",
        "withdrawn",
        "rated",
        "reopened",
        "saved",
        "home",
        "private",
        "agreed",
        "not_agreed",
        "taken_back",
        "swap_asked",
        "swapped",
        "not_swapped",
        "arrived",
        "gone",
        "help_asked",
        "team_joined",
        "receipt",
        "in_chat",
    }
)


class Tongue:
    """Says moments and names to one person: in the language chosen, in the zone of the community."""

    def __init__(self, here: Here) -> None:
        self._language, self._zone = here.language, here.zone
        self._now = now()
        self.t: Translate = words_for(here.language)

    def local(self, name: Mapping[str, str] | str | None) -> str:
        """A name that travels in both languages."""
        return in_language(name, self._language)

    def moment(self, at: datetime) -> str:
        """今天 17:30, today 17:30."""
        return name_moment(at, self._language, self._zone, self._now)

    def happened(self, need: Need) -> str:
        """When it happened, as a date: 3月3日 22:00–23:00."""
        return tell_happened(need, self._language, self._zone, self._now)

    def clock(self, at: datetime) -> str:
        """17:30."""
        return f"{at.astimezone(ZoneInfo(self._zone)):%-H:%M}"

    def day(self, at: datetime) -> str:
        """今天, 11月3日; today, 3 Nov."""
        return name_day(at, self._language, self._zone, self._now)


def draw(
    request: Request,
    parts: Parts,
    here: Here,
    name: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
) -> HTMLResponse:
    """Draw templates/pages/residents/`name`; the template also has `here`, `say`, `token` and `done`."""
    done = request.query_params.get("done", "")
    common: dict[str, object] = {
        "here": here,
        "say": Tongue(here),
        "token": make_token(parts.settings, here.resident_id),
        "done": done if done in DONE else "",
    }
    drawn: dict[str, object] = {**common, **values}
    return page(request, f"residents/{name}", status=status, language=here.language, **drawn)


def draw_stranger(request: Request, parts: Parts, here: Here, tab: str) -> HTMLResponse:
    """The page for somebody who has said nothing yet: what will be here, and the way to the chat."""
    return draw(request, parts, here, "nobody.html", {"tab": tab})


def see_other(path: str, done: str = "") -> RedirectResponse:
    """After a form: to the page that shows what became of it."""
    return RedirectResponse(f"{path}?done={done}" if done else path, 303)
