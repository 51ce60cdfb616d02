"""`linli answers load` and `linli learning export` on a real database: by community, bot away, without doubles."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from community.answers.file import SHIPPED, read_file
from community.learning.queries import find_groups
from community.learning.usecases import teach_group
from linli.database import Sessions
from linli.settings import Settings
from operations.answers import load_file
from operations.learning import export_answers, export_sentences, known_sentences
from operations.problem import Problem
from operations.sessions import run_with_sessions
from tests.cast import Cast, make_cast
from tests.community.test_answers import GOOD
from tests.community.test_learning import fill


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An operator's settings, with no bot running."""
    return Settings(
        _env_file=None, database_url=database_url, data_dir=tmp_path, bot_url="http://127.0.0.1:9"
    )


async def teach(sessions: Sessions) -> Cast:
    """A street where something was not understood, and a sentence of it taught; one is known to the bot already."""
    cast = await make_cast(sessions)
    await fill(sessions, cast)
    async with sessions.begin() as session:
        group, *_ = await find_groups(session, cast.street)
        said = ["这里有没有书可以借走看看", max(known_sentences())]
        await teach_group(session, cast.street, [group.typical.id], "ask_procedure", said)
    return cast


def test_a_file_is_loaded_for_all_or_for_one_community(settings: Settings, tmp_path: Path) -> None:
    run_with_sessions(settings.database_url, make_cast)
    own = tmp_path / "own.yml"
    own.write_text(GOOD, encoding="utf-8")
    shipped = len(read_file(SHIPPED))
    said = load_file(settings, None, None)
    assert said.startswith(f"{shipped} answers for all communities, 0 taken out. The bot is away")
    assert load_file(settings, own, "banyan").startswith("1 answers for banyan, 0 taken out.")
    assert load_file(settings, own, None).startswith(f"1 answers for all communities, {shipped} taken out.")
    with pytest.raises(Problem, match="There is no community nowhere; there are: banyan, river"):
        load_file(settings, own, "nowhere")


def test_what_was_taught_is_exported_without_what_is_known(settings: Settings) -> None:
    run_with_sessions(settings.database_url, teach)
    written = YAML(typ="safe").load(export_sentences(settings))
    assert written["nlu"] == [{"intent": "ask_procedure", "examples": "- 这里有没有书可以借走看看\n"}]
    assert YAML(typ="safe").load(export_answers(settings)) == []
