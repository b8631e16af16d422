"""Run a command as one line with its duration; show all it said only when it fails."""

import os
import pwd
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Command = Sequence[str | Path]
PYTEST_SUMMARY = re.compile(r"^(?:\x1b\[\d+m)*=+ .*\bin [\d.]+s.*=+.*$", re.MULTILINE)
TAIL = 20_000  # bytes kept of a streamed output: pytest's last lines are in it


class StepError(Exception):
    """A step that did not work; its text is what the person reads."""


def say(text: str, *, end: str = "\n") -> None:
    """Print at once, so that a hanging step can be named."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def took(seconds: float) -> str:
    """A duration as people say it: "0.4 s", "3 min 12 s"."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce `title`, then finish its line with the duration or with "failed"."""
    say(f"{title:<32}", end="")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(f" failed after {took(time.monotonic() - began)}")
        raise
    say(f" {took(time.monotonic() - began)}")


def run(title: str, command: Command, env: Mapping[str, str] | None = None) -> str:
    """Run `command` in the project's folder as one step and return what it said; StepError carries all of it."""
    with step(title):
        code, output = quietly(command, env)
        if code:
            raise StepError(f"{output.rstrip()}\n{title} failed (exit code {code}).")
        return output


def quietly(
    command: Command,
    env: Mapping[str, str] | None = None,
    *,
    cwd: Path = ROOT,
    user: str | None = None,
    said: str = "",
    timeout: float | None = None,
) -> tuple[int, str]:
    """Run `command` without a line of its own, with `said` as its input and as `user` when given.

    Returns its exit code (127: no such program; 124: not done after `timeout` seconds) and what it printed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the commands are this project's own
            command,
            cwd=cwd,
            env=env,
            input=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            **_as_user(user),
        )
    except OSError as error:
        return 127, str(error)
    except subprocess.TimeoutExpired:
        return 124, f"{command[0]} did not end within {timeout} s."
    return done.returncode, done.stdout


def start(command: Command, *, cwd: Path, log: Path, user: str | None) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C reaches only what waits for it; as `user` when given."""
    with log.open("wb") as sink:
        return subprocess.Popen(  # noqa: S603 - the commands are this project's own
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_as_user(user),
        )


def _as_user(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def stream(commands: Mapping[str, Command], env: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Run pytests beside each other, passing their lines on as they come, each after its name.

    Returns name -> exit code and pytest's own summary line.
    """
    with ExitStack() as opened, selectors.DefaultSelector() as outputs:
        running = {
            name: _Streamed(name, opened.enter_context(_piped(command, env))) for name, command in commands.items()
        }
        for one in running.values():
            outputs.register(one.output, selectors.EVENT_READ, one)
        try:
            while outputs.get_map():
                for key, _ in outputs.select():
                    if not key.data.pass_on():
                        outputs.unregister(key.fileobj)
        except BaseException as error:
            # Ctrl-C reached the children as well; anything else did not. They get time to stop what they started.
            for one in running.values():
                end(one.process, None if isinstance(error, KeyboardInterrupt) else signal.SIGINT)
            raise
        return {name: (one.process.wait(), one.summary()) for name, one in running.items()}


def _piped(command: Command, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the commands are this project's own
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


class _Streamed:
    """One of several programs: whole lines of it are printed, and the last of them kept."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self.name, self.process, self.output = name, process, process.stdout
        self._line = self._tail = b""

    def pass_on(self) -> bool:
        """Print what has come; False at its end."""
        chunk = os.read(self.output.fileno(), 65_536)
        *lines, self._line = (self._line + chunk).split(b"\n")
        for line in lines if chunk else [self._line]:
            sys.stdout.buffer.write(f"{self.name:<8} ".encode() + line + b"\n")
        sys.stdout.buffer.flush()
        self._tail = (self._tail + chunk)[-TAIL:]
        return bool(chunk)

    def summary(self) -> str:
        """pytest's last line."""
        found = PYTEST_SUMMARY.findall(self._tail.decode(errors="replace"))
        return found[-1] if found else "no summary line"


def end(process: subprocess.Popen[bytes], with_signal: signal.Signals | None, patience: float = 15) -> None:
    """Wait for `process` after an optional signal; kill it when it does not go."""
    if with_signal and process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(program: Callable[[], None]) -> None:
    """Run a program of this folder; a termination is an exception, so that what it started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        program()
    except StepError as failure:
        say(str(failure))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
