"""The action door: Rasa calls it on loopback in the middle of a turn, and a skill of bot/actions answers with facts.

Whatever fails is an error status, so that Rasa's door fails the turn: 503 when the database is away, 500 for a bug.
"""

from __future__ import annotations

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.actions.registry import ACTIONS
from bot.actions.running import Tools, make_action
from community.needs.usecases.residents import ReportLimits
from web.parts import Parts

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, OSError)


def create_internal_app(parts: Parts) -> Starlette:
    """The action server of this process."""
    limits = ReportLimits(parts.settings.reports_per_hour, parts.settings.reports_per_day)
    return create_action_app(Tools(parts.sessions, limits))


def create_action_app(tools: Tools) -> Starlette:
    """The action server over these tools alone."""
    executor = make_executor(tools)

    async def run_action(request: Request) -> Response:
        return await _answer(executor, await request.json())

    return Starlette(routes=[Route("/webhook", run_action, methods=["POST"])])


def make_executor(tools: Tools) -> ActionExecutor:
    """Every action of the registry, ready to be called."""
    executor = ActionExecutor()
    for name, step in ACTIONS.items():
        executor.register_function(name, make_action(name, step, tools))
    return executor


async def _answer(executor: ActionExecutor, call: dict[str, object]) -> Response:
    try:
        result = await executor.run({"domain": {}, **call})  # Rasa leaves it out; no action of ours reads it
    except ActionNotFoundException as error:
        return JSONResponse({"error": str(error)}, 404)
    except AWAY as error:
        log.warning("action_put_off", action=call.get("next_action"), error=type(error).__name__)
        return JSONResponse({"error": "database away"}, 503)
    except DBAPIError as error:
        status = 503 if error.connection_invalidated else 500
        log.exception("action_failed", action=call.get("next_action"))
        return JSONResponse({"error": type(error).__name__}, status)
    except (
        Exception
    ) as error:  # a bug in a skill must be an answer, so that the turn fails and is tried again
        log.exception("action_failed", action=call.get("next_action"))
        return JSONResponse({"error": type(error).__name__}, 500)
    return JSONResponse(result.model_dump())
