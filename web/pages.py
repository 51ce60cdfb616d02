"""Drawing pages: templates/pages/ with words in the visitor's language, asset addresses and the chosen size of text."""

from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import asset
from web.words import Language, language_of, words_for

FOLDER = Path(__file__).parent.parent / "templates"
LANGUAGE_COOKIE = "linli_language"
SIZE_COOKIE = "linli_size"
YEAR = 60 * 60 * 24 * 365
SIZES = ("18", "22", "26", "30")  # points, for old eyes; without the cookie text has its usual size


@cache
def environment() -> Environment:
    """The templates of all pages; a name without a value is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        auto_reload=False,  # words and assets are those of the start, so pages have to be too
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset)
    return made


def page(
    request: Request, name: str, *, status: int = 200, language: Language | None = None, **values: object
) -> HTMLResponse:
    """Draw templates/pages/`name`; the template also has `t`, `language`, `size`, `asset` and `path`.

    `language` is the person's, where it is known; else that of the visit.
    """
    language = language or page_language(request)
    values = {
        "t": words_for(language),
        "language": language,
        "size": page_size(request),
        "path": request.url.path,
    } | values
    return HTMLResponse(environment().get_template(f"pages/{name}").render(**values), status)


def page_language(request: Request) -> Language:
    """The visitor's choice (cookie), or what the browser asks for."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language"))


def has_chosen_language(request: Request) -> bool:
    """Whether the visitor chose the language of pages."""
    return LANGUAGE_COOKIE in request.cookies


def keep_language(response: Response, language: Language, *, secure: bool) -> None:
    """Let pages speak this language on this browser from now on."""
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, path="/", secure=secure, samesite="lax")


def page_size(request: Request) -> str:
    """Points of the main text that the visitor chose, or empty for the usual size."""
    chosen = request.cookies.get(SIZE_COOKIE, "")
    return chosen if chosen in SIZES else ""
