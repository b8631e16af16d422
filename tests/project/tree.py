"""The files that git tracks, and how to run the project's commands as a person would."""

import functools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@functools.cache
def tracked() -> list[Path]:
    """Every tracked file that is there, relative to the project's folder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [Path(name) for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def text(path: Path | str) -> str:
    """The content of a file of the project; empty for one that is no text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def python(*arguments: str, data: Path, **variables: str) -> subprocess.Popen[str]:
    """Start this Python in the project's folder with `data` as DATA_DIR and no settings but `variables`."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")}
    env = {**kept, "ENV_FILE": os.devnull, "DATA_DIR": str(data), **variables}
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
