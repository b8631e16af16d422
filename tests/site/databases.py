"""A database for each site: copied from one that was migrated once, on SQLite or on the server DATABASE_URL names."""

import atexit
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
# One for all sites of this run, so that the template's sessions hold everywhere; another run shares no Redis channel.
SECRET_KEY = f"tests-{uuid.uuid4().hex}{uuid.uuid4().hex}"
PEOPLE = ("alice", "bob", "charlie")
PASSWORD = "correct horse battery staple"


def on_postgresql() -> bool:
    """Whether this run uses a PostgreSQL server."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def environment(data_dir: Path, database_url: str = "") -> dict[str, str]:
    """What a process of the site gets: nothing of this machine's but the path, and where its data is."""
    names = ("PATH", "HOME", "LANG", "REDIS_URL", "COVERAGE_PROCESS_START")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    own = {"DATA_DIR": str(data_dir), "ENV_FILE": str(data_dir / "none.env"), "SECRET_KEY": SECRET_KEY, "PORT": "0"}
    own["STATIC_ROOT"] = static_root()
    return {**kept, **own, **({"DATABASE_URL": database_url} if database_url else {})}


def manage(*words: str, env: dict[str, str]) -> str:
    """Run `manage.py` to its end, and return what it printed."""
    found = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    if found.returncode:
        raise RuntimeError(f"manage.py {' '.join(words)} failed:\n{found.stdout}{found.stderr}")
    return found.stdout


@functools.cache
def static_root() -> str:
    """Where the static files of this run are collected, once; the gate has done it for all of its suites."""
    if given := os.environ.get("TESTS_STATIC_ROOT"):
        return given
    folder = tempfile.mkdtemp(prefix="chatsite-static-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    manage("collectstatic", "--noinput", env={**path, "DATA_DIR": folder, "ENV_FILE": "none", "STATIC_ROOT": folder})
    return folder


@functools.cache
def template() -> tuple[str, dict[str, str]]:
    """(path or database name, person -> session key) of a migrated database with three people in it."""
    folder = Path(tempfile.mkdtemp(prefix="chatsite-template-"))
    name = f"template_{uuid.uuid4().hex}"
    if on_postgresql():
        _on_server(f'CREATE DATABASE "{name}"')
    env = environment(folder, _url(name) if on_postgresql() else "")
    manage("migrate", env=env)
    words = ("make_people", "1", "--prefix", *PEOPLE, "--password", PASSWORD, "--sessions")
    sessions = dict(zip(PEOPLE, manage(*words, env=env).split(), strict=True))
    if on_postgresql():
        return name, sessions
    path = folder / "chatsite.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return str(path), sessions


def copy_into(data_dir: Path) -> str:
    """Put a fresh copy of the template where a site with this DATA_DIR finds it; returns its DATABASE_URL."""
    source, _ = template()
    if not on_postgresql():
        shutil.copyfile(source, data_dir / "chatsite.sqlite3")
        return ""
    name = f"site_{uuid.uuid4().hex}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return _url(name)


def drop(database_url: str) -> None:
    """Remove a copy that is on a server."""
    if database_url:
        _on_server(f'DROP DATABASE IF EXISTS "{urlsplit(database_url).path[1:]}" WITH (FORCE)')


def _url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
