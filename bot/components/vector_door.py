"""A second question that the app may ask at Rasa's door: the vectors of texts, such as those of an answers file.

`POST /webhooks/linli/vectors` with `{"texts": [...]}` answers `{"vectors": [base64 of 512 float16, ...]}`. Like all of
Rasa it listens on loopback alone. Before it: `BotClient.vectors` in channels/bot_client.py. The texts are made normal
and measured exactly as a message is, so that both can be compared.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

import numpy as np
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from components.normal_text import normal
from components.sentence_vectors import vectors

MOST_TEXTS = 256
LONGEST = 5_000
AT_ONCE = 8
"""Texts between two breaths: people who talk meanwhile wait for at most so many, some 30 ms."""


class BadTexts(Exception):
    """The request holds no list of texts that this door takes."""


def add_vector_route(door: Blueprint) -> None:
    """The route beside that of messages."""

    @door.route("/vectors", methods=["POST"])
    async def measure(request: Request) -> HTTPResponse:
        try:
            texts = parse_texts(request.json)
        except BadTexts as error:
            return json({"error": str(error)}, status=400)
        return json({"vectors": await pack_all(texts)})


def parse_texts(body: Any | None) -> list[str]:
    """The texts in a request's JSON; raise BadTexts."""
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise BadTexts("texts is not a list of texts")
    if len(texts) > MOST_TEXTS or any(len(text) > LONGEST for text in texts):
        raise BadTexts(f"more than {MOST_TEXTS} texts, or one of more than {LONGEST} characters")
    return texts


async def pack_all(texts: list[str]) -> list[str]:
    """The vector of each text as it travels."""
    packed: list[str] = []
    for start in range(0, len(texts), AT_ONCE):
        rows = vectors([normal(text) or text for text in texts[start : start + AT_ONCE]])
        packed += [pack(row) for row in rows]
        await asyncio.sleep(0)
    return packed


def pack(vector: np.ndarray) -> str:
    """512 numbers as base64 of float16."""
    return b64encode(vector.astype(np.float16).tobytes()).decode()
