"""`.env.example` lists exactly what the settings read, with the defaults that they have."""

import ast
import re

import pytest

from tests.project.tree import ROOT, text, tracked

READERS = ("chatsite/settings.py", "chatsite/environment.py")
VARIABLE = re.compile(r"^# ([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
DEFAULTS, _, PRODUCTION = text(".env.example").partition("# --- production")


def read_variables() -> dict[str, str | None]:
    """Each variable that the sources read and its default where the source gives a plain one."""
    found: dict[str, str | None] = {}
    for reader in READERS:
        for call in ast.walk(ast.parse(text(reader))):
            if not isinstance(call, ast.Call) or not asks_the_environment(call):
                continue
            constants = [item.value for item in call.args if isinstance(item, ast.Constant)]
            names = [item for item in constants if isinstance(item, str) and NAME.fullmatch(item)][:1]
            words = [word.value for word in call.keywords if word.arg == "default"]
            given = [*constants[1:], *(item.value for item in words if isinstance(item, ast.Constant))]
            for name in names:
                found[name] = found.get(name) or (str(given[0]) if given else None)
    return found


def asks_the_environment(call: ast.Call) -> bool:
    """Whether this is `env.something(...)` or `something(env, ...)`."""
    function = call.func
    asked = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "env"
    return asked or any(isinstance(item, ast.Name) and item.id == "env" for item in call.args)


def test_the_example_lists_exactly_what_the_settings_read() -> None:
    listed = [name for name, _ in VARIABLE.findall(DEFAULTS)]

    assert len(listed) == len(set(listed))
    assert set(listed) == set(read_variables())
    assert {"HOST", "PORT", "DATABASE_URL", "OPENAI_API_KEY", "FIELD_KEYS", "LOG_LEVEL"} <= set(listed)


@pytest.mark.parametrize(("name", "value"), VARIABLE.findall(DEFAULTS))
def test_the_example_shows_the_default_of(name: str, value: str) -> None:
    default = read_variables()[name]

    assert default is None or value == default


def test_every_variable_of_the_example_has_a_line_of_meaning() -> None:
    above = re.findall(r"^(.*)\n# [A-Z][A-Z0-9_]*=", DEFAULTS, re.MULTILINE)

    assert above
    assert all(re.match(r"# [A-Z0-9]", line) for line in above)


def test_the_example_changes_nothing_as_it_stands() -> None:
    assert [line for line in text(".env.example").splitlines() if line and not line.startswith("#")] == []


def test_the_production_settings_are_known_variables() -> None:
    shown = dict(VARIABLE.findall(PRODUCTION))

    assert set(shown) <= set(read_variables())
    assert shown["SITE_URL"].startswith("https://")


def test_only_the_settings_read_the_environment() -> None:
    apps = {path.parts[0] for path in tracked() if path.name == "apps.py"} | {"openai_client", "sandbox"}
    sources = [path for path in tracked() if path.suffix == ".py" and path.parts[0] in apps | {"chatsite"}]
    readers = [str(path) for path in sources if re.search(r"os\.environ|os\.getenv|environ\.Env\(", text(path))]

    assert (ROOT / READERS[0]).exists()
    assert readers == [READERS[0]]
