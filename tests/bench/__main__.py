"""Runs the benchmark: one table on the screen, everything as JSON in a file.

    python -m tests.bench [ROW ...] [--processes N] [--json FILE]

ROW: start, idle, search, once-N, open-N, ramp-N, free-N; or a group: all (the default), must. Each row starts the site
anew, on the same data. DATABASE_URL and REDIS_URL of the environment are used; the database must be an empty one, made
for this.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench import processes, report, rows

GROUPS = {"all": rows.ALL, "must": rows.MUST}
Json = dict[str, Any]


def main() -> None:
    """The rows that the command line names, in that order."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", default=["all"], metavar="ROW")
    parser.add_argument("--processes", type=int, default=1, help="of the site; more than one needs both servers")
    parser.add_argument("--json", type=Path, default=processes.ROOT / "test-results" / "bench.json")
    options = parser.parse_args()
    if options.processes > 1 and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        parser.error("several processes need DATABASE_URL and REDIS_URL")
    names = list(dict.fromkeys(name for given in options.rows for name in GROUPS.get(given, [given])))
    try:
        loads = {name: rows.load_of(name) for name in names}
    except ValueError as error:
        parser.error(str(error))
    processes.many_files()
    found = run(loads, options.processes)
    print(report.table(found))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({**circumstances(options.processes), "rows": found}, indent=1))
    print(f"All figures: {options.json}")
    sys.exit(0 if all(complete(each) for each in found.values()) else 1)


def run(loads: dict[str, rows.Row | None], count: int) -> dict[str, Json]:
    """Every row; the name of each is printed when it begins."""
    found: dict[str, Json] = {}
    with (
        processes.upstream() as upstream,
        processes.module("load") as client,
        processes.Site(
            processes=count, OPENAI_BASE_URL=f"{upstream[0]}/v1", OPENAI_API_KEY="bench", OPENAI_MODEL="bench"
        ) as site,
    ):
        client = processes.Client(client)
        people = site.people(max([1, *(load.number for load in loads.values() if load)]))
        for name, load in loads.items():
            print(f"{time.strftime('%H:%M:%S')} {name}", file=sys.stderr, flush=True)
            if name == "start":
                found[name] = rows.starts(site)
                continue
            if name == "search":
                found[name] = rows.searches(site)
                continue
            site.start()
            if load is None:
                found[name] = rows.idle_sockets(site, people, client)
            else:
                found[name] = rows.measure(load, site, people, client, upstream)
            site.stop()
    return found


def complete(found: Json) -> bool:
    """Whether nothing was lost, doubled or left unstored."""
    if "straight" not in found:
        return True
    number = found["conversations"]
    return found["completed"] == found["stored"] == number and not (found["lost"] or found["doubled"])


def circumstances(count: int) -> Json:
    """What the figures depend on."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=processes.ROOT, capture_output=True, text=True)
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": done.stdout.strip(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "processes": count,
        "database": "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite",
        "layer": "Redis" if os.environ.get("REDIS_URL") else "none",
    }


if __name__ == "__main__":
    main()
