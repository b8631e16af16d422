"""The benchmark's processes: upstream, site (once or several times on one port), client; and what they use."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0  # seconds for a server to be ready on a busy machine
_BACKLOG = 2048


def many_files() -> None:
    """Let this process, and what it starts, hold a connection for everybody."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int) -> dict[str, float]:
    """Resident memory in MB now (`rss`) and at its peak (`peak`) (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
    return {"rss": int(found["VmRSS"][0]) * 1024 / 1e6, "peak": int(found["VmHWM"][0]) * 1024 / 1e6}


def forget_peak(pid: int) -> None:
    """Let the peak of memory begin anew (Linux)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


@contextlib.contextmanager
def module(name: str) -> Iterator[subprocess.Popen[str]]:
    """A program of this folder, talked to by lines."""
    words = [sys.executable, "-m", f"tests.bench.{name}"]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def upstream() -> Iterator[tuple[str, int]]:
    """The upstream's address and process id."""
    with module("upstream") as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid


class Client:
    """The process that makes the load. One job at a time; a job's answer is JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def begin(self, **job: Any) -> None:
        """Give it a job."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Wait for what it has to say next."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the client ended; what it said is above")
        return json.loads(line)

    def do(self, **job: Any) -> Any:
        """Both."""
        self.begin(**job)
        return self.answer()


class Site:
    """The site as people run it: `manage.py serve`, once or several times on one inherited socket.

    Its data is in a temporary folder; DATABASE_URL and REDIS_URL of the environment are handed on, so that the database
    they name must be an empty one made for this.
    """

    def __init__(self, *, processes: int = 1, **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chatsite-bench-")
        self._count = processes
        kept = ("PATH", "HOME", "LANG", "DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "PYTHONPROFILEIMPORTTIME")
        own = {"DATA_DIR": self._folder.name, "ENV_FILE": os.devnull, "PORT": "0", "LOG_LEVEL": "WARNING"}
        self.environment = {**{name: os.environ[name] for name in kept if name in os.environ}, **own, **environment}
        self.environment.setdefault("STATIC_ROOT", f"{self._folder.name}/static")
        self.url = ""
        self.started_in = 0.0  # seconds from the first process's start to the last one's /readyz
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.manage("migrate", "--verbosity=0")
        if "STATIC_ROOT" not in os.environ:  # else they are there already, or nobody looks at a page
            self.manage("collectstatic", "--noinput", "--verbosity=0")
        return self

    def __exit__(self, *ended: object) -> None:
        self.stop()
        self._folder.cleanup()

    def manage(self, *words: str) -> str:
        """Another management command on the same data; what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def program(self, module: str, *words: str) -> str:
        """A program of ours on the same data; what it printed."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def people(self, number: int) -> list[str]:
        """Session keys of so many people. They are made by a command: the limits on signing in stay as they are."""
        return self.manage("make_people", str(number), "--password", "bench-password", "--sessions").split()

    def start(self) -> Self:
        """Serve; returns when every process is ready."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "manage.py", "serve", f"--fd={listener.fileno()}"]
        began = time.monotonic()
        with listener:
            listener.set_inheritable(True)
            for _ in range(self._count):
                process = subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, close_fds=False, stdout=subprocess.DEVNULL
                )
                self._running.append(process)
        self._until_ready(began + _PATIENCE)
        self.started_in = time.monotonic() - began
        return self

    def _until_ready(self, deadline: float) -> None:
        """With several processes on one port nobody can be asked by name: so many answers in a row are enough."""
        ready = 0
        while ready < (1 if self._count == 1 else 8 * self._count):
            if time.monotonic() > deadline or any(process.poll() is not None for process in self._running):
                raise RuntimeError("the site did not start; what it said is above")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    ready += answer.status == 200
            except OSError:  # a refusal with a status is one, too
                ready = 0
                time.sleep(0.02)

    def stop(self) -> None:
        """End every process, as a service manager does."""
        for process in self._running:
            process.send_signal(signal.SIGTERM)
        for process in self._running:
            process.wait(60)
        self._running.clear()

    @property
    def pids(self) -> Sequence[int]:
        """The processes' ids."""
        return [process.pid for process in self._running]

    def used(self) -> dict[str, float]:
        """CPU seconds, and resident memory in MB now and at its peak, of all processes together."""
        found = [memory(pid) for pid in self.pids]
        cpu = sum(cpu_seconds(pid) for pid in self.pids)
        return {"cpu": cpu, **{name: sum(each[name] for each in found) for name in ("rss", "peak")}}

    def forget_peaks(self) -> None:
        """Let the peaks of memory begin anew."""
        for pid in self.pids:
            forget_peak(pid)
