"""The app at the public port: every door that faces the internet, with one place for headers, refusals and parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute

from web import api, chat, files, health, live, residents
from web.assets import static_app, version
from web.channel_doors import telegram, wechat
from web.parts import Parts, running
from web.refusals import add_refusals
from web.security import SecurityHeaders
from web.staff import console
from web.stopping import AnswersWhenStopped
from web.words import all_words


def create_app(parts: Parts) -> FastAPI:
    """The public app; the parts run as long as it does. Words are read now, so that a fault in them shows at start."""
    all_words()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with running(parts):
            yield

    app = FastAPI(title="Linli 邻里", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    app.router.routes.extend(_routes())
    app.mount(f"/static/{version()}", static_app())
    app.add_middleware(AnswersWhenStopped)
    app.add_middleware(SecurityHeaders, settings=parts.settings)
    add_refusals(app)
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Of every door, in one list that apps of one process share.

    A router inside a router is read anew by each app at its first request, and looked through twice for each.
    """
    doors = (chat, live, files, *residents.DOORS, *console.DOORS, *api.DOORS, health, telegram, wechat)
    return [route for door in doors for route in door.router.routes]
