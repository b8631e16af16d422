"""One process of the site, started with `manage.py serve` and driven from outside."""

import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.site import databases
from tests.site.databases import PEOPLE, ROOT
from tests.site.person import Person

__all__ = ["PEOPLE", "Site"]
_ANSWERS = re.compile(r"answers at (http://\S+)/")


def _for_postgres(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


class Site:
    """`with Site(OPENAI_BASE_URL=...) as site`: serves on a free port with a database of its own.

    `beside`: another site whose data this process shares (several processes, or a second one that must be refused).
    `database_url`: an empty database of the test's own instead of a copy with Alice, Bob and Charlie; see `migrate`.
    """

    def __init__(self, *, beside: "Site | None" = None, database_url: str = "", **environment: str) -> None:
        self.data_dir = beside.data_dir if beside else Path(tempfile.mkdtemp(prefix="chatsite-site-"))
        if beside:
            self.database_url = beside.database_url
        else:
            self.database_url = database_url or databases.copy_into(self.data_dir)
        self._mine = beside is None and not database_url
        self.environment = {**databases.environment(self.data_dir, self.database_url), **environment}
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self.log: list[str] = []

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._mine:
            databases.drop(self.database_url)

    def start(self) -> Self:
        """Serve; returns once the port answers. A second start serves the same data, on another port."""
        words = [sys.executable, "manage.py", "serve"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, cwd=ROOT, env=self.environment, stdout=pipe, stderr=pipe, text=True)
        threading.Thread(target=self._read_log, args=(self.process.stderr,), daemon=True).start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = _ANSWERS.search(line)
        if found is None:
            self.process.wait(10)
            raise RuntimeError(f"the site did not start: {line}{''.join(self.log)}")
        self.url = found.group(1)
        return self

    def _read_log(self, stream: Any) -> None:
        self.log.extend(stream)

    def kill(self) -> None:
        """`kill -9`: no farewell of any kind."""
        if self.process is not None:
            self.process.kill()
            self._over()

    def stop(self, timeout: float = 30) -> int:
        """SIGTERM, as a service manager sends it; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout)
        return self._over()

    def _over(self) -> int:
        assert self.process is not None
        code = self.process.wait(10)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process = None
        return code

    def person(self, name: str) -> Person:
        """Alice, Bob or Charlie, signed in."""
        _, sessions = databases.template()
        return Person(self, name, sessions[name])

    def migrate(self) -> None:
        """Prepare an empty database."""
        self.manage("migrate", "--verbosity=0")

    def newcomer(self, name: str) -> Person:
        """Somebody who has just got an account, signed in."""
        return self.newcomers(name, 1)[0]

    def newcomers(self, name: str, number: int) -> list[Person]:
        """Several of them, made together: <name>1 and on."""
        words = ("make_people", str(number), "--prefix", name, "--password", databases.PASSWORD, "--sessions")
        return [Person(self, f"{name}{n}", key) for n, key in enumerate(self.manage(*words).split(), start=1)]

    def stranger(self) -> Person:
        """Nobody, not signed in."""
        return Person(self, "", "")

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database from outside, to see what is stored. `?` stands for a value."""
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                return connection.execute(_for_postgres(statement), values).fetchall()  # type: ignore[call-overload]
        with sqlite3.connect(self.data_dir / "chatsite.sqlite3", timeout=10) as connection:
            return connection.execute(statement, values).fetchall()

    def execute(self, statement: str, *values: Any) -> None:
        """Change the database from outside, to what would take long to come about. `?` stands for a value."""
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                connection.execute(_for_postgres(statement), values)  # type: ignore[call-overload]
            return
        with sqlite3.connect(self.data_dir / "chatsite.sqlite3", timeout=10) as connection:
            connection.execute(statement, values)

    def manage(self, *words: str) -> str:
        """Run another management command on the same data."""
        return databases.manage(*words, env=self.environment)
