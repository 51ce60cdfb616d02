"""What storing a message costs at the least: a bare FastAPI route with the two inserts, and nothing around them.

`python -m bench.bare_route PORT`, with Linli's settings, so that its rows are sealed as Linli's are. Measured against
/chat/messages by bench/store.py.
"""

from __future__ import annotations

import sys
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.web.models import ThreadItem
from community.clock import now
from community.inbox.models import InboundMessage, InboundState
from linli.database import make_engine
from linli.settings import load_settings


class Message(BaseModel):
    """What the client sends; whose message it is, it says itself."""

    id: UUID
    text: str
    address_id: UUID
    resident_id: UUID


def make_app(engine: AsyncEngine) -> FastAPI:
    """The app with its one route."""
    app = FastAPI()

    @app.post("/messages")
    async def store(message: Message) -> dict[str, int]:
        async with engine.begin() as connection:
            row = {
                "address_id": message.address_id,
                "resident_id": message.resident_id,
                "channel": "web",
                "outside_id": str(message.id),
                "text": message.text,
                "files": [],
                "state": InboundState.WAITING,
                "due_at": now(),
            }
            made = await connection.execute(insert(InboundMessage).values(row).returning(InboundMessage.id))
            number = made.scalar_one()
            item = {"address_id": message.address_id, "seq": -number, "inbound_id": number, "at": now()}
            await connection.execute(insert(ThreadItem).values(item))
        return {"seq": number}

    return app


def main() -> None:
    """Serve until stopped, with the server settings of the real app."""
    app = make_app(make_engine(load_settings().database_url))
    uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False)


if __name__ == "__main__":
    main()
