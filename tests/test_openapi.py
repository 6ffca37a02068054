"""The OpenAPI document is valid, whole, the same each time, and its examples keep to its schemas."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource

from happytalk_mock.spec import openapi, resources

URL = "http://127.0.0.1:8080"
DOCUMENT = openapi.document(URL)
ROOMS = DOCUMENT["paths"]["/user/api/chat_room_lists/format/json"]["post"]
MESSAGES = DOCUMENT["paths"]["/kakaoWebhook/v3/bzmc/sm"]["get"]
OPERATIONS = pytest.mark.parametrize("operation", [ROOMS, MESSAGES], ids=["rooms", "messages"])


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for message in [operation.get("requestBody"), *operation["responses"].values()]:
        if message:
            yield message["content"]["application/json"]


def parameters(operation: dict[str, Any]) -> dict[tuple[str, str], bool]:
    return {
        (parameter["in"], parameter["name"]): parameter["required"] for parameter in operation["parameters"]
    }


@pytest.mark.slow
def test_it_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    assert DOCUMENT["openapi"].startswith("3.1")
    assert DOCUMENT["servers"][0]["url"] == URL


@pytest.mark.parametrize(
    ("given", "written"), [("http://h:1/", "http://h:1"), ("http://h:1", "http://h:1"), ("/", "/")]
)
def test_server_url(given: str, written: str) -> None:
    assert openapi.document(given)["servers"][0]["url"] == written


def test_both_endpoints_and_nothing_else() -> None:
    assert {path: list(item) for path, item in DOCUMENT["paths"].items()} == {
        "/user/api/chat_room_lists/format/json": ["post"],
        "/kakaoWebhook/v3/bzmc/sm": ["get"],
    }
    assert (ROOMS["summary"], MESSAGES["summary"]) == ("상담방 리스트 조회", "시스템 메시지 조회")


def test_parameters() -> None:
    headers = [("header", "HT-Client-Id"), ("header", "HT-Client-Secret")]
    assert parameters(ROOMS) == dict.fromkeys(headers, False)
    assert parameters(MESSAGES) == dict.fromkeys(headers, True) | {
        ("query", "senderKey"): True,
        ("query", "id"): False,
    }


@OPERATIONS
def test_examples_keep_to_their_schemas(operation: dict[str, Any]) -> None:
    registry = Registry().with_resource("urn:doc", Resource.opaque(DOCUMENT))
    judged = 0
    for content in contents(operation):
        text = json.dumps(content["schema"]).replace('"#/', '"urn:doc#/')
        validator = Draft202012Validator(json.loads(text), registry=registry)
        for example in content["examples"].values():
            validator.validate(example["value"])
            judged += 1
    assert judged > 10


def test_every_documented_failure_has_an_example() -> None:
    def codes(operation: dict[str, Any]) -> list[Any]:
        values = [
            example["value"]
            for example in operation["responses"]["4XX"]["content"]["application/json"]["examples"].values()
        ]
        assert all(
            operation["responses"]["200"]["content"]["application/json"]["examples"][name]
            for name in names(operation)
        )
        return [value["code"] for value in values]

    def names(operation: dict[str, Any]) -> list[str]:
        return list(operation["responses"]["4XX"]["content"]["application/json"]["examples"])

    assert codes(ROOMS) == [-501, -501, -502, -503, -503, -504]
    assert codes(MESSAGES) == "403 405 507 508 509 510 514 515 516 517 520".split()  # noqa: SIM905 - reads better


def test_documented_answers_are_the_examples() -> None:
    for operation, name in ((ROOMS, "chat_room_lists"), (MESSAGES, "system_messages")):
        examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
        assert examples["documented"]["value"] == resources.documented(f"{name}.success")
        values = [example["value"] for example in examples.values()]
        assert all(failure in values for failure in resources.documented(f"{name}.failures"))


def test_components_are_whole_and_used() -> None:
    text = json.dumps(DOCUMENT)
    references = set(re.findall(r'"\$ref": "([^"]+)"', text))
    components = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references == components
    assert '"$id"' not in text
    assert ".json#" not in text


def test_schemas_say_what_the_files_say() -> None:
    components = DOCUMENT["components"]["schemas"]
    assert components["Room"]["required"] == resources.schema("room")["required"]
    assert components["RoomStatus"] == resources.schema("definitions")["$defs"]["room_status"]
    assert components["ChatRoomListRequest"]["properties"]["limit"]["type"] == "integer"
    assert components["ChatRoomListRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in components["Room"]


def test_it_is_the_same_in_every_process() -> None:
    code = (
        f"import json; from happytalk_mock.spec import openapi; print(json.dumps(openapi.document({URL!r})))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, timeout=60, env=environment
    )
    assert done.stdout.decode().strip() == json.dumps(DOCUMENT)


def test_every_array_says_what_it_holds() -> None:
    def arrays(found: Any) -> Iterator[dict[str, Any]]:
        if isinstance(found, dict):
            if found.get("type") == "array":
                yield found
            found = list(found.values())
        for each in found if isinstance(found, list) else ():
            yield from arrays(each)

    found = list(arrays(DOCUMENT))
    assert found
    assert all("items" in each for each in found)
