"""`make clean`: remove everything that can be made again; `data/` and `.env` stay."""

import shutil

from tools.steps import ROOT, main, say

MADE = (
    ".venv",
    ".venv-lock",
    "node_modules",
    "staticfiles",
    ".ruff_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "test-results",
)


def program() -> None:
    """Remove what git ignores, except people's data and settings."""
    for name in MADE:
        if (ROOT / name).is_dir():
            shutil.rmtree(ROOT / name)
            say(f"removed {name}")
    for compiled in (ROOT / "locale").rglob("*.mo"):
        compiled.unlink()
    (ROOT / ".coverage").unlink(missing_ok=True)
    for folder in [path for path in ROOT.rglob("__pycache__") if path.is_dir()]:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(program)
