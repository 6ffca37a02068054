"""What the pytest plugin costs a run that does not use it: an empty test, with the plugin and without.

    python benchmarks/plugin.py [--runs 21]

Other plugins are left out. Processor time is compared, for it suffers less from what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

PLUGIN = ["-p", "happytalk_mock.testing.plugin", "-p", "happytalk_contract.suite.entry"]
CASES = {"without": [], "without, again (the noise)": [], "with": PLUGIN}
IMPORT = """
import pytest, time
began = time.perf_counter()
import happytalk_mock.testing.plugin
print(time.perf_counter() - began)
"""


def run(folder: str, arguments: list[str]) -> float:
    """Milliseconds of processor time of one run."""
    # Compiled modules are kept between runs, as they are for users.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--rootdir",
        folder,
        "-c",
        os.devnull,
        *arguments,
        folder,
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, env={**env, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def main() -> None:
    """Prints the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    found: dict[str, list[float]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_empty.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        for arguments in CASES.values():
            run(folder, arguments)
        for _ in range(runs):
            for case, arguments in CASES.items():
                found[case].append(run(folder, arguments))
    base = median(found["without"])
    for case, times in found.items():
        print(f"{case:28} {median(times):6.1f} ms   {median(times) - base:+5.1f}")
    imports = [
        float(subprocess.run([sys.executable, "-c", IMPORT], check=True, capture_output=True).stdout)
        for _ in range(5)
    ]
    print(f"{'import of the plugin alone':28} {min(imports) * 1e3:6.1f} ms   (the least of five)")
    print(time.strftime("%Y-%m-%d"), sys.version.split()[0], sys.platform)


if __name__ == "__main__":
    main()
