"""Runs GitHub workflow and action files on this machine, as far as that goes without GitHub.

`run` steps run in bash as the runner calls it, with files behind GITHUB_OUTPUT and the like; expressions are
resolved; this project's own actions are run from the checkout. Of other people's actions only what they leave
behind is imitated (setup-python names an interpreter), and uploads are noted. What GitHub itself does with a
file (schedules, caches, runner images) is beyond it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

ROOT = Path(__file__).parent.parent

#: How the how-to pages and other repositories name this project's actions.
_OWN = re.compile(r"(?:\.|OWNER/happytalk-mock)(?P<folder>/[\w/-]+?)?/?(?:@[\w.]+)?")
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_LITERAL = re.compile(r"'([^']*)'")

#: For programs of a second: to optimise them takes more than they do.
BRIEF_JAVA = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}

Context = Mapping[str, Any]


def load(path: Path) -> dict[str, Any]:
    """The YAML file at `path`. YAML 1.1 reads a bare `on:` as true, so that key is put right."""
    document = yaml.safe_load(path.read_text("utf-8"))
    if True in document:
        document["on"] = document.pop(True)
    return document


def hold_to_schema(name: str, *files: Path) -> None:
    """Fails unless the files hold to the schema that check-jsonschema carries under this name."""
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", f"vendor.{name}", *map(str, files)])
    assert done.exit_code == 0, done.output


def evaluate(expression: str, context: Context) -> Any:
    """The value of an expression made of names, literals, ==, !=, && and always()."""
    if "&&" in expression:
        return all(evaluate(part.strip(), context) for part in expression.split("&&"))
    for sign in ("==", "!="):
        left, found, right = expression.partition(sign)
        if found:
            same = evaluate(left.strip(), context) == evaluate(right.strip(), context)
            return same is (sign == "==")
    literal = _LITERAL.fullmatch(expression)
    if literal:
        return literal[1]
    if expression in ("always()", "true"):
        return True
    value: Any = context
    for name in expression.split("."):
        if not isinstance(value, Mapping):
            raise AssertionError(f"{expression}: {name} of nothing")
        value = value.get(name, "")
    return value


def resolve(text: Any, context: Context) -> str:
    """`text` with each `${{ ... }}` replaced by its value."""
    if isinstance(text, bool):
        return str(text).lower()
    return _EXPRESSION.sub(lambda match: str(evaluate(match[1], context)), str(text))


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What steps left behind."""

    failed: bool = False
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""  #: everything the `run` steps printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """One job's machine: a workspace, a temporary folder, a step summary, and the uploads it was asked for."""

    workspace: Path
    temp: Path
    installed: Path | None = None  #: take the commands of this folder where an action would install them
    environment: Mapping[str, str] = field(default_factory=dict)  #: of the machine, besides PATH and the like
    overrides: Mapping[str, str] = field(default_factory=dict)  #: for inputs of this project's actions
    uploads: dict[str, str] = field(default_factory=dict)  #: artifact's name -> path

    @property
    def summary(self) -> Path:
        """What GITHUB_STEP_SUMMARY names."""
        return self.temp / "step-summary.md"

    def job(self, job: Mapping[str, Any], **context: Mapping[str, str]) -> Outcome:
        """Runs the steps of a workflow's job; `context` is what its expressions may name, such as secrets."""
        env = {name: resolve(value, context) for name, value in job.get("env", {}).items()}
        return self._steps(job["steps"], {"env": env, **context}, env, ROOT)

    def action(self, folder: str, inputs: Mapping[str, str] | None = None) -> Outcome:
        """Runs the action in `folder` of the checkout ("" is its root) with `inputs` in place of defaults."""
        home = ROOT / folder
        action = load(home / "action.yml")
        unknown = set(inputs or {}) - set(action["inputs"])
        assert not unknown, f"{home}: no such inputs: {unknown}"
        given = {name: about["default"] for name, about in action["inputs"].items()} | dict(inputs or {})
        given |= {name: value for name, value in self.overrides.items() if name in given}
        context: dict[str, Any] = {"inputs": given}
        outcome = self._steps(action["runs"]["steps"], context, {}, home)
        for name, about in action.get("outputs", {}).items():
            outcome.outputs[name] = resolve(about["value"], context)
        return outcome

    def _steps(self, steps: list[Any], context: dict[str, Any], env: Context, home: Path) -> Outcome:
        context |= {"steps": {}, "runner": {"temp": str(self.temp), "os": "Linux"}}
        whole = Outcome()
        for step in steps:
            condition = str(step.get("if", ""))
            bare = _EXPRESSION.sub(r"\1", condition)
            if (whole.failed and "always()" not in bare) or (bare and not evaluate(bare, context)):
                continue
            if "uses" in step:
                outcome = self._use(step, context)
            elif step.get("id") == "install" and self.installed:
                outcome = Outcome(outputs={"bin": str(self.installed)})
            else:
                own = {name: resolve(value, context) for name, value in step.get("env", {}).items()}
                outcome = self._run(resolve(step["run"], context), {**env, **own}, home)
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": outcome.outputs}
            whole.failed |= outcome.failed and not step.get("continue-on-error", False)
            whole.said += outcome.said
        return whole

    def _use(self, step: Mapping[str, Any], context: Context) -> Outcome:
        inputs = {name: resolve(value, context) for name, value in step.get("with", {}).items()}
        own = _OWN.fullmatch(step["uses"])
        if own:
            return self.action((own["folder"] or "").strip("/"), inputs)
        if step["uses"].startswith("actions/setup-python@"):
            return Outcome(outputs={"python-path": sys.executable})
        if step["uses"].startswith("actions/upload-artifact@"):
            self.uploads[inputs["name"]] = inputs["path"]
        return Outcome()

    def _run(self, script: str, env: Mapping[str, Any], home: Path) -> Outcome:
        output = self.temp / "step-output"
        output.write_text("")
        told = self.temp / "step-said"
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        places = {"RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(home)}
        own = {name: str(value) for name, value in env.items()}
        with told.open("w") as stream:  # not a pipe: what a step leaves running would keep it open
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
                cwd=self.workspace,
                env={**machine(), **self.environment, **places, **files, **own},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                timeout=120,
                check=False,
            )
        lines = output.read_text("utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        return Outcome(failed=done.returncode != 0, outputs=outputs, said=told.read_text("utf-8"))


def machine() -> dict[str, str]:
    """This process's environment without what would steer the commands under test, or have them compile each time."""
    steering = ("HAPPYTALK_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return {**kept, **BRIEF_JAVA}
