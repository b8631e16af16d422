"""`make lint`, `types`, `test`, `test-cluster`: everything that must hold, each check on a line with its duration.

Nothing is skipped: what a check needs is installed, and what cannot be had fails the gate. `test-cluster` leaves out
the folders that know neither a database nor another process: nothing there would be another than in `test`.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import catalogues, chromium, cluster, suites
from tools.install import PYTHON, VENV, front_end_packages, python_packages
from tools.steps import ROOT, StepError, main, run, say, took

EXAMPLE = ROOT / ".env.example"
Environment = Mapping[str, str]


def settings_names() -> set[str]:
    """Every variable of `.env.example`."""
    return set(re.findall(r"^# ?([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))


def clean_environment(folder: Path, node: Environment) -> dict[str, str]:
    """The environment of every check: nobody's own settings, no `.env`; what it writes stays in `folder`."""
    kept = {name: value for name, value in node.items() if name not in settings_names()}
    temporary = folder / "tmp"
    temporary.mkdir()
    for passed in (folder, temporary):
        passed.chmod(0o711)  # a PostgreSQL that tests start is another user's
    own = {"ENV_FILE": os.devnull, "DATA_DIR": str(folder / "data"), "TMPDIR": str(temporary)}
    return {**kept, **own, "PYTHONUNBUFFERED": "1"}


def production(folder: Path) -> Path:
    """The production settings that `.env.example` shows, as an environment file."""
    _, _, block = EXAMPLE.read_text(encoding="utf-8").partition("# --- production")
    file = folder / "production.env"
    file.write_text("\n".join(re.findall(r"^# ?([A-Z][A-Z0-9_]*=.*)$", block, re.MULTILINE)), encoding="utf-8")
    return file


def tool(name: str, *arguments: str | Path) -> list[str | Path]:
    """A program of `.venv` with its arguments."""
    return [VENV / "bin" / name, *arguments]


def lint(env: Environment, folder: Path) -> list[Callable[[], object]]:
    """Form: mistakes, layout, import contracts, templates, and packages that agree."""
    return [
        lambda: run("ruff check", tool("ruff", "check", "."), env),
        lambda: run("ruff format", tool("ruff", "format", "--check", "."), env),
        lambda: run("import contracts", tool("lint-imports"), env),
        lambda: run("djlint", tool("djlint", "templates", "--lint", "--quiet"), env),
        lambda: run("pip check", tool("pip", "check", "--disable-pip-version-check"), env),
    ]


def types(env: Environment, folder: Path) -> list[Callable[[], object]]:
    """Types of the Python and of the JavaScript."""
    return [
        lambda: run("mypy", tool("mypy"), env),
        lambda: run("mypy tools", tool("mypy", "tools"), env),
        lambda: run("tsc", ["npm", "run", "--silent", "types"], env),
    ]


def django(env: Environment, folder: Path) -> list[Callable[[], object]]:
    """Migrations match the models, and the documented production settings are clean."""
    deployed = {**env, "ENV_FILE": str(production(folder))}
    deploy = ["manage.py", "check", "--deploy", "--fail-level=WARNING"]
    return [
        lambda: run("makemigrations --check", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], env),
        lambda: run("check --deploy", [PYTHON, *deploy], deployed),
    ]


def javascript(env: Environment, folder: Path) -> list[Callable[[], object]]:
    """The JavaScript's own tests."""

    def node() -> None:
        files = sorted((ROOT / "tests" / "js").rglob("*.test.js"))  # Node 20 knows no patterns
        if not files:
            raise StepError("node --test failed: there are no tests in tests/js.")
        run("node --test", ["node", "--test", *files], env)

    return [node]


def attempt(checks: list[Callable[[], object]]) -> list[str]:
    """Run every check, also after one that failed; the last lines of those that did."""
    failures = []
    for check in checks:
        try:
            check()
        except StepError as failure:
            say(str(failure))
            failures.append(str(failure).splitlines()[-1])
    return failures


def finish(failures: list[str], summaries: list[str], began: float) -> None:
    """The verdict, then pytest's own summary lines as the last ones."""
    say("")
    for failure in failures:
        say(failure)
    say(f"The gate {'failed' if failures else 'passed'} in {took(time.monotonic() - began)}.")
    for summary in summaries:
        say(summary)
    if failures:
        sys.exit(1)


def form() -> None:
    """`make fmt`: mend what ruff can mend."""
    run("ruff check --fix", tool("ruff", "check", "--fix", "."))
    run("ruff format", tool("ruff", "format", "."))


def program() -> None:
    """The part of the gate that the command line names."""
    part, began = sys.argv[1], time.monotonic()
    python_packages("dev")
    if part == "fmt":
        form()
        return
    with tempfile.TemporaryDirectory(prefix="chatsite-gate-") as name:
        folder = Path(name)
        env = clean_environment(folder, os.environ if part == "lint" else front_end_packages("dev"))
        catalogues.compile_all(ROOT / "locale")
        if part == "lint":
            finish(attempt(lint(env, folder)), [], began)
        elif part == "types":
            finish(attempt(types(env, folder)), [], began)
        elif part == "test":
            env["CHROMIUM"] = chromium.find()
            parts = (lint, types, django, javascript)
            failures = [failure for checks in parts for failure in attempt(checks(env, folder))]
            broken, summaries = suites.run_all(env, folder)
            finish(failures + broken, summaries, began)
        elif part == "test-cluster":
            env["CHROMIUM"] = chromium.find()
            with cluster.running() as addresses:
                finish(*suites.run_all({**env, **addresses}, folder, without=suites.BLIND), began)
        else:
            raise StepError(f"There is no part {part!r}: fmt, lint, types, test or test-cluster.")


if __name__ == "__main__":
    main(program)
