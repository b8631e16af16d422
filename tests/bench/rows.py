"""The rows of the benchmark: what each one does, and what is counted of it."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.processes import Client, Site, cpu_seconds

Json = dict[str, Any]
WORDS, RATE, RAMP = 200, 50, 10  # of an answer; per second; new conversations per second
FREE_WORDS = 10_000
SOCKETS = 1_000
SEARCHED = 100_000  # messages of one person
STARTS = 3
SETTLE_SECONDS = 2.0  # after which a process that does nothing is at rest
MUST = ["start", "idle", "once-100", "once-200", "once-500", "open-500", "ramp-200", "free-8"]
ALL = [*MUST, "search", "once-1", "once-10", "ramp-10", "ramp-100", "ramp-500"]
_NAME = re.compile(r"(once|open|ramp|free)-(\d+)")


@dataclass(frozen=True)
class Row:
    """A load. `way`: once (new conversations, all at once), ramp (RAMP of them a second), open (all at once into
    conversations that are open already), free (as once, and the upstream writes as fast as it is read)."""

    way: str
    number: int

    @property
    def words(self) -> int:
        return FREE_WORDS if self.way == "free" else WORDS

    @property
    def job(self) -> Json:
        """What client and upstream are told."""
        rate = 0 if self.way == "free" else RATE
        ramp = RAMP if self.way == "ramp" else None
        return {"model": f"bench-t{self.words}-r{rate}", "words": self.words, "per_second": ramp}


def load_of(name: str) -> Row | None:
    """The load that a row's name asks for; None for "start", "idle" and "search"."""
    found = _NAME.fullmatch(name)
    if found is None and name not in ("start", "idle", "search"):
        raise ValueError(f"There is no row {name!r}: start, idle, search, once-N, open-N, ramp-N or free-N.")
    return Row(found[1], int(found[2])) if found else None


def measure(row: Row, site: Site, people: Sequence[str], client: Client, upstream: tuple[str, int]) -> Json:
    """Put a load to the site, then straight to the upstream."""
    people = people[: row.number]
    warm = {"kind": "site", "url": site.url, "people": people[:1], "model": "bench-t5-r0", "words": 5}
    client.do(**warm)  # what happens once in a process's life is the row "start"
    site.forget_peaks()
    before, own, theirs = site.used(), cpu_seconds(client.pid), cpu_seconds(upstream[1])
    done = client.do(kind="site", url=site.url, people=people, open=row.way == "open", **row.job)
    after = site.used()
    found = _counted(done, row)
    words = row.number * row.words / 1000
    found["cpu_per_1000"] = (after["cpu"] - before["cpu"]) / words
    found["client_cpu_per_1000"] = (cpu_seconds(client.pid) - own) / words
    found["upstream_cpu_per_1000"] = (cpu_seconds(upstream[1]) - theirs) / words
    found["peak_mb"] = after["peak"]
    kept = {"people": people, "conversations": [answer["conversation"] for answer in done["answers"]]}
    found["stored"] = client.do(kind="stored", url=site.url, words=row.words, model="", **kept)["whole"]
    found["straight"] = _counted(client.do(kind="upstream", url=upstream[0], number=row.number, **row.job), row)
    return found


def _counted(done: Json, row: Row) -> Json:
    answers = done["answers"]
    firsts = sorted(answer["first"] - answer["sent"] for answer in answers if answer["first"])
    delays = sorted(delay for answer in answers for delay in answer["delays"])
    words = len(delays)
    begun = min((answer["first"] for answer in answers if answer["first"]), default=0.0)
    ended = max((answer["last"] for answer in answers if answer["last"]), default=0.0)
    return {
        "conversations": row.number,
        "completed": sum(answer["complete"] for answer in answers),
        "lost": sum(answer["lost"] for answer in answers),
        "doubled": sum(answer["doubled"] for answer in answers),
        "first_p50": percentile(firsts, 0.5),
        "first_p99": percentile(firsts, 0.99),
        "delay_p50": percentile(delays, 0.5),
        "delay_p99": percentile(delays, 0.99),
        "words_per_second": words / (ended - begun) if ended > begun else 0.0,
        "seconds": ended - min(answer["sent"] for answer in answers) if ended else 0.0,
        "frames_per_word": sum(answer["frames"] for answer in answers) / words if words else 0.0,
        "client_lag_p99": percentile(sorted(done["lags"]), 0.99),
        "faults": [fault for answer in answers for fault in answer["faults"]][:5],
    }


def percentile(ordered: Sequence[float], part: float) -> float:
    """The value at this part of a sorted sample; not a number when there is none."""
    if not ordered:
        return math.nan
    return ordered[min(round((len(ordered) - 1) * part), len(ordered) - 1)]


def starts(site: Site) -> Json:
    """From nothing to /readyz, several times; then what a process at rest takes."""
    took = []
    for _ in range(STARTS):
        site.start()
        took.append(site.started_in)
        time.sleep(SETTLE_SECONDS)
        found = site.used()
        site.stop()
    return {"seconds_to_ready": sorted(took), "rss_mb": found["rss"], "cpu_to_ready": found["cpu"]}


def searches(site: Site) -> Json:
    """Looking for something among SEARCHED messages, by the index and by LIKE, in the same database."""
    found: Json = json.loads(site.program("tests.bench.searching", str(SEARCHED)))
    each, plain = (
        sorted(took for all_took in found.pop(name).values() for took in all_took) for name in ("each", "like")
    )
    return {
        **found,
        **{f"search_{name}": percentile(each, part) for name, part in (("p50", 0.5), ("p95", 0.95), ("most", 1))},
        **{f"like_{name}": percentile(plain, part) for name, part in (("p50", 0.5), ("p95", 0.95))},
    }


def idle_sockets(site: Site, people: Sequence[str], client: Client) -> Json:
    """What so many people who only have a page open cost."""
    client.do(kind="site", url=site.url, people=people[:1], model="bench-t5-r0", words=5)
    client.begin(kind="idle", url=site.url, people=people[:1], number=50)  # what the first ones bring in is not theirs
    client.answer()
    client.do()
    time.sleep(SETTLE_SECONDS)
    before = site.used()
    client.begin(kind="idle", url=site.url, people=people, number=SOCKETS)
    opened = client.answer()["open"]
    time.sleep(SETTLE_SECONDS)
    after = site.used()
    alive = client.do()["alive"]
    kib = (after["rss"] - before["rss"]) * 1e6 / 1024 / opened
    return {
        "sockets": opened,
        "alive": alive,
        "kib_per_socket": kib,
        "cpu_per_socket": (after["cpu"] - before["cpu"]) / opened,
    }
