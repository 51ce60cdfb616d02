"""What was not understood, in groups: teach it, answer it or leave it; what colleagues did; the taught as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import name_day
from community.answers.file import Entry
from community.clock import now
from community.errors import NotFound, Refused
from community.learning.export import write_sentences
from community.learning.grouping import Group
from community.learning.intents import TEACHABLE
from community.learning.queries import find_acts, find_examples, find_groups, get_group
from community.learning.usecases import answer_group, ignore_group, teach_group
from community.parties.queries import get_workplace
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/learning")
LIST = "/staff/learning"
DONE = ("teach", "answer", "ignore")
MOST_SAID = 50
Do = Callable[[AsyncSession, list[UUID]], Awaitable[object]]


@router.get("")
async def learning(desk: Looking, done: Annotated[str, Query()] = "") -> Response:
    """The groups, the largest first, and what was done lately."""
    async with desk.parts.sessions() as session:
        groups = await find_groups(session, desk.actor)
        zone, at = zone_of(await get_workplace(session, desk.actor)), now()
        return await desk.draw(
            session,
            "learning.html",
            groups=groups,
            acts=await find_acts(session, desk.actor),
            done=done if done in DONE else "",
            intent_name=_intent_names(desk),
            day=lambda day: name_day(day, desk.language, zone, at),
        )


@router.get("/learned.yml")
async def download(desk: Looking) -> Response:
    """What was taught, as training data for the repository."""
    async with desk.parts.sessions() as session:
        written = write_sentences(await find_examples(session, desk.actor))
    headers = {"Content-Disposition": 'attachment; filename="learned.yml"', "Cache-Control": "no-store"}
    return Response(written, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/{message_id}")
async def group(desk: Looking, message_id: UUID) -> Response:
    """One group, with what can be made of it."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, await get_group(session, desk.actor, message_id))


@router.post("/{message_id}/teach")
async def teach(desk: Changing, message_id: UUID) -> Response:
    """These are sentences of a wish."""

    async def do(session: AsyncSession, ids: list[UUID]) -> object:
        said = desk.typed.words_if_any("sentences").splitlines()
        return await teach_group(session, desk.actor, ids, desk.typed.get("intent"), said)

    return await _act(desk, message_id, do, "teach")


@router.post("/{message_id}/answer")
async def answer(desk: Changing, message_id: UUID) -> Response:
    """This is the answer to them."""

    async def do(session: AsyncSession, ids: list[UUID]) -> object:
        return await answer_group(session, desk.actor, ids, await _read_entry(session, desk))

    return await _act(desk, message_id, do, "answer")


@router.post("/{message_id}/ignore")
async def ignore(desk: Changing, message_id: UUID) -> Response:
    """Nothing is to be learned from them."""
    return await _act(desk, message_id, lambda session, ids: ignore_group(session, desk.actor, ids), "ignore")


async def _act(desk: Desk, message_id: UUID, do: Do, done: str) -> Response:
    """Do it with the messages that the page showed; a refusal is drawn above the forms, with what was typed."""
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session, _shown(desk) or [message_id])
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound):
            raise
        async with desk.parts.sessions() as session:
            found = await get_group(session, desk.actor, message_id)
            return await _draw(session, desk, found, refusal=desk.say(error), refused=done, status=422)
    return desk.go(f"{LIST}?done={done}")


def _shown(desk: Desk) -> list[UUID]:
    """The messages that the page showed when the button was pressed; others may have come since."""
    found = []
    for part in desk.typed.fields.get("messages", "").split(","):
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found


async def _read_entry(session: AsyncSession, desk: Desk) -> Entry:
    """The answer as it was typed; Chinese stands in where English is missing. Raises Refused("answer_not_usable")."""
    typed = desk.typed
    zone = zone_of(await get_workplace(session, desk.actor))
    asked = {tongue: _lines(typed.words_if_any(f"questions_{tongue}")) for tongue in ("zh", "en")}
    title = {tongue: typed.get(f"title_{tongue}", 40) for tongue in ("zh", "en")}
    said = {tongue: "\n".join(_lines(typed.words_if_any(f"answer_{tongue}"))) for tongue in ("zh", "en")}
    source = {tongue: typed.get(f"source_{tongue}", 80) for tongue in ("zh", "en")}
    try:
        return Entry.model_validate(
            {
                "id": f"own_{token_hex(6)}",
                "topic": "own",
                "title": {"zh": title["zh"], "en": title["en"] or title["zh"]},
                "questions": {
                    "zh": list(dict.fromkeys([*asked["zh"], title["zh"]]))[:MOST_SAID],
                    "en": asked["en"] or [title["en"] or title["zh"]],
                },
                "answer": {"zh": said["zh"], "en": said["en"] or said["zh"]},
                "source": {"zh": source["zh"], "en": source["en"] or source["zh"]},
                "checked": now().astimezone(ZoneInfo(zone)).date(),
            }
        )
    except ValidationError as error:
        raise Refused("answer_not_usable") from error


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


async def _draw(
    session: AsyncSession,
    desk: Desk,
    found: Group,
    *,
    status: int = 200,
    refusal: str = "",
    refused: str = "",
) -> Response:
    return await desk.draw(
        session,
        "learning_group.html",
        status=status,
        group=found,
        refusal=refusal,
        refused=refused,
        intents=TEACHABLE,
        intent_name=_intent_names(desk),
        chinese=[words for words in found.words if not words.isascii()][:MOST_SAID],
        english=[words for words in found.words if words.isascii()][:MOST_SAID],
    )


def _intent_names(desk: Desk) -> Callable[[str], str]:
    """A wish by its name; what is no wish, such as the code of an answer, as it is."""
    return lambda intent: desk.t(f"staff_learning.intent_{intent}") if intent in TEACHABLE else intent
