"""Legacy completions and files: wire.md sections 2 and 8."""

from __future__ import annotations

import gzip
import io
import json
import threading
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import ONCE, MakeClient, parts
from tests.upstream import Close, Send, Upstream, done, head, json_answer, sse, stream_answer


async def test_legacy_completions_whole(upstream: Upstream, client: oc.Client) -> None:
    logprobs = {"tokens": ["a"], "token_logprobs": [-0.1], "top_logprobs": None, "text_offset": [0]}
    rows = [{"text": "one", "index": 0, "logprobs": logprobs, "finish_reason": "length"}, {"text": "two", "index": 1}]
    upstream.script(json_answer({"id": "cmpl-1", "object": "text_completion", "choices": rows}), path="/completions")
    completion = await client.completions({"model": "m", "prompt": "p", "suffix": None})
    assert upstream.requests[0].json == {"model": "m", "prompt": "p"}
    assert upstream.requests[0].path == "/v1/completions"
    assert [(choice.text, choice.ending) for choice in completion.choices] == [("one", "length"), ("two", "stop")]
    assert completion.choices[0].logprobs == logprobs


async def test_legacy_completions_streamed(upstream: Upstream, client: oc.Client) -> None:
    def piece(text: str, finish: str | None = None, **logprobs: Any) -> bytes:
        return sse({"choices": [{"text": text, "index": 0, "logprobs": logprobs or None, "finish_reason": finish}]})

    events = piece("He", tokens=["He"], text_offset=[0]) + piece("llo", tokens=["llo"], text_offset=[2])
    upstream.script(stream_answer(events, piece("", "stop"), done()), path="/completions")
    async with client.stream_completion({"model": "m", "prompt": "p"}) as stream:
        deltas = [delta async for delta in stream]
    assert deltas == [oc.TextDelta(0, "He"), oc.TextDelta(0, "llo"), oc.ChoiceFinished(0, "stop")]
    assert stream.completion.choices[0].logprobs == {"tokens": ["He", "llo"], "text_offset": [0, 2]}
    assert upstream.requests[0].json["stream"] is True


async def test_a_legacy_stream_that_ends_early_is_broken_off(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(stream_answer(sse({"choices": [{"text": "a", "index": 0, "finish_reason": None}]})), path="")
    with pytest.raises(oc.BrokenOff):
        async with client.stream_completion({"model": "m", "prompt": "p"}) as stream:
            [delta async for delta in stream]
    assert stream.completion.choices[0].text == "a"


async def test_uploading_and_reading_files(upstream: Upstream, client: oc.Client) -> None:
    row = {"id": "file-1", "object": "file", "bytes": 9, "created_at": 5, "filename": "ä.txt", "purpose": "user_data"}
    upstream.script(json_answer(row), path="/files")
    file = await client.files_upload(
        oc.Upload('ä "x"\r\n.txt', b"content", "text/plain"), "user_data", **{"expires_after[seconds]": 3600}
    )
    assert (file.id, file.bytes, file.filename, file.created_at, file.purpose) == ("file-1", 9, "ä.txt", 5, "user_data")
    sent = parts(upstream.requests[0].body, upstream.requests[0].headers["content-type"])
    assert sent["file"][1] == b"content"
    assert sent["expires_after[seconds]"][1] == b"3600"
    assert "\r\n.txt" not in sent["file"][0]
    upstream.script(json_answer({**row, "expires_at": "77", "status": "processed", "odd": 1}), path="/files/file-1")
    file = await client.files_retrieve("file-1")
    assert (file.expires_at, file.status, file.extra) == (77, "processed", {"odd": 1})
    upstream.script([Send(head(content_type="text/plain", content_length=7) + b"con\x00ten")], path="/content")
    content = await client.files_content("file-1")
    assert (content.content, content.content_type) == (b"con\x00ten", "text/plain")
    upstream.script(json_answer({"id": "file-1", "deleted": True}), path="/files/file-1")
    assert (await client.files_delete("file-1")).deleted


async def test_a_large_upload_goes_in_pieces_and_again_after_a_fault(upstream: Upstream, client: oc.Client) -> None:
    content = bytes(range(256)) * 20_000
    upstream.script(json_answer({"error": {"message": "m"}}, 500), path="/files")
    upstream.script(json_answer({"id": "file-2"}), path="/files")
    file = await client.files_upload(oc.Upload("big.bin", io.BytesIO(content)), "batch")
    assert (file.id, file.meta.attempts) == ("file-2", 2)
    for record in upstream.requests:
        assert parts(record.body, record.headers["content-type"])["file"][1] == content


async def test_listing_files(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(
        json_answer({"data": [{"id": "a"}, {"id": "b"}, {}], "has_more": True, "last_id": "b"}), path="/files"
    )
    files = await client.files_list(purpose="batch", limit=2)
    assert upstream.requests[0].query == "purpose=batch&limit=2"
    assert ([file.id for file in files], files.has_more, files.last_id, len(files)) == (["a", "b"], True, "b", 2)
    upstream.script(json_answer({"data": [{"id": "a"}]}), path="/files")
    files = await client.files_list()
    assert (files.has_more, files.last_id) == (False, "a")
    upstream.script(json_answer([]), path="/files")
    assert (await client.files_list()).last_id is None


async def test_lists_of_files_are_bounded(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(limits=oc.SizeLimits(items=2))
    upstream.script(json_answer({"data": [{"id": "a"}] * 3}), path="/files")
    with pytest.raises(oc.TooLarge):
        await client.files_list()


async def test_downloads_have_their_own_limit(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(limits=oc.SizeLimits(download=1000), retries=ONCE)
    upstream.script([Send(head(content_length=5000) + b"x" * 5000)], path="/content")
    with pytest.raises(oc.TooLarge):
        await client.files_content("f")
    upstream.script(json_answer({"error": {"message": "No such File object: f"}}, 404), path="/content")
    with pytest.raises(oc.NotFound):
        await client.files_content("f")


async def test_a_download_that_breaks_is_tried_again(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Send(head(content_length=9) + b"half"), Close()], path="/content")
    upstream.script([Send(head(content_length=4) + b"good")], path="/content")
    content = await client.files_content("f")
    assert (content.content, content.meta.attempts) == (b"good", 2)


async def test_a_list_without_has_more_is_whole_unless_it_is_as_long_as_was_asked_for(
    upstream: Upstream, client: oc.Client
) -> None:
    for asked, more in ((2, True), (3, False), (None, False)):
        upstream.script(json_answer({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}), path="/files")
        assert (await client.files_list(limit=asked, order="asc", after="z")).has_more is more
    assert upstream.requests[0].query == "limit=2&order=asc&after=z"
    upstream.script(json_answer({"data": [{"id": "a"}], "has_more": False}), path="/files")
    assert (await client.files_list(limit=1)).has_more is False


async def test_an_upload_may_expire(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"id": "f"}), path="/files")
    await client.files_upload(oc.Upload("a.txt", io.BytesIO(b"x")), "user_data", 3600)
    sent = parts(upstream.requests[0].body, upstream.requests[0].headers["content-type"])
    assert {name: value[1] for name, value in sent.items() if name != "file"} == {
        "purpose": b"user_data", "expires_after[anchor]": b"created_at", "expires_after[seconds]": b"3600",
    }  # fmt: skip


async def test_content_comes_piece_by_piece(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"error": {"message": "m"}}, 500), path="/content")
    upstream.script([Send(head(content_type="text/plain", content_length=4) + b"ab"), Send(b"cd")], path="/content")
    async with client.files_stream("f/1") as content:
        assert (content.content_type, content.size, content.meta.attempts) == ("text/plain", 4, 2)
        assert b"".join([piece async for piece in content]) == b"abcd"
    assert upstream.requests[0].path == "/v1/files/f%2F1/content"
    upstream.script([Send(head(content_length=9) + b"half"), Close()], path="/content")
    seen = b""
    with pytest.raises(oc.BrokenOff):
        async with client.files_stream("f") as content:
            async for piece in content:
                seen += piece
    assert seen == b"half"
    packed = gzip.compress(b"words")
    upstream.script([Send(head(content_encoding="gzip", content_length=len(packed)) + packed)], path="/content")
    async with client.files_stream("f") as content:
        assert (content.size, b"".join([piece async for piece in content])) == (None, b"words")


