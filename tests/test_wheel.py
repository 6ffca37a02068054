"""The wheel: built from the sdist, installed elsewhere, used from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command printed. Fails the test with everything it said if it did not succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist as an index's users get it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's packages and commands; dependencies are the test environment's."""
    target = tmp_path_factory.mktemp("installed")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        target,
        wheel,
        cwd=target,
    )
    return target


def test_the_wheel_holds_two_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "happytalk_mock",
        "happytalk_contract",
    }
    assert "happytalk_mock/_data/schemas/room.json" in names
    assert "happytalk_mock/_data/fixtures/documented/chat_room_lists.success.json" in names
    assert "happytalk_mock/py.typed" in names
    assert "happytalk_mock/web/console/templates/page.html" in names
    assert "happytalk_mock/web/console/static/console.js" in names


def test_it_works_from_another_folder(installed: Path, tmp_path: Path) -> None:
    # A folder of the user's own with the names of ours must not be in the way.
    for name in ("schemas", "fixtures", "mockserver", "contract_tests", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('the wrong package')")
    code = "import happytalk_mock, happytalk_contract; print(happytalk_mock.__file__, happytalk_contract.__file__)"
    where = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(installed))
    assert all(path.startswith(str(installed)) for path in where.split())

    mock = installed / "bin" / "happytalk-mock"
    rooms = run(
        mock,
        "rooms",
        "--scenario",
        "documented",
        "--format",
        "jsonl",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert '"fi9LcAh16utMZEVpe5UYFvrkQgnBJT"' in rooms
    assert "openapi" in run(mock, "openapi", cwd=tmp_path, PYTHONPATH=str(installed))
    contract = installed / "bin" / "happytalk-contract"
    assert "rooms" in run(contract, "rules", cwd=tmp_path, PYTHONPATH=str(installed))
