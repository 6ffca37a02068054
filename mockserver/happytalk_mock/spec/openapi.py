"""The OpenAPI 3.1 document of the two endpoints: `openapi.json`, completed from schemas and documented examples.

Nothing is read when this module is imported; `document` reads the data anew at each call, which takes
a few milliseconds. The document is the same for the same address: keys stand in a fixed order.

Requests are described by the strict schemas (what a client should send), answers by the tolerant ones (what a
client should be ready for).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core.version import __version__
from . import resources
from .vocabulary import MESSAGES_PATH, ROOMS_PATH

#: What belongs to a schema as a file and means nothing inside the document.
_FILE_KEYWORDS = frozenset({"$schema", "$id"})
_ROOMS_NOTE = ". Sent by the production sample, not by the development sample."


def document(server_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document for a server at `server_url`, such as `http://127.0.0.1:8080`."""
    made: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    made["info"]["version"] = __version__
    made["servers"][0]["url"] = server_url.rstrip("/") or "/"
    rooms, messages = made["paths"][ROOMS_PATH]["post"], made["paths"][MESSAGES_PATH]["get"]
    asked = resources.schema("system_messages.request", strict=True)["properties"]
    headers, query = asked["headers"]["properties"], asked["query"]
    rooms["parameters"] = [_parameter(name, "header", headers[name], False, _ROOMS_NOTE) for name in headers]
    messages["parameters"] = [
        *(_parameter(name, "header", headers[name], True) for name in headers),
        *(
            _parameter(name, "query", spec, name in query["required"])
            for name, spec in query["properties"].items()
        ),
    ]
    _show(rooms["responses"], "chat_room_lists", _room_failures())
    _show(messages["responses"], "system_messages", _message_failures())
    components = made["components"]
    found = {name: resources.schema(name, strict=name.endswith(".request")) for name in components["schemas"]}
    found |= resources.schema("definitions")["$defs"]
    components["schemas"] = {_component(name): _rewritten(schema) for name, schema in found.items()}
    return made


def _parameter(
    name: str, place: str, spec: Mapping[str, Any], required: bool, note: str = ""
) -> dict[str, Any]:
    schema = {key: value for key, value in spec.items() if key not in {"title", "description"}}
    text = f"{spec['description']} ({spec['title']}){note}"
    return {"name": name, "in": place, "required": required, "description": text, "schema": schema}


# --- examples ----------------------------------------------------------------------------------------------


def _show(responses: Mapping[str, Any], endpoint: str, failures: Mapping[str, Any]) -> None:
    """Puts in the page's own example of a success, and the failures, which may come under either status."""
    for response in responses.values():
        examples = response["content"]["application/json"]["examples"]
        examples |= failures
        if "documented" in examples:
            examples["documented"]["value"] = resources.documented(f"{endpoint}.success")


def _room_failures() -> dict[str, Any]:
    """Every failure that the vendor documents for this API, under `code_message`."""
    meanings = {code["const"]: code["description"] for code in _codes("room_failure_code")}
    return {
        f"failure{body['code']}_{body['message']}": {"summary": meanings[body["code"]], "value": body}
        for body in resources.documented("chat_room_lists.failures")
    }


def _message_failures() -> dict[str, Any]:
    """Every failure code that the vendor documents here; the wording is theirs where shown, else ours."""
    shown = {body["code"]: body for body in resources.documented("system_messages.failures")}
    return {
        f"failure-{code['const']}": {
            "summary": code["description"],
            "value": shown.get(code["const"], {"code": code["const"], "message": code["title"]}),
        }
        for code in _codes("message_failure_code")
    }


def _codes(definition: str) -> list[dict[str, Any]]:
    alternatives = resources.schema("definitions")["$defs"][definition]["anyOf"]
    return [alternative for alternative in alternatives if "const" in alternative]


# --- schemas -----------------------------------------------------------------------------------------------


def _component(name: str) -> str:
    """`ChatRoomListSuccess` for `chat_room_lists.success`."""
    words = re.split("[._]", name.replace("lists", "list"))
    return "".join(word.capitalize() for word in words)


def _rewritten(node: Any) -> Any:
    """The schema with its references pointing into the components and without the keywords of a file."""
    if isinstance(node, list):
        return [_rewritten(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: _reference(value) if key == "$ref" else _rewritten(value)
        for key, value in node.items()
        if key not in _FILE_KEYWORDS
    }


def _reference(target: str) -> str:
    file, _, pointer = target.partition("#/$defs/")
    return f"#/components/schemas/{_component(pointer or file.removesuffix('.json'))}"
