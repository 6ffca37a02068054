"""Changes the code at random places, one at a time, and tells which changes no test sees.

    python benchmarks/mutants.py [--sample 40] [--seed 1] [--area kit ...] [--only GLOB] [--show] [--quick]

A change is drawn from all that are possible in an area (a comparison turned, a condition negated, `and` for `or`,
a number one greater, a flag turned, an operator exchanged, a call left out, None returned), each as likely as the
next. It is made in a copy of the tree as it is committed or not, and the tests that can see the module are run
until one fails: first those that mirror it, the slow ones last, then (unless --quick) all of its package that are
not slow. It has seen the change if it fails twice with it and passes without; how long the tests take together
plays no part.

Some changes alter nothing that can be seen (`<` for `<=` where both lead to the same). Who has looked at one and
found it so writes its key into benchmarks/equivalent.txt, and it is left out. Exits with 1 below 95 of 100.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).parent.parent
GOAL: Final = 0.95
#: Seconds after which a test that a change has made endless is taken to have seen it: no test takes a tenth of it.
PATIENCE: Final = 300
ENDLESS: Final = "a test that does not end"
EQUAL: Final = "equivalent"
EQUIVALENT: Final = Path(__file__).with_name("equivalent.txt")

MOCK, KIT = "mockserver/happytalk_mock/", "contract_tests/happytalk_contract/"
#: Areas by the folders they are of, the most special first.
AREAS: Final = {
    "admin": (MOCK + "web/admin/", MOCK + "testing/client"),
    "making": (MOCK + "data/",),
    "kit": (KIT,),
    "server": (MOCK,),
}
#: The tests that see a folder soonest; those that do not exist are passed over.
NEAREST: Final = {
    MOCK + "web/admin/metrics": "test_metrics",
    MOCK + "web/admin/snapshots": "test_snapshots test_admin_answers",
    MOCK
    + "web/admin/": "test_admin_answers test_admin_docs test_metrics test_admin test_statements test_testing",
    MOCK + "web/console/": "test_console",
    MOCK + "web/": "test_endpoints test_chain test_statements test_transports test_admin",
    MOCK + "data/scenario": "test_scenario test_generator",
    MOCK + "data/twin/": "test_twin_shape test_twin_answers test_twin",
    MOCK + "data/rooms/shap": "test_twin_shape",
    MOCK + "data/export": "test_export test_snapshots test_twin",
    MOCK + "data/messages": "test_messages test_endpoints test_making",
    MOCK + "data/rooms/completing": "test_scenario test_changes test_generator",
    MOCK + "data/": "test_making test_generator test_korean test_messages test_scenario test_twin_shape",
    MOCK
    + "store/": "test_store test_bulk test_window test_messages test_statements test_endpoints test_serving_stale",
    MOCK + "journal/tally": "test_metrics",
    MOCK + "journal/audit": "test_state test_admin_answers test_admin",
    MOCK + "journal/": "test_journal test_statements test_score test_testing test_admin",
    MOCK + "state/credentials": "test_cli test_tenants",
    MOCK + "state/snapshots": "test_snapshots test_statements",
    MOCK + "state/churn": "test_churn test_state test_admin",
    MOCK + "state/replicas": "test_state_replicas",
    MOCK + "state/log": "test_state test_state_replicas",
    MOCK + "state/places": "test_state test_cli",
    MOCK + "state/settings": "test_cli test_twin test_state test_testing",
    MOCK
    + "state/": "test_tenants test_changes test_statements test_chain test_twin_answers test_state test_admin",
    MOCK + "faults/drifts/": "test_drifts test_parameters",
    MOCK + "faults/": "test_faults test_chain test_testing test_admin",
    MOCK
    + "spec/": "test_parameters test_query test_validation test_behaviour test_openapi test_schemas test_resources "
    "test_endpoints test_cli",
    MOCK + "api/recorded": "test_twin_answers test_twin",
    MOCK + "api/ledger": "test_state test_state_replicas test_watch",
    MOCK + "api/": "test_endpoints test_chain test_metrics test_behaviour test_testing test_state test_admin",
    MOCK
    + "core/": "test_core test_clock test_errors test_scenario test_chain test_console test_testing test_admin "
    "test_cli",
    MOCK + "serving/": "test_serving_connection test_serving_wire test_serving_waits test_statements "
    "test_serving test_serving_stale",
    MOCK + "testing/": "test_transports test_testing test_metrics test_pytest_plugin",
    MOCK + "cli/watch": "test_watch",
    MOCK + "cli/scoring": "test_score",
    MOCK + "cli/": "test_cli test_serving test_score",
    KIT + "verdict/baseline": "kit/test_baseline kit/test_kit_cli",
    KIT + "verdict/pattern": "kit/test_pattern kit/test_judged kit/test_findings kit/test_plans",
    KIT
    + "verdict/": "kit/test_fold kit/test_judge kit/test_pattern kit/test_judged kit/test_findings kit/test_plans",
    KIT + "report/curl": "kit/test_curl",
    KIT
    + "report/": "kit/test_reports_whole kit/test_report_schema kit/test_kit_console kit/test_writers kit/test_kit_cli",
    KIT + "transport/secrets": "kit/test_secrets kit/test_credentials kit/test_curl",
    KIT + "transport/credentials": "kit/test_credentials kit/test_suite",
    KIT + "transport/targets": "kit/test_targets kit/test_credentials",
    KIT + "transport/strangers": "kit/test_strangers kit/test_reach",
    KIT + "transport/faults": "kit/test_strangers kit/test_transport",
    KIT + "transport/": "kit/test_transport kit/test_wire kit/test_targets kit/test_reach kit/test_secrets",
    KIT
    + "questions/": "kit/test_questions kit/test_draws kit/test_strategies kit/test_asked kit/test_findings",
    KIT + "evidence/recording": "kit/test_recording kit/test_judge",
    KIT
    + "evidence/": "kit/test_judge kit/test_promises kit/test_recording kit/test_judged kit/test_findings "
    "kit/test_plans",
    KIT
    + "rules/answers/": "kit/test_judged kit/test_findings kit/test_promises kit/test_judge kit/test_plans "
    "kit/test_vocabulary",
    KIT + "rules/": "kit/test_judge kit/test_promises kit/test_judged kit/test_findings kit/test_catalogue "
    "kit/test_plans kit/test_rules",
    KIT + "engine/today": "kit/test_today",
    KIT + "engine/scout": "kit/test_scout kit/test_aims kit/test_plans",
    KIT + "engine/cover": "kit/test_cover kit/test_asked kit/test_plans",
    KIT + "engine/settle": "kit/test_settle kit/test_plans kit/test_promises kit/test_rules",
    KIT + "engine/aims": "kit/test_aims kit/test_asked kit/test_plans kit/test_rules",
    KIT
    + "engine/": "kit/test_aims kit/test_cover kit/test_asked kit/test_promises kit/test_plans kit/test_rules",
    KIT + "twin/pseudonyms": "kit/test_twin_pseudonyms kit/test_twin_account kit/test_twin_model",
    KIT + "twin/words": "kit/test_twin_words kit/test_twin_recorded kit/test_twin_plans kit/test_twin_learn",
    KIT + "twin/comparing": "kit/test_twin_comparing kit/test_twin_plans",
    KIT + "twin/crawl": "kit/test_twin_crawl kit/test_twin_plans kit/test_twin_learn",
    KIT + "twin/recorded": "kit/test_twin_recorded kit/test_twin_visit kit/test_twin_learn",
    KIT + "twin/folder": "kit/test_twin_folder kit/test_twin_plans kit/test_twin_learn",
    KIT + "twin/drawing": "kit/test_asked",
    KIT + "twin/probes": "kit/test_asked kit/test_twin_plans",
    KIT
    + "twin/": "kit/test_twin_account kit/test_twin_model kit/test_twin_recorded kit/test_twin_pseudonyms "
    "kit/test_twin_plans kit/test_twin_learn kit/test_twin_visit",
    KIT + "core/": "kit/test_files kit/test_report_schema kit/test_judge kit/test_kit_cli kit/test_runner",
    KIT + "cli/twins": "kit/test_twin_cli kit/test_twin_plans kit/test_twin_learn",
    KIT + "cli/rule_pages": "kit/test_catalogue kit/test_kit_docs",
    KIT + "cli/": "kit/test_kit_cli kit/test_kit_docs kit/test_catalogue",
    KIT + "suite/": "kit/test_suite",
    KIT + "check": "kit/test_kit_cli kit/test_catalogue",
    KIT: "kit/test_kit_cli kit/test_runner kit/test_promises",
}

TURNED: Final = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
EXCHANGED: Final = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Div: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change: the `place`-th node of a module in the order of the walk, changed in one way."""

    path: str
    place: int
    line: int
    kind: str
    written: str  #: the line, with the place marked
    after: str

    @property
    def key(self) -> str:
        """What names it as long as the line stands as it is."""
        return f"{self.path}: {self.kind}: {self.written} -> {self.after}"


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """The ways to change a node: what is done, and what stands there afterwards."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op]) if type(op) in TURNED:
            new.ops = [TURNED[type(op)]()]
            yield "turned", new
        case ast.BoolOp(op=op):
            new.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and/or", new
        case ast.BinOp(op=op) if type(op) in EXCHANGED and not isinstance(
            new.left, ast.Constant | ast.JoinedStr
        ):
            new.op = EXCHANGED[type(op)]()
            yield "operator", new
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            new.test = ast.UnaryOp(ast.Not(), test)
            yield "negated", new
        case ast.Constant(value=bool(value)):
            yield "flag", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "number", ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield "number", ast.Constant(value * 2 + 1)
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield "left out", ast.Pass()
        case ast.Return(value=ast.expr() as value) if not (
            isinstance(value, ast.Constant) and (value.value is None or value.value is False)
        ):
            new.value = ast.Constant(None)
            yield "no value", new


def walk(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Nodes with their place in the parent; without annotations, decorators, and what is for type checkers."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_no_code(child):
                continue
            yield node, name, index, child
            yield from walk(child)


def _is_no_code(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.FunctionDef) and node.name == "__repr__":
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(path: str) -> Iterator[Mutant]:
    """Every change that a module can undergo."""
    text = (ROOT / path).read_text("utf-8")
    lines = text.encode().splitlines()  # columns are counted in bytes
    for place, (_, _, _, node) in enumerate(walk(ast.parse(text))):
        for kind, after in changes(node):
            line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
            begins, rest = lines[line - 1][:column].decode(), lines[line - 1][column:].decode()
            written = f"{begins.lstrip()}>>{rest}"
            told = _first(after) if after else ""
            yield Mutant(path=path, place=place, line=line, kind=kind, written=written, after=told)


def _first(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(node)).partition("\n")[0][:110]


def mutated(text: str, mutant: Mutant) -> str:
    """The module's text with the change."""
    tree = ast.parse(text)
    parent, name, index, node = next(found for at, found in enumerate(walk(tree)) if at == mutant.place)
    after = next(after for kind, after in changes(node) if kind == mutant.kind)
    if index is None:
        setattr(parent, name, after)
    else:
        getattr(parent, name)[index] = after
    return ast.unparse(ast.fix_missing_locations(tree))


