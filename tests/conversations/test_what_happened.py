"""Behind an answer: the request to the byte, the raw answer, what it took; no key, and nobody else's."""

import json
import shlex
import uuid
from typing import Any

from tests.site import Person, Site
from tests.upstream import Close, Send, Upstream, done, head, json_answer, sse, stream_answer, text_chunk

KEY = "sk-test"  # the environment's (tests/conftest.py)
USAGE = {
    "prompt_tokens": 9,
    "completion_tokens": 4,
    "total_tokens": 13,
    "prompt_tokens_details": {"cached_tokens": 8},
    "completion_tokens_details": {"reasoning_tokens": 2},
}


async def behind(person: Person, message: dict[str, Any]) -> dict[str, Any]:
    response = await person.get(f"/messages/{message['id']}/request/")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_the_request_is_what_left_to_the_byte(alice: Person, upstream: Upstream) -> None:
    refused = {"message": "Unsupported parameter: 'seed'", "param": "seed", "code": "unsupported_parameter"}
    made = await alice.begin('A "question"\nwith $HOME, `ls`, it\'s 世界!', model_id="any-t2-r0")
    await alice.answer(made["id"])
    upstream.script(json_answer({"error": refused}, 400))
    model = f"any-t2-r0-{uuid.uuid4().hex[:6]}"
    await alice.send(made["id"], "And then?", model_id=model, params={"seed": 1, "temperature": 0.5})
    answer = await alice.answer(made["id"])
    found = await behind(alice, answer)
    [run] = found["runs"]
    asked = upstream.requests[-1]
    assert json.dumps(run["sent"]["body"], ensure_ascii=False, separators=(",", ":")).encode() == asked.body
    assert run["sent"]["exact"] is True
    assert run["sent"]["url"] == f"{upstream.url}/chat/completions"
    assert run["sent"]["headers"]["Authorization"] == "Bearer ****"
    assert asked.headers["accept"] == run["sent"]["headers"]["Accept"]
    assert run["upstream"]["changed"] == {"seed": None}
    assert found["body"] == run["sent"]["body"]
    page = await alice.get(made["url"], Accept="text/html")
    assert "<span data-left-out-names>seed</span>" in page.text


async def test_the_raw_answer_keeps_unknown_fields_and_the_facts_are_told(alice: Person, upstream: Upstream) -> None:
    told = {"model": "m-2026-11-21", "system_fingerprint": "fp_7", "service_tier": "default", "citations": ["a"]}
    first = sse({"id": "chatcmpl-9", "object": "chat.completion.chunk", "choices": [], **told})
    last = text_chunk(finish="stop", usage=USAGE)
    headers = {"x_request_id": "req-9", "x_ratelimit_remaining_tokens": "77", "openai_processing_ms": "12"}
    busy = {"error": {"message": f"Slow down, {KEY}", "type": "rate_limit", "code": "rate_limit_exceeded"}}
    upstream.script(json_answer(busy, 429, retry_after="0"))
    upstream.script(stream_answer(first, text_chunk("Hi "), text_chunk("you"), last, done(), **headers))
    made = await alice.begin("Hello")
    answer = await alice.answer(made["id"])
    [run] = (await behind(alice, answer))["runs"]
    received = run["received"]
    assert {name: received[name] for name in told} == told
    assert received["usage"] == USAGE
    assert received["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": "Hi you"}, "finish_reason": "stop"}
    ]
    above = run["upstream"]
    assert (above["status"], above["request_id"], above["attempts"]) == (200, "req-9", 2)
    assert [(retry["attempt"], retry["status"]) for retry in above["retries"]] == [(2, 429)]
    assert above["rate_limits"] == {"x-ratelimit-remaining-tokens": "77"}
    assert above["headers"]["openai-processing-ms"] == "12"
    assert "fp_7" in above["edges"][0]
    assert any('"finish_reason": "stop"' in edge for edge in above["edges"])
    assert set(run["seconds"]) == {"headers", "first_byte", "first_delta", "end"}
    page = await alice.get(f"/messages/{answer['id']}/request/", Accept="text/html")
    for words in ("m-2026-11-21", "fp_7", "8 of them from the cache", "2 of them for thinking", "req-9", "429"):
        assert words in page.text
    assert KEY not in page.text


async def test_each_run_of_a_continued_answer_is_told_by_itself(alice: Person, upstream: Upstream) -> None:
    upstream.script([Send(head(200, content_type="text/event-stream")), Send(text_chunk("One ")), Close()])
    made = await alice.begin("Count")
    broken = await alice.answer(made["id"])
    assert broken["status"] == "failed"
    upstream.script(stream_answer(text_chunk("two"), text_chunk(finish="stop"), done()))
    await alice.post(f"/messages/{broken['id']}/continue/", client_id=str(uuid.uuid4()))
    whole = await alice.answer(made["id"])
    first, second = (await behind(alice, whole))["runs"]
    assert (first["status"], first["received"]["choices"][0]["finish_reason"]) == ("failed", None)
    assert first["received"]["choices"][0]["message"]["content"] == "One "
    assert second["received"]["choices"][0]["message"]["content"] == "two"
    assert [run["sent"]["exact"] for run in (first, second)] == [True, True]
    page = await alice.get(f"/messages/{whole['id']}/request/", Accept="text/html")
    assert "Request 1 of 2" in page.text


