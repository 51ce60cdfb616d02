"""`linli learning export`: what staff taught as files for the repository, without what the bot learns already."""

from __future__ import annotations

from ruamel.yaml import YAML

from community.learning.export import write_answers, write_sentences
from community.learning.queries import find_examples
from linli.database import Sessions
from linli.settings import Settings
from operations.database import find_database_url
from operations.places import BOT
from operations.sessions import run_with_sessions

LEARNED = "learned.yml"


def export_sentences(settings: Settings) -> str:
    """Rasa's training data of the sentences that staff taught."""

    async def export(sessions: Sessions) -> str:
        async with sessions() as session:
            return write_sentences(await find_examples(session), known_sentences())

    return run_with_sessions(find_database_url(settings), export)


def export_answers(settings: Settings) -> str:
    """The answers that staff wrote, as an answers file."""

    async def export(sessions: Sessions) -> str:
        async with sessions() as session:
            return await write_answers(session)

    return run_with_sessions(find_database_url(settings), export)


def known_sentences() -> set[str]:
    """All sentences in bot/data/nlu but those of an earlier export, which is written anew as a whole."""
    paths = [path for path in sorted((BOT / "data/nlu").rglob("*.yml")) if path.name != LEARNED]
    blocks = [block for path in paths for block in YAML(typ="safe").load(path)["nlu"] if "examples" in block]
    return {line.removeprefix("- ").strip() for block in blocks for line in block["examples"].splitlines()}
