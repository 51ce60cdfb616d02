"""The API's description: OpenAPI for machines, and a page made from it for people, without scripts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from web.api import activities, notices
from web.pages import page, page_language

router = APIRouter(include_in_schema=False)
VERSION = "1"


@router.get("/api/openapi.json")
async def openapi() -> dict[str, Any]:
    """The schema, OpenAPI 3.1."""
    return _schema()


@router.get("/api/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """What there is to ask, with the shapes that go in and out."""
    schema = _schema()
    calls = [
        {"path": path, "method": method.upper(), "says": call.get("description", ""), **_shapes(call)}
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    models = schema["components"]["schemas"]
    shown = {name: model for name, model in models.items() if not name.startswith(("HTTP", "Validation"))}
    return page(request, "api/docs.html", language=page_language(request), calls=calls, models=shown)


def _schema() -> dict[str, Any]:
    return get_openapi(
        title="Linli 邻里", version=VERSION, routes=[*activities.router.routes, *notices.router.routes]
    )


def _shapes(call: dict[str, Any]) -> dict[str, str]:
    """Names of the models that go in and come out; empty where there are none."""
    answers = [answer for code, answer in call["responses"].items() if code.startswith("2")]
    return {"takes": _model(call.get("requestBody", {})), "gives": _model(answers[0] if answers else {})}


def _model(holder: dict[str, Any]) -> str:
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    items = schema.get("items")
    name = str((items or schema).get("$ref", "")).rpartition("/")[2]
    return f"{name}[]" if items else name
