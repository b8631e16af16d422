"""`make cluster`: several processes of the site on one port, on the servers that DATABASE_URL and REDIS_URL name.

They inherit one listening socket, so that no proxy is needed to try it. PROCESSES says how many; Ctrl-C stops them all.
"""

import os
import socket
import subprocess
from signal import SIGTERM

from tools.install import PYTHON
from tools.run import configured, prepare
from tools.steps import ROOT, StepError, main, say

BACKLOG = 1024


def program() -> None:
    """Prepare once, start them, and wait until all have ended."""
    if missing := [name for name in ("DATABASE_URL", "REDIS_URL") if not configured(name)]:
        raise StepError(f"Several processes need a PostgreSQL and a Redis: set {' and '.join(missing)}.")
    prepare()
    count = int(os.environ.get("PROCESSES") or 3)
    with listener() as shared:
        processes = start(count, shared, dict(os.environ))
        host, port = shared.getsockname()[:2]
        say(f"{count} processes answer at http://{host}:{port}/")
    failed = wait(processes)
    if failed:
        raise StepError(f"{failed} of {count} processes failed.")


def listener() -> socket.socket:
    """The socket that all of them take connections from."""
    address = configured("HOST") or "127.0.0.1", int(configured("PORT") or 8000)
    try:
        return socket.create_server(address, backlog=BACKLOG)
    except OSError as error:
        raise StepError(f"{address[0]}:{address[1]} cannot be served: {error.strerror}.") from error


def start(count: int, shared: socket.socket, env: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """So many servers on one socket."""
    command = [str(PYTHON), "manage.py", "serve", "--fd", str(shared.fileno())]
    return [
        subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[shared.fileno()])  # noqa: S603 - our own command
        for _ in range(count)
    ]


def wait(processes: list[subprocess.Popen[bytes]]) -> int:
    """Until all have ended; how many of them badly. A termination of ours becomes theirs; Ctrl-C has reached them."""
    while True:
        try:
            return sum(process.wait() != 0 for process in processes)
        except KeyboardInterrupt:
            continue
        except SystemExit:
            for process in processes:
                process.send_signal(SIGTERM)


if __name__ == "__main__":
    main(program)
