"""The commands and rooms that README and CONTRIBUTING name are there, and every room is named."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.project.tree import ROOT, text, tracked

MAKEFILE = text("Makefile")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
PAGES = ["README.md", "CONTRIBUTING.md", ".env.example", ".ci/run", *map(str, Path("docs").rglob("*.md"))]
ROOM = re.compile(r"^([\w.]+)/  +\S", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_that_is_named_exists(page: str) -> None:
    assert set(re.findall(r"`make ([a-z-]+)|^ *make ([a-z-]+)", text(page), re.MULTILINE)) <= {
        *((target, "") for target in TARGETS),
        *(("", target) for target in TARGETS),
    }


def test_the_readme_shows_the_two_commands() -> None:
    readme = text("README.md")

    assert re.search(r"^make run$", readme, re.MULTILINE)
    assert re.search(r"^make test$", readme, re.MULTILINE)
    assert {"run", "test", "test-cluster", "lint", "types", "fmt", "lock", "messages", "clean"} <= TARGETS


def test_the_makefile_only_calls_tools_that_exist() -> None:
    recipes = re.findall(r"^\t(.+)$", MAKEFILE, re.MULTILINE)
    called = [re.fullmatch(r"@\$\(PYTHON\) -m tools\.(\w+)( [a-z-]+)?", recipe) for recipe in recipes[1:]]

    assert recipes[0].startswith("@sed")
    assert all(called)
    assert all((ROOT / "tools" / f"{call[1]}.py").is_file() for call in called if call)


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"make ([a-z-]+):", listed)) == TARGETS
    assert set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()) == TARGETS


def test_the_map_in_the_readme_names_every_top_level_folder_and_no_other() -> None:
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1 and not path.parts[0].startswith(".")}

    assert set(ROOM.findall(text("README.md"))) == folders


def test_paths_that_the_readme_names_exist() -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|js|css|md|html|toml|example)|[\w/]+/)`", text("README.md"))

    rooms = {path.name for path in tracked()}  # `models.py` alone is any app's

    assert named
    assert [path for path in named if not (ROOT / path).exists() and path not in rooms] == []


def test_the_licence_is_mit_everywhere() -> None:
    assert text("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The Chatsite authors\n")
    assert '"license": "MIT"' in text("package.json")
