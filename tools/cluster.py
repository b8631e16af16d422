"""PostgreSQL and Redis for `make test-cluster`: installed programs, started in a temporary folder, then removed."""

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

from tools import debian
from tools.steps import StepError, end, quietly, start, step

NAME = "chatsite"  # of the database and of its user
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
CONNECTIONS = 300  # every test server has a pool of up to 20
PATIENCE = 60  # seconds until a server must answer


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Both servers on free ports of the loopback; gives DATABASE_URL and REDIS_URL and always stops what it started."""
    programs, redis = postgres_programs(), redis_program()
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="chatsite-cluster-"))
    try:
        folder.chmod(0o711)  # the servers' user must be able to pass through
        with ExitStack() as servers:
            with step("PostgreSQL"):
                database = servers.enter_context(postgres(programs, room(folder, "postgres", user), user))
            with step("Redis"):
                layer = servers.enter_context(redis_server(redis, room(folder, "redis", user), user))
            yield {"DATABASE_URL": database, "REDIS_URL": layer}
    finally:
        shutil.rmtree(folder)


def unprivileged() -> str | None:
    """The user that the servers run as when this process is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def room(folder: Path, name: str, user: str | None) -> Path:
    """A folder that only the server's user can read."""
    made = folder / name
    made.mkdir(mode=0o700)
    if user:
        shutil.chown(made, user)
    return made


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`, the newest version first; installs Debian's package when missing."""
    found = find_postgres() or (debian.install("postgresql") and find_postgres())
    if not found:
        raise StepError("make test-cluster needs PostgreSQL (initdb, postgres). Debian: apt install postgresql")
    return found


def find_postgres() -> Path | None:
    """Where PostgreSQL's server programs are, the PATH first, then the newest; Debian keeps them off the PATH."""
    on_path = shutil.which("initdb")
    known = [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    known.sort(key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))], reverse=True)
    if on_path:
        known.insert(0, Path(on_path).resolve().parent)
    return next((path for path in known if (path / "postgres").is_file() and (path / "initdb").is_file()), None)


def redis_program() -> str:
    """The path of `redis-server`; installs Debian's package when missing."""
    found = shutil.which("redis-server") or (debian.install("redis-server") and shutil.which("redis-server"))
    if not found:
        raise StepError("make test-cluster needs redis-server. Debian: apt install redis-server")
    return found


@contextmanager
def postgres(programs: Path, folder: Path, user: str | None) -> Iterator[str]:
    """A PostgreSQL server with an empty database; gives its address. What a crash would lose is not written."""
    password = secrets.token_hex(16)
    data, log = folder / "data", folder.parent / "postgres.log"
    make_database(programs, data, password, user)

    def command(port: int) -> list[str | Path]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": CONNECTIONS,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        return [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]

    def ready(port: int) -> bool:
        state = data / "postmaster.pid"
        return state.is_file() and state.read_text().rstrip().endswith("ready")

    with server(command, ready, folder, log, user, stop=SIGINT) as port:
        yield f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def make_database(programs: Path, data: Path, password: str, user: str | None) -> None:
    """Make the files of a new server, then in them the database."""
    secret = data.parent / "password"
    secret.write_text(password, encoding="ascii")
    if user:
        shutil.chown(secret, user)
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", NAME, "--pwfile", secret, "--auth=scram-sha-256"]
    single: list[str | Path] = [programs / "postgres", "--single", "-F", "-D", data, "postgres"]
    for command, said in (
        ([*initdb, "--encoding=UTF8", f"--locale={locale}", "--no-sync"], ""),
        (single, f"CREATE DATABASE {NAME};\n"),
    ):
        code, output = quietly(command, cwd=data.parent, user=user, said=said)
        if code:
            raise StepError(f"{output.rstrip()}\n{command[0]} failed (exit code {code}).")


@contextmanager
def redis_server(program: str, folder: Path, user: str | None) -> Iterator[str]:
    """A Redis server that writes nothing to disk; gives its address."""
    password = secrets.token_hex(16)

    def command(port: int) -> list[str | Path]:
        settings = folder / "redis.conf"  # not on the command line, where everyone could read the password
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            'save ""',
            "appendonly no",
            f"dir {folder}",
        ]
        settings.write_text("\n".join(lines), encoding="utf-8")
        settings.chmod(0o600)
        if user:
            shutil.chown(settings, user)
        return [program, settings]

    def ready(port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                return connection.recv(64).startswith(b"+OK")
        except OSError:
            return False

    with server(command, ready, folder, folder.parent / "redis.log", user, stop=SIGTERM) as port:
        yield f"redis://:{password}@127.0.0.1:{port}/0"


@contextmanager
def server(
    command: Callable[[int], list[str | Path]],
    ready: Callable[[int], bool],
    folder: Path,
    log: Path,
    user: str | None,
    stop: Signals,
) -> Iterator[int]:
    """A server on a free port, answering; another port is tried when somebody takes the first one meanwhile."""
    for port in (free_port() for _ in range(3)):
        process = start(command(port), cwd=folder, log=log, user=user)
        try:
            if answers(process, ready, port):
                yield port
                return
        finally:
            end(process, stop)
    raise StepError(f"{log.read_text(errors='replace')}\n{log.stem} did not start.")


def answers(process: subprocess.Popen[bytes], ready: Callable[[int], bool], port: int) -> bool:
    """Wait until the server answers; False when it ended or did not answer in time."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if ready(port):
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
