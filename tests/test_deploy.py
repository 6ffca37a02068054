"""The files of deploy/, without containers: what they start is started here, with the words that stand in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from happytalk_mock.testing.client import AdminClient
from postgres import Postgres, need_postgres, postgres
from served import ask_rooms, serve
from workflows import ROOT, load

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the image's commands are those of Linux"),
]
DEPLOY = ROOT / "deploy"
ADMIN_TOKEN = "known-to-few"


def documents() -> dict[tuple[str, str], Any]:
    """The objects of the manifest by kind and name."""
    found = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {(each["kind"], each["metadata"]["name"]): each for each in found}


def container(kind: str, name: str) -> Any:
    (only,) = documents()[kind, name]["spec"]["template"]["spec"]["containers"]
    return only


def arguments(way: str) -> tuple[list[str], int]:
    """What a replica is started with, and how many there are."""
    if way == "kubernetes":
        replicas = documents()["Deployment", "happytalk-mock"]["spec"]["replicas"]
        return container("Deployment", "happytalk-mock")["args"], replicas
    services = load(DEPLOY / "compose.yaml")["services"]
    commands = [each["command"] for name, each in services.items() if name.startswith("happytalk")]
    assert all(each == commands[0] for each in commands)
    return commands[0], len(commands)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    need_postgres()
    with postgres() as server:
        yield server


def test_its_replicas_have_one_state(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAPPYTALK_MOCK_ADMIN_TOKEN", ADMIN_TOKEN)
    ways = [arguments(way) for way in ("kubernetes", "compose")]
    places = [given[given.index("--state") + 1] for given, _number in ways]
    assert all(re.fullmatch(r"postgresql://mock@[\w-]+/mock", place) for place in places)
    given, number = ways[0]
    place = places[0]
    # Both start the same, each with the name of its own database: what is true of one is of the other.
    assert ways[1] == ([places[1] if each == place else each for each in given], number)
    given = [server.database() if each == place else each for each in given]
    with ExitStack() as stack:
        replicas = [stack.enter_context(serve(tmp_path, *given)) for _ in range(number)]
        admins = [AdminClient(f"http://127.0.0.1:{each.port}", admin_token=ADMIN_TOKEN) for each in replicas]
        assert number == 2
        for turn in range(4):
            admins[turn % 2].call("POST", "/rooms", {"title": str(turn)})
            assert [ask_rooms(each)[1]["data"]["total_count"] for each in replicas] == [501 + turn] * 2
        assert replicas[0].stop() == 0  # as a rolling update does
        admins[1].call("POST", "/rooms", {"title": "one is left"})
        replicas[0] = stack.enter_context(serve(tmp_path, *given))
        assert [ask_rooms(each)[1]["data"]["total_count"] for each in replicas] == [505] * 2


def test_names_and_ports_fit_each_other() -> None:
    mock, database = (
        container("Deployment", "happytalk-mock"),
        container("StatefulSet", "happytalk-mock-postgres"),
    )
    assert f"@{documents()['Service', 'happytalk-mock-postgres']['metadata']['name']}/" in mock["args"][1]
    users = {each["name"]: each.get("value") for each in database["env"]}
    assert f"//{users['POSTGRES_USER']}@" in mock["args"][1]
    assert mock["args"][1].endswith(f"/{users['POSTGRES_DB']}")
    for kind, name in (("Deployment", "happytalk-mock"), ("StatefulSet", "happytalk-mock-postgres")):
        spec = documents()[kind, name]["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"] == labels == documents()["Service", name]["spec"]["selector"]
        ports = {each["name"] for each in container(kind, name)["ports"]}
        assert {each["targetPort"] for each in documents()["Service", name]["spec"]["ports"]} <= ports
    services = load(DEPLOY / "compose.yaml")["services"]
    asked = re.findall(r"server ([\w-]+):8080", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert asked == [name for name in services if name.startswith("happytalk")]


def test_no_secret_stands_in_them() -> None:
    for name in ("POSTGRES_PASSWORD", "PGPASSWORD", "HAPPYTALK_MOCK_ADMIN_TOKEN"):
        for each in load(DEPLOY / "compose.yaml")["services"].values():
            assert str(each.get("environment", {}).get(name, "${")).startswith("${")
        for kind, owner in documents():
            if kind in ("Deployment", "StatefulSet"):
                for each in container(kind, owner)["env"]:
                    assert each["name"] != name or "secretKeyRef" in each["valueFrom"]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here: its configuration is not tried")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(re.sub(r"happytalk-\d:", "127.0.0.1:", text))
    subprocess.run(["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", "stderr"], check=True)