def area_of(path: str) -> str:
    """The area that a module is of."""
    return next(area for area, folders in AREAS.items() if path.startswith(folders))


def nearest(path: str) -> list[str]:
    """The test files that see a module soonest."""
    names = next((names for folder, names in NEAREST.items() if path.startswith(folder)), "")
    return [f"tests/{name}.py" for name in names.split() if (ROOT / f"tests/{name}.py").exists()]


def copied(to: Path) -> None:
    """A copy of what git knows and what is new, as it stands now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def failing(tree: Path, arguments: list[str]) -> str:
    """The first test that fails, by name and without its parameters; empty where all pass."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tree / "mockserver"), str(tree / "contract_tests")]),
        "PYTHONDONTWRITEBYTECODE": "",  # what the tests are compiled to is a third of the time
    }
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-x", "-rfE", "-p", "no:randomly", "-p", "no:cacheprovider"),
        *("-o", f"faulthandler_timeout={PATIENCE}", "-o", "faulthandler_exit_on_timeout=true"),
    ]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [*command, *arguments], cwd=tree, env=environment, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            if process.wait() in (0, 5):  # 5: there was none to run
                return ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()
        output.seek(0)
        told = output.read()
    found = re.search(r"^(?:FAILED|ERROR) (tests/[^\s\[]+)", told, re.MULTILINE)
    if found:
        return found[1]
    return ENDLESS if "Timeout (" in told else "what comes before the tests"