async def test_content_that_is_refused_or_too_large_is_told(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(limits=oc.SizeLimits(download=1000), retries=ONCE)
    upstream.script(json_answer({"error": {"message": "Not allowed to download files of purpose: x"}}, 400), "/content")
    with pytest.raises(oc.BadRequest):
        async with client.files_stream("f"):
            pytest.fail("there is nothing to read")
    upstream.script([Send(head(content_length=5000) + b"x" * 5000)], path="/content")
    with pytest.raises(oc.TooLarge):
        async with client.files_stream("f") as content:
            async for _ in content:
                pass


async def test_a_slow_disk_holds_nobody_up(upstream: Upstream, client: oc.Client) -> None:
    threads = set()

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            threads.add(threading.get_ident())
            return super().read(size)

    upstream.script(json_answer({"id": "f"}), path="/files")
    await client.files_upload(oc.Upload("f", Watched(b"x" * 200_000)), "batch")
    assert threads
    assert threading.get_ident() not in threads


async def test_values_of_lists_are_typed_and_frozen(upstream: Upstream, client: oc.Client) -> None:
    (model, _) = await client.models()
    with pytest.raises(AttributeError):
        model.id = "x"  # type: ignore[misc]
    assert json.dumps(dict(model.extra)) == "{}"


async def test_keys_of_an_organisation(upstream: Upstream, client: oc.Client) -> None:
    path = "/organization/admin_api_keys"
    row = {"id": "key_1", "name": "n", "redacted_value": "sk-admin...x", "created_at": 5, "owner": {"name": "Ann"}}
    upstream.script(json_answer({"data": [row, {"id": None}, 7], "has_more": True}), path=path)
    found = await client.admin_keys()
    assert ([key.id for key in found], len(found), found.has_more) == (["key_1"], 1, True)
    (key,) = found
    assert (key.name, key.redacted_value, key.owner, key.created, key.expires) == ("n", "sk-admin...x", "Ann", 5, None)
    assert not key.value
    upstream.script(json_answer({**row, "value": "sk-admin-0123456789"}), path=path)
    made = await client.create_admin_key("n", 60)
    assert made.value.reveal() == "sk-admin-0123456789"
    assert "0123456789" not in repr(made)
    assert upstream.requests[1].json == {"name": "n", "expires_in_seconds": 60}
    upstream.script(json_answer({"id": "key_1", "deleted": True}), path="/key_1")
    assert (await client.delete_admin_key("key_1")).deleted
    upstream.script(json_answer({"models": []}), path=path)
    with pytest.raises(oc.UnexpectedAnswer):
        await client.admin_keys()
