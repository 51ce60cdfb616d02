"""`linli street load FILE`: the communities of a real street are read from a file, checked and stored."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from community.actors import SYSTEM
from community.places.plan import StreetPlan
from community.places.settling import Settled, settle_street
from linli.database import Sessions
from linli.settings import Settings
from operations.database import find_database_url
from operations.problem import Problem
from operations.sessions import run_with_sessions


def load_street(settings: Settings, path: Path) -> str:
    """Store what the file says; gives a sentence about what was new. Raises Problem with everything that is wrong."""
    plan = read_plan(path)

    async def load(sessions: Sessions) -> Settled:
        async with sessions.begin() as session:
            return await settle_street(session, SYSTEM, plan)

    new = run_with_sessions(find_database_url(settings), load)
    return (
        f"{plan.street.zh}: {new.communities} communities, {new.places} grids, buildings and units, "
        f"{new.parties} parties and {new.responsibilities} responsibilities are new."
    )


def read_plan(path: Path) -> StreetPlan:
    """The street in a file. Raises Problem."""
    try:
        return StreetPlan.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, YAMLError) as error:
        raise Problem(f"{path.name} is no YAML: {error}") from None
    except ValidationError as error:
        raise Problem("\n".join(_explain(path.name, error))) from None


def _explain(name: str, error: ValidationError) -> list[str]:
    return [
        f"{name}, {'.'.join(str(part) for part in row['loc']) or 'the whole'}: "
        f"{row['msg'].removeprefix('Value error, ')}"
        for row in error.errors()
    ]