class Trial:
    """Tries changes in a copy of the tree."""

    def __init__(self, tree: Path, *, quick: bool) -> None:
        """`quick`: only with the tests that mirror the module."""
        self._tree, self._quick = tree, quick
        self._sound: set[str] = set()  #: tests that pass without a change
        self._broken: set[str] = set()  #: tests that do not, or not each time

    def seen_by(self, mutant: Mutant) -> str:
        """The test that fails with the change made, each time, and passes without it; empty where none does."""
        # The house counts lines, which the change has written anew; what is formatted is not what is tested.
        whole = ["tests/kit"] if mutant.path.startswith(KIT) else ["tests", "--ignore=tests/kit"]
        all_quick = [*whole, "--ignore=tests/test_house.py", "-m", "not slow"]
        near = nearest(mutant.path)
        rounds = [[*near, "-m", "not slow"], [*near, "-m", "slow"]] if near else []
        for tests in rounds if self._quick else [*rounds, all_quick]:
            while name := self._fails_each_time(mutant, tests):
                if self._is_sound(name, tests):
                    return name
                if "::" not in name:
                    raise SystemExit(f"{name} fails without a change, too: {' '.join(tests)}")
                self._broken.add(name)
                print(f"{name} fails without a change, too", flush=True)
        return ""

    def _fails_each_time(self, mutant: Mutant, tests: list[str]) -> str:
        module = self._tree / mutant.path
        text = module.read_text("utf-8")
        module.write_text(mutated(text, mutant), "utf-8")
        try:
            while name := self._first_to_fail(tests):
                if "::" not in name or failing(self._tree, [name]):
                    return name
                self._broken.add(name)
                print(f"{name} fails now and then", flush=True)
            return ""
        finally:
            module.write_text(text, "utf-8")

    def _first_to_fail(self, tests: list[str]) -> str:
        left_out = (f"--deselect={name}" for name in self._broken)
        return failing(self._tree, [*tests, *left_out])

    def _is_sound(self, name: str, tests: list[str]) -> bool:
        """Whether a test passes without the change, or, where what came before all tests failed, all of them do."""
        asked = [name] if "::" in name else tests
        key = " ".join(asked)
        if key not in self._sound and not failing(self._tree, asked):
            self._sound.add(key)
        return key in self._sound


