"""`make cluster`: several processes take connections from one inherited socket."""

import os
import socket
import time
from signal import SIGTERM

import pytest

from tests.site import Site
from tests.upstream import Upstream
from tools.processes import start

pytestmark = [
    pytest.mark.skipif("REDIS_URL" not in os.environ, reason="several processes need Redis: make test-cluster"),
    pytest.mark.timeout(400),  # four processes start
]
LIVING = "SELECT COUNT(*) FROM live_process WHERE ended_at IS NULL"


async def test_three_processes_serve_one_port_and_end_well(upstream: Upstream) -> None:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t60-r60") as site:
        [(before,)] = site.query(LIVING)
        with socket.create_server(("127.0.0.1", 0), backlog=100) as shared:
            processes = start(3, shared, site.environment)
            address = "http://{}:{}".format(*shared.getsockname()[:2])
        try:
            until = time.monotonic() + 60
            while site.query(LIVING) != [(before + 3,)] and time.monotonic() < until:
                time.sleep(0.1)
            site.url, own = address, site.url
            alice = site.person("alice")
            made = [await alice.begin("One port") for _ in range(6)]
            for one in made:
                assert (await alice.answer(one["id"]))["status"] == "completed"
            site.url = own
        finally:
            for process in processes:
                process.send_signal(SIGTERM)
            codes = [process.wait(60) for process in processes]
        assert codes == [0, 0, 0]
