"""Watching while the database fails: a socket closes rather than fall silent, and the next one shows everything."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.site import Site
from tests.upstream import Upstream

HIDE = "ALTER TABLE conversations_message RENAME TO hidden"
SHOW = "ALTER TABLE hidden RENAME TO conversations_message"


@pytest.fixture
def fresh(upstream: Upstream) -> Iterator[Site]:
    """A site of the test's own, whose database it may break."""
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t20-r0") as site:
        yield site


@contextlib.contextmanager
def broken_database(site: Site) -> Iterator[None]:
    with contextlib.suppress(Exception):  # neither statement gives rows
        site.query(HIDE)
    try:
        yield
    finally:
        with contextlib.suppress(Exception):
            site.query(SHOW)


async def test_a_socket_that_cannot_have_its_snapshot_closes(fresh: Site) -> None:
    alice = fresh.person("alice")
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        with broken_database(fresh):
            await socket.say(type="resync")
            error = (await socket.until("error"))["error"]
            assert error["code"] == "server_error" and error["message"]
            assert await socket.close_code() == 4500
    assert (await alice.answer(made["id"]))["status"] == "completed"