def drawn(options: argparse.Namespace) -> Iterator[Mutant]:
    """The sample: so many of each area that is asked for."""
    everything: dict[str, list[Mutant]] = {area: [] for area in AREAS}
    for folder in (MOCK, KIT):
        for module in sorted((ROOT / folder).rglob("*.py")):
            path = module.relative_to(ROOT).as_posix()
            if fnmatch(path, f"*{options.only}*"):
                everything[area_of(path)] += mutants(path)
    for area in options.area or AREAS:
        possible = everything[area]
        yield from Random(f"{options.seed} {area}").sample(possible, min(options.sample, len(possible)))


def main() -> int:
    """Draw, try, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=40, help="changes of each area")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", nargs="*", choices=list(AREAS))
    parser.add_argument("--only", default="", metavar="GLOB", help="part of a module's path")
    parser.add_argument("--show", action="store_true", help="show what would be tried, and stop")
    parser.add_argument("--quick", action="store_true", help="run only the tests that mirror the module")
    options = parser.parse_args()
    equivalent = set(EQUIVALENT.read_text("utf-8").splitlines())
    tried: dict[str, list[str]] = {area: [] for area in AREAS}
    with tempfile.TemporaryDirectory() as name:
        copied(Path(name))
        trial = Trial(Path(name), quick=options.quick)
        for mutant in list(drawn(options)):  # of the tree as it is now, whatever is edited meanwhile
            began = time.monotonic()
            by = EQUAL if mutant.key in equivalent else "" if options.show else trial.seen_by(mutant)
            tried[area_of(mutant.path)].append(by)
            said = by if by == EQUAL else f"seen by {by}" if by else "" if options.show else "NOT SEEN"
            took = time.monotonic() - began
            print(f"{said} ({took:.0f} s)  line {mutant.line}: {mutant.key}", flush=True)
    return tell(tried)


def tell(tried: dict[str, list[str]]) -> int:
    """Print the table; 1 below the goal."""
    print("\n| area | drawn | equivalent | seen | of 100 |\n| --- | ---: | ---: | ---: | ---: |")
    enough = True
    for area, found in {**tried, "all": [by for each in tried.values() for by in each]}.items():
        judged = [by for by in found if by != EQUAL]
        seen = sum(map(bool, judged))
        enough &= seen >= GOAL * len(judged)
        if found:
            share = 100 * seen / max(1, len(judged))
            print(f"| {area} | {len(found)} | {len(found) - len(judged)} | {seen} | {share:.0f} |")
    return int(not enough)


if __name__ == "__main__":
    sys.exit(main())
