"""Lock files: whole, with hashes, without download addresses, and what the gate tests is what the site runs."""

import json
import re

import pytest

from tests.project.tree import text

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^\s;\\]+)((?:.*\\\n)*.*)", re.MULTILINE)
WANTED = re.compile(r"^([a-z0-9][a-z0-9._-]*)", re.MULTILINE)
NAMES = ("run", "dev", "node")


def pins(name: str) -> dict[str, str]:
    """Package -> version of one lock file."""
    return {package: version for package, version, _ in PINNED.findall(text(f"requirements/{name}.txt"))}


@pytest.mark.parametrize("name", NAMES)
def test_every_package_has_a_hash_and_none_an_address(name: str) -> None:
    lock = text(f"requirements/{name}.txt")
    rest = PINNED.sub("", lock)

    assert "://" not in lock
    assert not rest.strip()
    assert all("--hash=sha256:" in hashes for _, _, hashes in PINNED.findall(lock))


@pytest.mark.parametrize("name", NAMES)
def test_everything_asked_for_is_locked(name: str) -> None:
    assert set(WANTED.findall(text(f"requirements/{name}.in"))) <= set(pins(name))


def test_the_gate_tests_the_versions_that_the_site_runs() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_the_front_end_lock_has_hashes_and_no_download_addresses() -> None:
    lock = json.loads(text("package-lock.json"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package.get("integrity")] == []


def test_the_front_end_lock_matches_what_is_asked_for() -> None:
    asked = json.loads(text("package.json"))
    locked = json.loads(text("package-lock.json"))["packages"]

    for kind in ("dependencies", "devDependencies"):
        assert locked[""][kind] == asked[kind]
        for name, version in asked[kind].items():
            assert locked[f"node_modules/{name}"]["version"] == version
