"""The other side of `round`: a bare Rasa with the pipeline and policies of `rasa init`, its REST channel, no database.

It is trained on the sentences of our bot, so both understand the same things, and answers each intent with a fixed
text, without any action; where it is not sure it asks to say it again. One epoch of DIET is enough: what a turn costs
does not depend on how long it was trained, and an epoch of all our sentences takes most of a minute.
Made once for each version of Rasa and of the sentences, run by the same environment as our bot.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from pathlib import Path
from typing import Any, Self

from bench.client import Http, NotAnswered
from bench.ground import KEPT
from operations.children import Child
from operations.model import bot_environment
from operations.places import BOT
from operations.problem import Problem

RASA = BOT / ".venv/bin/rasa"
MODEL = "starter"
SENTENCES = BOT / "data" / "nlu"
UNSURE = "nlu_fallback"
DIET = {"epochs": 1, "constrain_similarities": True}
TED = {"max_history": 5, "epochs": 20, "constrain_similarities": True}
PIPELINE: tuple[dict[str, Any], ...] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", **DIET},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", **DIET},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
)
POLICIES: tuple[dict[str, Any], ...] = (
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 20},
    {"name": "TEDPolicy", **TED},
)
"""Both as the comments in the config.yml of `rasa init` list them."""


def prepare_starter() -> Path:
    """The folder of the trained project; made where there is none yet (some minutes)."""
    project = KEPT / f"starter-{_version()}-{_fingerprint()}"
    if not project.exists():
        for old in KEPT.glob("starter-*"):
            shutil.rmtree(old)
        fresh = project.with_suffix(".new")
        write_project(fresh)
        train(fresh)
        fresh.rename(project)
    return project


def starter_bot(project: Path, port: int, log: Path) -> Child:
    """The process that answers at `port`."""
    command = [str(RASA), "run", "-i", "127.0.0.1", "-p", str(port), "-m", f"models/{MODEL}.tar.gz"]
    command += ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    return Child("starter", command, log, project, bot_environment())


class Caller:
    """A person at the REST channel."""

    def __init__(self, port: int, number: int) -> None:
        self._http = Http(port)
        self._name = f"bench-{number}"

    async def open(self) -> Self:
        """Connect."""
        await self._http.open()
        return self

    async def close(self) -> None:
        """Disconnect."""
        await self._http.close()

    async def say(self, words: str) -> float:
        """Post words; seconds until they are answered. Raises NotAnswered where the answer is empty."""
        started = time.perf_counter()
        answer = await self._http.post("/webhooks/rest/webhook", {"sender": self._name, "message": words})
        took = time.perf_counter() - started
        if b"text" not in answer:
            raise NotAnswered(f"the bare Rasa has nothing to say to {words}")
        return took


def write_project(folder: Path, epochs: int | None = None) -> None:
    """Our sentences under the configuration of `rasa init`; `epochs` for all that is trained in epochs.

    Each intent has a rule beside its story, so that what a hasty TED is not sure of is answered too.
    """
    intents = _intents()
    (folder / "data").mkdir(parents=True)
    shutil.copytree(SENTENCES, folder / "data" / "nlu")
    steps = {name: [{"intent": name}, {"action": f"utter_{name}"}] for name in (*intents, UNSURE)}
    stories = [{"story": name, "steps": steps[name]} for name in intents]
    rules = [{"rule": name, "steps": taken} for name, taken in steps.items()]
    responses = {f"utter_{name}": [{"text": name}] for name in steps}
    _write(
        folder / "config.yml",
        recipe="default.v1",
        assistant_id=MODEL,
        language="en",
        pipeline=[_with_epochs(part, epochs) for part in PIPELINE],
        policies=[_with_epochs(part, epochs) for part in POLICIES],
    )
    _write(folder / "domain.yml", version="3.1", intents=list(steps), responses=responses)
    _write(folder / "data" / "stories.yml", version="3.1", stories=stories, rules=rules)
    _write(folder / "credentials.yml", rest=None)
    _write(folder / "endpoints.yml")


def _with_epochs(part: dict[str, Any], epochs: int | None) -> dict[str, Any]:
    return part | {"epochs": epochs} if epochs and "epochs" in part else part


def _write(file: Path, **content: Any) -> None:
    """Each key on a line of its own, where Rasa looks for it; what stands behind it is JSON, which is YAML."""
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in content.items())
    file.write_text("".join(lines), encoding="utf-8")


def _intents() -> list[str]:
    """Every intent that has sentences."""
    lines = (
        line for file in sorted(SENTENCES.rglob("*.yml")) for line in file.read_text("utf-8").splitlines()
    )
    return sorted(
        {line.partition("intent:")[2].strip() for line in lines if line.strip().startswith("- intent:")}
    )


def _fingerprint() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(SENTENCES.rglob("*.yml")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def train(project: Path) -> None:
    """Train the project as it lies there; raise Problem where that fails."""
    command = [str(RASA), "train", "--fixed-model-name", MODEL]
    training = Child("training", command, project / "train.log", project, bot_environment())
    training.start()
    try:
        while training.alive:
            time.sleep(0.5)
    finally:
        training.kill()
    if training.exit_code != 0:
        raise Problem(
            f"Rasa's starter project was not trained; the end of {training.log}:\n{training.tail()}"
        )


def _packages() -> Path:
    return next((BOT / ".venv/lib").glob("python3*/site-packages"))


def _version() -> str:
    found = next(_packages().glob("rasa-[0-9]*.dist-info"))
    return found.name.removeprefix("rasa-").removesuffix(".dist-info")
