"""PostgreSQL and Redis of a test's own, which it may stop and start again at the same address."""

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals

from tools import cluster
from tools.steps import end, start

PATIENCE = 30.0


class Server:
    """A server at a port that stays the same."""

    def __init__(self, command: list[str | Path], folder: Path, user: str | None, port: int, url: str) -> None:
        self._command, self._folder, self._user, self.port, self.url = command, folder, user, port, url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve again; returns once connections are taken."""
        self._process = start(self._command, cwd=self._folder, log=self._folder.parent / "log", user=self._user)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def stop(self, with_signal: Signals = SIGTERM) -> None:
        """Gone, with every connection."""
        if self._process is not None:
            end(self._process, with_signal)


@contextlib.contextmanager
def redis() -> Iterator[Server]:
    """A Redis that keeps nothing."""
    with tempfile.TemporaryDirectory(prefix="chatsite-redis-") as name:
        port = cluster.free_port()
        folder = Path(name) / "redis"
        folder.mkdir()
        command: list[str | Path] = [
            cluster.redis_program(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no",
        ]  # fmt: skip
        server = Server(command, folder, None, port, f"redis://127.0.0.1:{port}/0")
        server.start()
        try:
            yield server
        finally:
            server.stop(SIGKILL)


@contextlib.contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL with an empty database, which survives a stop."""
    programs, user = cluster.postgres_programs(), cluster.unprivileged()
    with tempfile.TemporaryDirectory(prefix="chatsite-postgres-") as name:
        Path(name).chmod(0o711)
        folder, port, password = cluster.room(Path(name), "postgres", user), cluster.free_port(), "p" * 32
        cluster.make_database(programs, folder / "data", password, user)
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
        command: list[str | Path] = [programs / "postgres", "-D", folder / "data"]
        command += [f"--{option}={value}" for option, value in options.items()]
        url = f"postgres://{cluster.NAME}:{password}@127.0.0.1:{port}/{cluster.NAME}"
        server = Server(command, folder, user, port, url)
        server.start()
        try:
            yield server
        finally:
            server.stop(SIGINT)
