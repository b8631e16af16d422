"""`make bench`: what a load of conversations costs, as a table and as JSON (tests/bench).

ROWS names rows or groups ("must", "once-100 free-8"); PROCESSES=3 starts as many of the site on PostgreSQL and Redis:
those that DATABASE_URL and REDIS_URL name, else ones that are started for it.
"""

import os
import subprocess
import sys
from collections.abc import Mapping

from tools import cluster
from tools.install import PYTHON, front_end_packages, python_packages
from tools.steps import ROOT, main


def program() -> None:
    """Install what is missing, start what is needed, and hand over to the benchmark."""
    python_packages("dev")
    front_end_packages("run")
    processes = os.environ.get("PROCESSES", "1")
    rows = os.environ.get("ROWS", "").split()
    command = [str(PYTHON), "-m", "tests.bench", *rows, f"--processes={processes}"]
    if processes != "1" and "DATABASE_URL" not in os.environ:
        with cluster.running() as addresses:
            code = carry_out(command, {**os.environ, **addresses})
    else:
        code = carry_out(command, os.environ)
    sys.exit(code)


def carry_out(command: list[str], env: Mapping[str, str]) -> int:
    """Run the benchmark with this process's own output; its exit code."""
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode  # noqa: S603 - our own command


if __name__ == "__main__":
    main(program)
