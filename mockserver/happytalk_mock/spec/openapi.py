"""The OpenAPI 3.1 document of the two endpoints, built from the schemas and the documented examples.

Nothing is read when this module is imported; `document` reads the data folders anew at each call, which takes
a few milliseconds. The document is the same for the same address: keys stand in a fixed order.

Requests are described by the strict schemas (what a client should send), answers by the tolerant ones (what a
client should be ready for).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.version import __version__
from . import resources

ROOMS_PATH = "/user/api/chat_room_lists/format/json"
MESSAGES_PATH = "/kakaoWebhook/v3/bzmc/sm"

#: Schema of a file -> component of the document. What is not listed is not part of an operation.
_COMPONENTS: Mapping[str, str] = {
    "chat_room_lists.request": "ChatRoomListRequest",
    "chat_room_lists.success": "ChatRoomListSuccess",
    "chat_room_lists.failure": "ChatRoomListFailure",
    "room": "Room",
    "system_messages.success": "SystemMessagesSuccess",
    "system_messages.failure": "SystemMessagesFailure",
    "system_message": "SystemMessage",
    "message_part": "MessagePart",
    "button": "Button",
    "comment": "Comment",
}
_REQUESTS = frozenset({"chat_room_lists.request", "system_messages.request"})
#: What belongs to a schema as a file and means nothing inside the document.
_FILE_KEYWORDS = frozenset({"$schema", "$id"})

_TAGS = (
    {"name": "chat rooms", "description": "상담방 리스트"},
    {"name": "system messages", "description": "시스템 메시지"},
)
_FAILURE_STATUS = (
    "A failure under an HTTP status of its own. The documentation names no HTTP status for failures: "
    "they may as well come with 200."
)


def document(server_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document for a server at `server_url`, such as `http://127.0.0.1:8080`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HappyTalk API (해피톡), mocked",
            "version": __version__,
            "summary": "상담방 리스트 조회, 시스템 메시지 조회",
            "description": "The chat room list and the system messages as HappyTalk documents them. "
            "Descriptions in Korean are the documentation's own; `$comment` marks what it leaves open.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url.rstrip("/") or "/", "description": "this mock"}],
        "tags": [dict(tag) for tag in _TAGS],
        "security": [],
        "paths": {ROOMS_PATH: {"post": _rooms_operation()}, MESSAGES_PATH: {"get": _messages_operation()}},
        "components": {"schemas": _component_schemas()},
    }


# --- operations --------------------------------------------------------------------------------------------


def _rooms_operation() -> dict[str, Any]:
    success = {
        "documented": {
            "summary": "문서의 응답 예제 (the page's example)",
            "value": _success("chat_room_lists"),
        }
    }
    failures = _room_failures()
    return {
        "operationId": "listChatRooms",
        "tags": ["chat rooms"],
        "summary": "상담방 리스트 조회",
        "description": "Lists chat rooms by day of registration. Priority of the dates: "
        "sdate,edate > ndate > null; null (or absent) is the current day in Asia/Seoul.",
        "parameters": [
            _header(
                name, required=False, note="Sent by the production sample, not by the development sample."
            )
            for name in _header_schemas()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _component("ChatRoomListRequest"),
                    "examples": _room_requests(),
                }
            },
        },
        "responses": _responses("ChatRoomList", success, failures),
    }


def _messages_operation() -> dict[str, Any]:
    query = resources.schema("system_messages.request", strict=True)["properties"]["query"]
    success = {
        "documented": {
            "summary": "문서의 응답 예제 (the page's example)",
            "value": _success("system_messages"),
        },
        "none": {"summary": "결과 없음 (nothing found)", "value": {"code": "200", "data": []}},
    }
    return {
        "operationId": "listSystemMessages",
        "tags": ["system messages"],
        "summary": "시스템 메시지 조회",
        "description": "By senderKey the sender's messages whose status is normal (A); "
        "by id that one message.",
        "parameters": [_header(name, required=True) for name in _header_schemas()]
        + [
            _parameter(name, "query", spec, name in query["required"])
            for name, spec in query["properties"].items()
        ],
        "responses": _responses("SystemMessages", success, _message_failures()),
    }


def _responses(prefix: str, success: dict[str, Any], failures: dict[str, Any]) -> dict[str, Any]:
    either = {"oneOf": [_component(f"{prefix}Success"), _component(f"{prefix}Failure")]}
    return {
        "200": {
            "description": "성공 또는 실패 (success, or a failure under HTTP 200)",
            "content": {"application/json": {"schema": either, "examples": success | failures}},
        },
        "4XX": {
            "description": _FAILURE_STATUS,
            "content": {"application/json": {"schema": _component(f"{prefix}Failure"), "examples": failures}},
        },
    }


def _header_schemas() -> dict[str, Any]:
    headers = resources.schema("system_messages.request")["properties"]["headers"]["properties"]
    return dict(headers)


def _header(name: str, *, required: bool, note: str = "") -> dict[str, Any]:
    return _parameter(name, "header", _header_schemas()[name], required, note)


def _parameter(
    name: str, place: str, spec: Mapping[str, Any], required: bool, note: str = ""
) -> dict[str, Any]:
    schema = {key: value for key, value in spec.items() if key not in {"title", "description"}}
    text = f"{spec['description']} ({spec['title']})" + (f". {note}" if note else "")
    return {"name": name, "in": place, "required": required, "description": text, "schema": schema}


# --- examples ----------------------------------------------------------------------------------------------


def _success(endpoint: str) -> Any:
    return resources.documented(f"{endpoint}.success")


def _room_requests() -> dict[str, Any]:
    token = "happytalk-mock-token"  # noqa: S105 - the mock's documented default
    return {
        "today": {"summary": "당일 (the current day)", "value": {"token": token}},
        "day": {"summary": "하루 (one day)", "value": {"token": token, "ndate": "2022-05-26", "status": 99}},
        "range": {
            "summary": "기간 (a range, both ends included)",
            "value": {
                "token": token,
                "sdate": "2022-05-01",
                "edate": "2022-05-26",
                "status": 2,
                "sort_key": "complate_date",
                "sort_value": "asc",
                "limit": 50,
                "page": 1,
            },
        },
    }


def _room_failures() -> dict[str, Any]:
    """Every failure that the vendor documents for this API, under `code_message`."""
    meanings = _meanings("room_failure_code")
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


def _meanings(definition: str) -> dict[int | str, str]:
    return {code["const"]: code["description"] for code in _codes(definition)}


def _codes(definition: str) -> list[dict[str, Any]]:
    alternatives = resources.schema("definitions")["$defs"][definition]["anyOf"]
    return [alternative for alternative in alternatives if "const" in alternative]


# --- schemas -----------------------------------------------------------------------------------------------


def _component(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _component_schemas() -> dict[str, Any]:
    """The components: the schemas of the operations, then the shared definitions."""
    listed = {
        component: _rewritten(resources.schema(name, strict=name in _REQUESTS))
        for name, component in _COMPONENTS.items()
    }
    definitions = {
        _definition_component(name): _rewritten(spec)
        for name, spec in resources.schema("definitions")["$defs"].items()
    }
    return listed | definitions


def _definition_component(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


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
    name = _definition_component(pointer) if pointer else _COMPONENTS[file.removesuffix(".json")]
    return f"#/components/schemas/{name}"
