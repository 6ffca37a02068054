"""The data folders are found in a checkout and in a wheel, and only what they hold is read."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from happytalk_mock.core.errors import ResourceNotFound
from happytalk_mock.spec import resources

ROOT = Path(__file__).resolve().parents[1]


def _module_at(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("happytalk_mock.spec.resources_elsewhere", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def packaged(tmp_path: Path) -> ModuleType:
    """The module as a wheel lays it out, with a scenario of each format, away from any checkout."""
    package = tmp_path / "site-packages" / "happytalk_mock"
    shutil.copytree(ROOT / "schemas", package / "_data" / "schemas")
    shutil.copytree(ROOT / "fixtures" / "documented", package / "_data" / "fixtures" / "documented")
    scenarios = package / "_data" / "fixtures" / "scenarios"
    scenarios.mkdir()
    (scenarios / "packed.json").write_text("{}", encoding="utf-8")
    (scenarios / "tall.toml").write_text("", encoding="utf-8")
    (scenarios / "README.md").write_text("", encoding="utf-8")
    (package / "spec").mkdir()
    shutil.copy(resources.__file__, package / "spec" / "resources.py")
    return _module_at(package / "spec" / "resources.py")


def test_checkout_and_wheel_hold_the_same(packaged: ModuleType) -> None:
    assert packaged.schema_names() == resources.schema_names()
    assert packaged.documented_names() == resources.documented_names()
    for name in resources.schema_names():
        assert packaged.schema(name) == resources.schema(name)


def test_scenarios_of_a_wheel(packaged: ModuleType, tmp_path: Path) -> None:
    assert packaged.scenario_names() == ("packed", "tall")
    assert packaged.scenario_path("packed").name == "packed.json"
    assert packaged.scenario_path("tall").is_relative_to(tmp_path)
    with pytest.raises(LookupError, match="no scenario named 'gone'; there are: packed, tall"):
        packaged.scenario_path("gone")


def test_no_data_at_all(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    shutil.copy(resources.__file__, tmp_path / "a" / "b" / "c" / "resources.py")
    bare = _module_at(tmp_path / "a" / "b" / "c" / "resources.py")
    assert bare.schema_names() == ()
    with pytest.raises(LookupError, match="there are: none"):
        bare.schema("room")


@pytest.mark.parametrize("name", ["rom", "room.json", "../schemas/room", "", "/etc/passwd"])
def test_unknown_schema_lists_what_there_is(name: str) -> None:
    with pytest.raises(ResourceNotFound, match="no schema named") as caught:
        resources.schema(name)
    assert "room, system_message" in str(caught.value)


def test_unknown_example() -> None:
    with pytest.raises(
        ResourceNotFound, match=r"no documented example named 'x'; .*chat_room_lists\.success"
    ):
        resources.documented("x")


def test_a_schema_is_the_callers_own() -> None:
    resources.schema("room")["properties"].clear()
    assert len(resources.schema("room")["properties"]) == 36


def test_strict_variant_closes_objects_and_drops_lenient_forms() -> None:
    strict = resources.schema("chat_room_lists.request", strict=True)
    assert strict["$id"] == resources.STRICT_SCHEMA_BASE + "chat_room_lists.request.json"
    assert strict["additionalProperties"] is False
    assert strict["properties"]["limit"] | {"$comment": ""} == {
        "title": "rooms on a page",
        "description": "한 페이지당 상담방 출력 수",
        "default": 10,
        "type": "integer",
        "minimum": 1,
        "maximum": 50,
        "$comment": "",
    }
    assert "lenient" not in json.dumps(strict)


def test_strict_variant_leaves_conditions_and_open_objects_alone() -> None:
    assert resources.schema("message_part", strict=True)["then"] == resources.schema("message_part")["then"]
    headers = resources.schema("system_messages.request", strict=True)["properties"]["headers"]
    assert headers["additionalProperties"] is True


def test_strict_variant_tells_a_field_from_a_keyword() -> None:
    tolerant = {
        "$id": resources.SCHEMA_BASE + "x.json",
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "if": {"type": "object", "properties": {"properties": {"type": "string"}}},
        },
    }
    strict = resources.strict_variant(tolerant)
    assert set(strict["properties"]) == {"type", "if"}
    assert strict["properties"]["if"]["additionalProperties"] is False
    assert "additionalProperties" not in tolerant


@pytest.mark.parametrize("strict", [False, True])
def test_write_schemas(tmp_path: Path, strict: bool) -> None:
    written = resources.write_schemas(tmp_path / "new" / "folder", strict=strict)
    names = [path.name.removesuffix(".json") for path in written]
    assert names == [name for name in resources.schema_names() if not (strict and name == "lenient")]
    for name, path in zip(names, written, strict=True):
        assert json.loads(path.read_text(encoding="utf-8")) == resources.schema(name, strict=strict)


def test_written_tolerant_schemas_say_what_the_sources_say(tmp_path: Path) -> None:
    for path in resources.write_schemas(tmp_path):
        assert "고객" in path.read_text(encoding="utf-8") or path.name != "chat_room_lists.request.json"
        assert path.read_bytes().count(b"\r") == 0


def test_importing_brings_nothing_heavy() -> None:
    """A valid request is judged without jsonschema; the documents are built without it too."""
    code = (
        "import sys\n"
        "from happytalk_mock.spec import openapi, parameters, resources, violations\n"
        "openapi.document('http://127.0.0.1:8080')\n"
        "headers = {'content-type': 'application/json'}\n"
        "received = parameters.receive('POST', '/', '', headers, b'{\"token\": \"t\"}')\n"
        "assert violations.request_violations('rooms', received) == []\n"
        "sys.exit(' '.join({'jsonschema', 'referencing', 'flask', 'faker'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.strip()) in {(0, ""), (1, "")}, done.stderr