async def test_a_run_without_a_record_does_not_change_what_the_next_one_is_said_to_have_sent(
    alice: Person, site: Site, upstream: Upstream
) -> None:
    """A killed process leaves none; Continue then asks with what had come by then."""
    upstream.script([Send(head(200, content_type="text/event-stream")), Send(text_chunk("One ")), Close()])
    made = await alice.begin("Count")
    broken = await alice.answer(made["id"])
    key = broken["run"] if site.database_url else broken["run"].replace("-", "")
    site.execute("UPDATE conversations_run SET record = ? WHERE id = ?", b"", key)
    upstream.script(stream_answer(text_chunk("two"), text_chunk(finish="stop"), done()))
    await alice.post(f"/messages/{broken['id']}/continue/", client_id=str(uuid.uuid4()))
    first, second = (await behind(alice, await alice.answer(made["id"])))["runs"]
    assert [message["content"] for message in first["sent"]["body"]["messages"]] == ["Count"]
    assert [message["content"] for message in second["sent"]["body"]["messages"]][:2] == ["Count", "One "]
    assert [run["sent"]["exact"] for run in (first, second)] == [False, True]


async def test_what_was_not_joined_because_it_was_there_is_in_the_raw_answer(alice: Person, upstream: Upstream) -> None:
    before = "The quick brown fox jumps over the lazy dog"
    upstream.script([Send(head(200, content_type="text/event-stream")), Send(text_chunk(before)), Close()])
    made = await alice.begin("Go")
    broken = await alice.answer(made["id"])
    again = "over the lazy dog and runs away."
    upstream.script(stream_answer(text_chunk(again), text_chunk(finish="stop"), done()))
    await alice.post(f"/messages/{broken['id']}/continue/", client_id=str(uuid.uuid4()))
    whole = await alice.answer(made["id"])
    assert whole["parts"][0]["text"] == f"{before} and runs away."
    runs = (await behind(alice, whole))["runs"]
    contents = [run["received"]["choices"][0]["message"]["content"] for run in runs]
    assert contents == [before, again]


async def test_several_answers_of_one_request_have_the_same_request_and_their_own_answer(
    alice: Person, upstream: Upstream
) -> None:
    upstream.script(
        stream_answer(
            *(text_chunk(text, index=index) for index, text in enumerate(("Left", "Right"))),
            *(text_chunk(index=index, finish="stop") for index in range(2)),
            done(),
        )
    )
    made = await alice.begin("Which way?", params={"n": 2})
    await alice.answer(made["id"])
    answers = [message for message in made["messages"] if message["role"] == "assistant"]
    runs = [(await behind(alice, answer))["runs"][0] for answer in answers]
    assert [run["received"]["choices"][0]["message"]["content"] for run in runs] == ["Left", "Right"]
    assert [run["choice"] for run in runs] == [0, 1]
    assert runs[0]["sent"] == runs[1]["sent"]
    assert runs[0]["sent"]["body"]["n"] == 2


async def test_what_never_got_an_answer_shows_its_request(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", model_id="any-e401")
    answer = await alice.answer(made["id"])
    [run] = (await behind(alice, answer))["runs"]
    assert (run["received"], run["sent"]["exact"], run["status"]) == (None, True, "failed")


async def test_while_it_is_written_it_is_shown_as_it_would_be_sent(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", model_id="any-t5-h2")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(1)
        [run] = (await behind(alice, made["messages"][1]))["runs"]
        assert (run["status"], run["sent"]["exact"], run["received"]) == ("in_progress", False, None)
        assert run["sent"]["body"]["messages"] == [{"role": "user", "content": "Hello"}]
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        await socket.until("run.finished")
    [run] = (await behind(alice, made["messages"][1]))["runs"]
    assert (run["status"], run["sent"]["exact"]) == ("cancelled", True)
    assert run["received"]["choices"][0]["message"]["content"].startswith("w0001")


async def test_a_command_line_and_a_program_are_given(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin('It\'s a "question"', params={"temperature": 0.5, "top_k": 3})
    answer = await alice.answer(made["id"])
    found = await behind(alice, answer)
    command = shlex.split(found["curl"])
    assert command[1] == f"{upstream.url}/chat/completions"
    assert "Authorization: Bearer $OPENAI_API_KEY" in command
    assert json.loads(command[-1]) == upstream.requests[-1].json
    assert "temperature=0.5" in found["python"]
    assert "extra_body={'top_k': 3}" in found["python"]
    assert KEY not in json.dumps(found)


async def test_what_is_not_there_or_not_yours_is_not_found(alice: Person, charlie: Person, site: Site) -> None:
    made = await alice.begin("Mine", model_id="any-t1-r0")
    answer = await alice.answer(made["id"])
    question = made["messages"][0]["id"]
    for path in ("request", "logprobs"):
        assert (await alice.get(f"/messages/{question}/{path}/")).status_code == 404
        assert (await alice.get(f"/messages/{uuid.uuid4()}/{path}/")).status_code == 404
        assert (await charlie.get(f"/messages/{answer['id']}/{path}/")).status_code == 404
        assert (await site.stranger().get(f"/messages/{answer['id']}/{path}/")).status_code == 401
    other = await alice.begin("Gone", model_id="any-t1-r0")
    gone = await alice.answer(other["id"])
    assert (await alice.post(f"/messages/{gone['id']}/delete/")).status_code == 200
    for path in ("request", "logprobs"):
        refused = await alice.get(f"/messages/{gone['id']}/{path}/")
        assert refused.json()["error"]["code"] == "message_deleted"
    assert (await alice.post(f"/c/{made['id']}/delete/")).status_code == 200
    assert (await alice.get(f"/messages/{answer['id']}/request/")).status_code == 404
