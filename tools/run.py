"""`make run`: install what is missing, prepare the database and the static files, and serve in the foreground."""

import hashlib
import os
import sys
from pathlib import Path

from tools import catalogues
from tools.install import (
    NODE_MODULES,
    PYTHON,
    VENV,
    digest,
    front_end_packages,
    python_packages,
    read_stamp,
    write_stamp,
)
from tools.steps import ROOT, StepError, main, run, say

PLAIN = (
    "Front-end packages are not installed, so pages stay plain: they can be read and used, without live updates.\n"
    "Install Node 20 or newer, or connect to the network, and start again."
)


def program() -> None:
    """Every step up to the server, which takes this process's place."""
    prepare()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "manage.py", "serve"])  # noqa: S606 - no shell is wanted


def prepare() -> None:
    """Everything that a server needs."""
    python_packages("run")
    try:
        front_end_packages("run")
    except StepError as failure:
        say(f"{failure}\n{PLAIN}")
    catalogues.compile_all(ROOT / "locale")
    try:
        run("Database", [PYTHON, "manage.py", "migrate", "--verbosity=0"])
        static_files()
    except StepError as failure:
        raise StepError(sentence(str(failure))) from failure


def sentence(output: str) -> str:
    """A refused setting without its traceback; anything else whole."""
    for line in output.splitlines():
        if line.startswith("django.core.exceptions.ImproperlyConfigured: "):
            return line.partition(": ")[2]
    return output


def static_files() -> None:
    """Collect the static files unless the collected ones were made from the same sources."""
    root = Path(configured("STATIC_ROOT") or ROOT / "staticfiles")
    packages = read_stamp(NODE_MODULES).partition(" ")[2], digest(ROOT / "requirements" / "run.txt")
    sources = hashlib.sha256(f"{root} {packages}".encode())
    code = sorted((ROOT / "chatsite").glob("*.py"))  # which files are served, and how they are made
    for path in [*code, *sorted(item for item in (ROOT / "static").rglob("*") if item.is_file())]:
        sources.update(f"{path.relative_to(ROOT)} {digest(path)}".encode())
    if root.is_dir() and any(root.iterdir()) and read_stamp(VENV, ".static") == sources.hexdigest():
        return
    run("Static files", [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity=0"])
    write_stamp(VENV, sources.hexdigest(), ".static")


def configured(name: str) -> str:
    """The value of `name` as the settings will read it: from the environment, else from `.env`."""
    file = Path(os.environ.get("ENV_FILE", ROOT / ".env"))
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    stored = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    return os.environ.get(name, stored.get(name, "").strip("\"'"))


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("tools.run takes no arguments; settings come from the environment and .env (see .env.example).")
    main(program)
