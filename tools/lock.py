"""`make lock`: write the lock files anew from requirements/*.in and package.json; `UPGRADE=1` raises every version.

The files name versions and hashes and no download address, so that they serve behind any mirror.
"""

import os
import shutil
import sys
from pathlib import Path

from tools.install import node_environment, python_packages
from tools.steps import ROOT, StepError, main, quietly, run

OWN = ROOT / ".venv-lock"  # uv, where it is not on the PATH
COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes")
BARE = ("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links")


def program() -> None:
    """Both kinds of lock files; fails when an address got into one."""
    upgrade = bool(os.environ.get("UPGRADE"))
    uv = find_uv()
    for name in ("run", "dev", "node"):
        files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
        # dev holds the very versions of run, so that the gate tests what the site runs.
        same = ["--constraint", "requirements/run.txt"] if name == "dev" else []
        newer = ["--upgrade"] if upgrade else []
        run(f"requirements/{name}.txt", [uv, *COMPILE, *BARE, *newer, *same, *files])
    python_packages("run")
    npm = ["npm", "update", "--package-lock-only"] if upgrade else ["npm", "install", "--package-lock-only"]
    run("package-lock.json", npm, node_environment())
    locks = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        if '"resolved"' in text or (lock.suffix == ".txt" and "://" in text):
            raise StepError(f"{lock.relative_to(ROOT)} names a download address; see .npmrc and tools/lock.py.")


def find_uv() -> str | Path:
    """uv from the PATH, else one of our own."""
    on_path = shutil.which("uv")
    if on_path:
        return on_path
    uv = OWN / "bin" / "uv"
    if quietly([uv, "--version"])[0]:
        run("Folder for uv", [sys.executable, "-m", "venv", "--clear", OWN])
        run("uv", [OWN / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"])
    return uv


if __name__ == "__main__":
    main(program)
