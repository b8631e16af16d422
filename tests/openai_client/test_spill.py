"""Base64 that leaves the text of an answer while it comes: wherever it is cut, and never in memory."""

from __future__ import annotations

import base64
import io
import itertools
import json
import tempfile
import tracemalloc
from collections.abc import AsyncIterator

import httpx
from hypothesis import given
from hypothesis import strategies as st

import openai_client as oc
from openai_client._spill import LONG, Spill
from tests.openai_client.support import MakeClient


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def test_a_large_answer_is_never_in_memory(make_client: MakeClient) -> None:
    size = 48 * 1024 * 1024

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"data":[{"b64_json":"'
        for _ in range(size // 49_152):
            yield b"A" * 65_536
        yield b'"}]}'

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=pieces()))
    client = make_client(base_url="http://pictures/v1", transport=transport)
    tracemalloc.start()
    try:
        async with client.stream_images({"prompt": "p"}, tempfile.TemporaryFile) as stream:
            async for picture in stream:
                assert picture.content is not None
                assert picture.content.seek(0, io.SEEK_END) == size // 49_152 * 49_152
                picture.content.close()
            _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


_TEXTS = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=50).map(b64),
    st.binary(min_size=LONG, max_size=LONG + 900).map(b64),
    st.text(alphabet='ab"\\/\n é', min_size=LONG, max_size=LONG + 50),
)


@given(texts=st.lists(_TEXTS, max_size=4), cuts=st.lists(st.integers(0, 30_000), max_size=6), ascii_only=st.booleans())
def test_where_the_network_cuts_makes_no_difference(texts: list[str], cuts: list[int], ascii_only: bool) -> None:
    body = json.dumps({"data": texts, "é": 'a "quoted" word\\'}, ensure_ascii=ascii_only).encode()
    spill = Spill(oc.SizeLimits(), io.BytesIO)
    places = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    rest = b"".join(spill.feed(body[start:end]) for start, end in itertools.pairwise(places)) + spill.end()
    value = json.loads(rest)
    assert value["é"] == 'a "quoted" word\\'
    for text, left in zip(texts, value["data"], strict=True):
        found = spill.found(left)
        assert (b64(found.file.read()) if found else left) == text
        assert (found is not None) == (len(text) >= LONG and len(left) < 100)
