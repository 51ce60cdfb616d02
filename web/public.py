"""The app at the public port: every door that faces the internet, with one place for headers, refusals and parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from web import api, chat, files, health, live, residents
from web.assets import static_app, version
from web.channel_doors import telegram, wechat
from web.parts import Parts, running
from web.refusals import add_refusals
from web.security import SecurityHeaders
from web.staff import console
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
    for door in (chat, live, files, residents, console, api, health):
        app.include_router(door.router)
    app.include_router(telegram.router)
    app.include_router(wechat.router)
    app.mount(f"/static/{version()}", static_app())
    app.add_middleware(SecurityHeaders, settings=parts.settings)
    add_refusals(app)
    return app
