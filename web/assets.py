"""Front-end files under /static/<version>/: the version is a hash of them all, so browsers may keep them for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER = Path(__file__).parent / "static"


class KeptFiles(StaticFiles):
    """Static files that a browser keeps without asking again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@cache
def version() -> str:
    """Twelve characters that change when any front-end file changes; read once a process."""
    total = sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(FOLDER).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def asset(path: str) -> str:
    """Address of one front-end file; an unknown one raises, so that a page with a wrong name fails its test."""
    if not (FOLDER / path).is_file():
        raise FileNotFoundError(f"no front-end file {path}: run `npm ci && npm run build`")
    return f"/static/{version()}/{path}"


def static_app() -> ASGIApp:
    """The app to mount at `/static/<version>`."""
    return GZipMiddleware(KeptFiles(directory=FOLDER), minimum_size=1000)
