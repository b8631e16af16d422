"""Sizes, and what must not stand in a tracked file."""

import ast
import re
from pathlib import Path

import pytest

from tests.project.tree import text, tracked

LONGEST_FILE = 300
LONGEST_FUNCTION = 35
SOURCES = [path for path in tracked() if path.suffix in (".py", ".js", ".css") and "migrations" not in path.parts]
CODE = [path for path in SOURCES if path.suffix == ".py" and path.parts[0] != "tests"]
# Written apart, so that this file does not name them.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("npmmirror", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
PRIVATE_PATH = re.compile(r"(?<![\w./-])/(?:root|home|Users|work)/\w")


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_source_file_is_longer_than_300_lines(path: Path) -> None:
    assert len(text(path).splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", CODE, ids=str)
def test_no_function_is_longer_than_35_lines(path: Path) -> None:
    functions = [
        node for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION]

    assert long == []


@pytest.mark.parametrize("path", CODE, ids=str)
def test_every_file_says_its_purpose(path: Path) -> None:
    module = ast.parse(text(path))

    assert not module.body or ast.get_docstring(module)


def test_no_file_names_a_package_registry() -> None:
    assert [str(path) for path in tracked() if any(host in text(path) for host in REGISTRIES)] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert [str(path) for path in tracked() if PRIVATE_PATH.search(text(path))] == []


def test_nothing_private_or_generated_is_tracked() -> None:
    unwanted = {".env", "data", "staticfiles", "node_modules", ".venv"}

    assert [str(path) for path in tracked() if path.parts[0] in unwanted or path.suffix in (".mo", ".pyc")] == []
