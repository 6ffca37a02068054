"""The OpenAPI document of the admin API, `openapi.json` with the paths of the table of routes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ...core.version import __version__
from .asking import Field
from .routes import ROUTES, Route

_PARAMETER: Final = re.compile(r"<(?:(int|path):)?(\w+)>")
_KINDS: Final = {"text/plain": "string"}
_SCOPES: Final = {
    "data": "The customer whose data is meant; the first one if not given.",
    "setting": "The customer it is for; everyone if not given.",
    "named": "The customer that is meant.",
}


def document(server: str) -> dict[str, Any]:
    """OpenAPI 3.1 of everything under /__admin, at the origin `server`."""
    made: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    made["info"]["version"] = __version__
    made["servers"][0]["url"] = server
    for route in ROUTES:
        path = "/__admin" + _PARAMETER.sub(r"{\2}", route.path)
        made["paths"].setdefault(path, {})[route.method.lower()] = _operation(route)
    return made


def _operation(route: Route) -> dict[str, Any]:
    words = [route.method.lower(), *re.findall(r"\w+", _PARAMETER.sub("one", route.path))]
    operation: dict[str, Any] = {
        "operationId": "_".join(words),
        "summary": route.summary,
        "tags": [route.path.split("/")[1]],
        "parameters": _parameters(route),
        "responses": {
            str(route.status): {
                "description": "Done.",
                "content": {route.content: {"schema": {"type": _KINDS.get(route.content, "object")}}},
            },
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    if route.body is not None or route.free is not None:
        content: dict[str, Any] = {"schema": _body(route)}
        if route.example is not None:
            content["example"] = route.example
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    if route.public:
        operation["security"] = []
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if kind == "int" else "string"},
        }
        for kind, name in _PARAMETER.findall(route.path)
    ]
    if route.scope != "none":
        schema = {"type": "string", "minLength": 1}
        token = {"name": "token", "in": "query", "description": _SCOPES[route.scope], "schema": schema}
        found.append(token | ({"required": True} if route.scope == "named" else {}))
    for name, each in route.query.items():
        found.append({"name": name, "in": "query", "description": each.says, "schema": dict(each.schema)})
    if route.prefixes:
        says = "Value of a parameter, such as body.status=2 (chat room list) or query.id=3 (system messages)."
        found.append(
            {"name": "body.status", "in": "query", "description": says, "schema": {"type": "string"}}
        )
    return found


def _body(route: Route) -> dict[str, Any]:
    if route.body is None:
        return dict(route.free or {})
    members: Mapping[str, Field] = route.body
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: {**_member(each), "description": each.says} for name, each in members.items()},
        "additionalProperties": False,
    }
    if route.scope != "none":
        schema["properties"]["tenant"] = {
            "type": ["string", "null"],
            "description": f"{_SCOPES[route.scope]} As ?token=.",
        }
    required = [name for name, each in members.items() if each.required]
    return {**schema, "required": required} if required else schema


def _member(each: Field) -> dict[str, Any]:
    """The schema of a member. Null is as absent, so it is taken where absent is."""
    schema = dict(each.schema)
    if each.required:
        return schema
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    kinds = schema["type"]
    return {**schema, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}
