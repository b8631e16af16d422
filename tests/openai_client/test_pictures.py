"""Pictures: wire.md section 4, whole and streamed, carried and linked, and what servers make of it."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from dataclasses import dataclass, field
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import MakeClient, parts
from tests.upstream import Close, Send, Step, Upstream, done, head, json_answer, sse, stream_answer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LARGE = bytes(range(256)) * 64  # more than stays in the text of an answer


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@dataclass
class Drawn:
    """What came of reading one answer."""

    answer: oc.ImageAnswer
    pictures: list[oc.Picture] = field(default_factory=list)
    partial: list[tuple[int, bytes]] = field(default_factory=list)
    contents: list[bytes | None] = field(default_factory=list)


async def read(stream: oc.ImageStream) -> Drawn:
    drawn = Drawn(stream.answer)
    async with stream:
        async for event in stream:
            content = event.content.read() if event.content else None
            if isinstance(event, oc.PartialPicture):
                drawn.partial.append((event.index, content or b""))
            else:
                drawn.pictures.append(event)
                drawn.contents.append(content)
            if event.content:
                event.content.close()
        drawn.answer = stream.answer
    return drawn


async def draw(client: oc.Client, **request: Any) -> Drawn:
    return await read(client.stream_images({"prompt": "p", **request}, tempfile.TemporaryFile))


async def test_generating_pictures(upstream: Upstream, client: oc.Client) -> None:
    usage = {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}
    rows = [{"b64_json": b64(PNG), "revised_prompt": "a cat"}, {"url": "https://example.org/x.png", "seed": 7}]
    answer = {"created": 5, "data": rows, "usage": usage, "quality": "high"}
    upstream.script(json_answer(answer, x_request_id="r"), path="/images/generations")
    drawn = await draw(client, prompt="a cat", n=2, size=None)
    assert upstream.requests[0].json == {"prompt": "a cat", "n": 2}
    first, second = drawn.pictures
    assert (drawn.contents[0], first.url, first.revised_prompt, first.index) == (PNG, None, "a cat", 0)
    assert (second.content, second.url, second.extra, second.index) == (
        None,
        "https://example.org/x.png",
        {"seed": 7},
        1,
    )
    said = drawn.answer
    assert (said.count, said.created, said.extra, said.meta.request_id) == (2, 5, {"quality": "high"}, "r")
    assert said.usage is not None
    assert said.usage.total_tokens == 12


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ({}, []),
        ({"data": None}, []),
        ({"data": [{}]}, [None]),
        ({"data": {"url": "https://u"}}, ["https://u"]),
        ({"images": [{"url": "https://u"}]}, ["https://u"]),
        ({"data": ["https://u"]}, ["https://u"]),
        ([{"image_url": {"url": "https://u"}}], ["https://u"]),
        ({"data": [{"url": "javascript:alert(1)"}]}, [None]),
        ({"data": [{"url": "data:text/html,hello"}]}, [None]),
        ({"data": [{"b64_json": "no base64 at all!"}]}, [None]),
        ({"data": [{"b64_json": "A" * 5000 + "!" + "A" * 50}]}, [None]),
        ({"data": [{"b64_json": 7}, {"b64_json": None}]}, [None, None]),
    ],
)
async def test_picture_answers_may_be_odd(upstream: Upstream, client: oc.Client, value: Any, urls: list[Any]) -> None:
    upstream.script(json_answer(value), path="")
    drawn = await draw(client)
    assert [picture.url for picture in drawn.pictures] == urls
    assert not any(drawn.contents)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("content", [PNG, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    "written",
    [
        lambda content: json.dumps({"data": [{"b64_json": b64(content)}]}),
        lambda content: json.dumps({"data": [{"url": "data:image/png;base64," + b64(content)}]}),
        lambda content: json.dumps({"data": [{"b64_json": b64(content)}]}).replace("/", "\\/"),
        lambda content: json.dumps({"data": [{"b64_json": b64(content)}]}).replace("+", "\\u002B"),
        lambda content: json.dumps({"data": [{"b64_json": base64.encodebytes(content).decode()}]}),
        lambda content: json.dumps({"data": [{"b64_json": base64.urlsafe_b64encode(content).decode().rstrip("=")}]}),
        lambda content: json.dumps({"images": [b64(content)]}),
        lambda content: json.dumps({"data": [{"image_base64": b64(content)}]}, indent=2),
    ],
    ids=["plain", "data-url", "slashes", "plus", "lines", "url-safe", "bare", "indented"],
)
async def test_pictures_are_unpacked_however_they_are_written(
    upstream: Upstream, client: oc.Client, content: bytes, written: Any
) -> None:
    upstream.script(whole(written(content)), path="")
    assert (await draw(client)).contents == [content]


def whole(text: str) -> list[Step]:
    body = text.encode()
    return [Send(head(content_type="application/json", content_length=len(body)) + body)]


def event(kind: str, content: bytes, **fields: Any) -> bytes:
    value = {"type": f"image_generation.{kind}", "b64_json": b64(content), **fields}
    return f"event: {value['type']}\ndata: {json.dumps(value)}\n\n".encode()


async def test_a_stream_brings_partial_pictures_and_then_whole_ones(upstream: Upstream, client: oc.Client) -> None:
    usage = {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}
    upstream.script(
        stream_answer(
            event("partial_image", LARGE[:9000], partial_image_index=0),
            event("partial_image", PNG, partial_image_index=1),
            event("completed", LARGE, usage=usage, size="1024x1024"),
            event("partial_image", PNG, partial_image_index=0),
            event("completed", PNG, usage=usage),
        ),
        path="/images/generations",
    )
    drawn = await draw(client, stream=True, partial_images=2, n=2)
    assert upstream.requests[0].headers["accept"].startswith("text/event-stream")
    assert drawn.partial == [(0, LARGE[:9000]), (0, PNG), (1, PNG)]
    assert drawn.contents == [LARGE, PNG]
    assert drawn.answer.usage is not None
    assert drawn.answer.usage.total_tokens == 24
    assert drawn.answer.extra["size"] == "1024x1024"


async def test_what_was_streamed_may_come_whole_and_the_other_way_round(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"data": [{"b64_json": b64(PNG)}]}), path="")
    assert (await draw(client, stream=True)).contents == [PNG]
    upstream.script(stream_answer(event("completed", PNG), done()), path="")
    assert (await draw(client)).contents == [PNG]


async def test_a_stream_that_ends_after_a_partial_picture_is_broken_off(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(stream_answer(event("partial_image", PNG, partial_image_index=0)), path="")
    with pytest.raises(oc.BrokenOff):
        await draw(client, stream=True)
    assert len(upstream.requests) == 1, "what has begun to arrive is not asked for again"


async def test_an_answer_that_breaks_off_before_a_picture_is_asked_for_again(
    upstream: Upstream, client: oc.Client
) -> None:
    body = json.dumps({"data": [{"b64_json": b64(LARGE)}]}).encode()
    upstream.script([Send(head(content_length=len(body)) + body[:9000]), Close()], path="")
    upstream.script(json_answer({"data": [{"b64_json": b64(LARGE)}]}), path="")
    drawn = await draw(client)
    assert (drawn.contents, drawn.answer.meta.attempts) == ([LARGE], 2)


async def test_an_error_in_the_middle_of_a_stream_is_one(upstream: Upstream, client: oc.Client) -> None:
    refusal = sse({"type": "error", "error": {"message": "no", "code": "moderation_blocked"}})
    upstream.script(stream_answer(event("completed", PNG), refusal), path="")
    with pytest.raises(oc.ContentFiltered):
        await draw(client, stream=True)


async def test_a_refused_prompt(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"error": {"message": "m", "code": "moderation_blocked"}}, 400), path="")
    with pytest.raises(oc.ContentFiltered):
        await draw(client)


@pytest.mark.parametrize("body", [b"<html><title>Gone</title></html>", b"not JSON", b""])
async def test_what_is_no_answer_is_said(upstream: Upstream, client: oc.Client, body: bytes) -> None:
    for _ in range(3):
        upstream.script([Send(head(content_type="text/html", content_length=len(body)) + body)], path="")
    with pytest.raises(oc.UnexpectedAnswer):
        await draw(client)


async def test_pictures_are_bounded(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(limits=oc.SizeLimits(picture=10_000, pictures=2))
    upstream.script(json_answer({"data": [{"b64_json": b64(LARGE)}]}), path="")
    with pytest.raises(oc.TooLarge):
        await draw(client)
    upstream.script(json_answer({"data": [{"b64_json": b64(LARGE[:5000])}] * 3}), path="")
    with pytest.raises(oc.TooLarge):
        await draw(client)
    upstream.script(json_answer({"data": [{}] * 30}), path="")
    assert len((await draw(client)).pictures) == 2


async def test_a_full_disk_is_said_as_such(upstream: Upstream, client: oc.Client) -> None:
    class Full(io.BytesIO):
        def write(self, content: Any, /) -> int:
            raise OSError(28, "No space left on device")

    upstream.script(json_answer({"data": [{"b64_json": b64(LARGE)}]}), path="")
    with pytest.raises(OSError, match="No space left"):
        await read(client.stream_images({"prompt": "p"}, Full))


async def test_a_parameter_refused_for_pictures_is_dropped_too(upstream: Upstream, client: oc.Client) -> None:
    refusal = json_answer({"error": {"message": "Unknown parameter: 'style'.", "param": "style"}}, 400)
    upstream.script(refusal, path="")
    upstream.script(json_answer({"data": []}), path="")
    assert (await draw(client, model="m", style="vivid")).answer.meta.dropped == ("style",)
    upstream.script(json_answer({"error": {"message": "Unknown parameter: 'quality'."}}, 400), path="")
    upstream.script(json_answer({"data": []}), path="")
    upload = oc.Upload("a.png", PNG, "image/png")
    request = {"model": "m", "prompt": "p", "quality": "high", "style": "vivid"}
    drawn = await read(client.stream_edit(request, [upload], tempfile.TemporaryFile))
    assert drawn.answer.meta.dropped == ("quality", "style")
    assert set(sent(upstream, -1)) == {"model", "prompt", "image"}


def sent(upstream: Upstream, place: int = 0) -> dict[str, tuple[str, bytes]]:
    record = upstream.requests[place]
    assert record.headers["content-type"].startswith("multipart/form-data")
    return parts(record.body, record.headers["content-type"])


async def test_editing_pictures(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"error": {"message": "m"}}, 500), path="/images/edits")
    upstream.script(json_answer({"data": [{"b64_json": b64(PNG)}]}), path="/images/edits")
    uploads = [oc.Upload("a.png", PNG, "image/png"), oc.Upload("b.png", io.BytesIO(PNG), "image/png")]
    request = {"prompt": "a hat", "n": 1, "size": None, "stream": False}
    mask = oc.Upload("m.png", io.BytesIO(PNG), "image/png")
    retries: list[int] = []
    stream = client.stream_edit(
        request, uploads, tempfile.TemporaryFile, mask=mask, on_retry=lambda retry: retries.append(retry.attempt)
    )
    assert (await read(stream)).contents == [PNG]
    assert retries == [2]
    fields = sent(upstream, 1)
    assert set(fields) == {"prompt", "n", "image[]", "mask", "stream"}
    assert fields["stream"][1] == b"false"
    assert fields["prompt"][1] == b"a hat"
    assert fields["mask"][1] == PNG
    assert 'filename="m.png"' in fields["mask"][0]
    assert [record.body.count(PNG) for record in upstream.requests] == [3, 3]


async def test_varying_a_picture_where_that_is_retired(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(
        json_answer({"error": {"message": "This endpoint is retired", "code": None}}, 404), path="/images/variations"
    )
    with pytest.raises(oc.NotFound):
        upload = oc.Upload("a.png", PNG, "image/png")
        await read(client.stream_variation({"n": 1}, upload, tempfile.TemporaryFile))
    assert b'name="image"; filename="a.png"' in upstream.requests[0].body


async def test_leaving_early_hangs_up_and_keeps_nothing_open(upstream: Upstream, client: oc.Client) -> None:
    opened: list[Any] = []

    def spool() -> Any:
        opened.append(tempfile.TemporaryFile())  # noqa: SIM115 - whoever reads closes it
        return opened[-1]

    upstream.script(json_answer({"data": [{"b64_json": b64(LARGE)}] * 3}), path="")
    async with client.stream_images({"prompt": "p"}, spool) as stream:
        first = await anext(stream)
        assert first.content is not None
        first.content.close()
    assert [file.closed for file in opened] == [True] * 3
