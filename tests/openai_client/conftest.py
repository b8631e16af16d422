"""The real upstream and a client for it, shared by this folder's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import FAST, ONCE, Answer, MakeClient, Outcome, close_after, read
from tests.upstream import Pause, Send, Step, Upstream, head


@pytest.fixture(scope="session")
def running_upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def upstream(running_upstream: Upstream) -> Iterator[Upstream]:
    running_upstream.clear()
    running_upstream.key = None
    yield running_upstream
    running_upstream.clear()


@pytest.fixture
async def make_client(upstream: Upstream) -> AsyncIterator[MakeClient]:
    """Makes clients of the upstream and closes them."""
    made: list[oc.Client] = []

    def make(**settings: Any) -> oc.Client:
        settings = {"base_url": upstream.url, "retries": FAST, **settings}
        made.append(oc.Client(**settings))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(make_client: MakeClient) -> oc.Client:
    return make_client()


@pytest.fixture
def answer(upstream: Upstream, make_client: MakeClient) -> Answer:
    """Reads these bytes as the answer to a streamed chat."""

    async def run(
        body: bytes,
        *more: Step,
        status: int = 200,
        content_type: str = "text/event-stream",
        dialect: oc.Dialect | None = None,
        limits: oc.SizeLimits | None = None,
        **headers: str,
    ) -> Outcome:
        top = head(status, content_type=content_type, connection="close", **headers)
        upstream.script([Send(top), Pause(0), Send(body), *more] if more else [Send(close_after(top, body))])
        client = make_client(
            retries=ONCE,
            dialect=dialect or oc.Dialect(),
            limits=limits or oc.SizeLimits(),
            api_key="sk-test-0123456789",
        )
        return await read(client)

    return run
