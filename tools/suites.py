"""pytest three times, side by side; the few tests that fail there are looked at once more, alone.

Browser tests and async tests cannot share a process, and all of them wait for something most of the time. Beside each
other they also take time from each other: a browser may get none for seconds. A test that fails with the machine for
itself is red; one that passes then is green, and named at the end: it may have met a race that people can meet as well.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.install import PYTHON
from tools.steps import Command, run, say, stream

LIVING = ("tests/conversations", "tests/live", "tests/torture")  # they wait for processes, sockets and the clock
REST = tuple(f"--ignore={folder}" for folder in LIVING)
SUITES: Mapping[str, tuple[str, ...]] = {"living": LIVING, "pytest": REST, "browser": ("tests/browser",)}
BLIND = ("tests/openai_client", "tests/sandbox")  # they know neither a database nor another process
TESTS_FAILED = 1  # pytest's exit code for exactly that
FEW = 3  # failures of a suite; more of them are no accident
Environment = Mapping[str, str]
Done = Mapping[str, tuple[int, str]]  # suite -> exit code and summary line


def run_all(env: Environment, folder: Path, without: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Every suite, but for the folders `without`; failures, and pytest's summary lines. What they write stays in
    `folder`."""
    static = str(folder / "static")
    collect: list[str | Path] = [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    run("Static files for the tests", collect, {**env, "STATIC_ROOT": static})
    env = {**env, "TESTS_STATIC_ROOT": static}
    left_out = [f"--ignore={path}" for path in without]
    done = stream({name: _pytest(folder, name, *left_out) for name in SUITES}, env)
    summaries = [f"{name:<8} {summary}" for name, (_, summary) in done.items()]
    again = _alone(done, env, folder)
    summaries += [f"{name:<8} {summary} (what had failed, alone)" for name, (_, summary) in again.items()]
    codes = {name: again.get(name, done[name])[0] for name in SUITES}
    return [f"{name} failed (exit code {code})." for name, code in codes.items() if code], summaries


def _pytest(folder: Path, name: str, *more: str) -> Command:
    color = ["--color=yes"] if sys.stdout.isatty() else []
    cache = f"cache_dir={folder / name}"  # of its own: pytest keeps in it what failed
    return [PYTHON, "-m", "pytest", *color, "-o", cache, *SUITES[name], *more]


def _alone(done: Done, env: Environment, folder: Path) -> Done:
    """One suite after the other, only what failed in it."""
    found: dict[str, tuple[int, str]] = {}
    for name, (code, summary) in done.items():
        failed = sum(int(count) for count in re.findall(r"(\d+) (?:failed|error)", summary))
        if code == TESTS_FAILED and 0 < failed <= FEW:
            say(f"\n{name}: {failed} failed beside the others; once more, alone.")
            found |= stream({name: _pytest(folder, name, "--last-failed", "--last-failed-no-failures=none")}, env)
    return found
