"""How the sandbox is reached: addresses, mount points, the key, hanging up, waiting for slow readers."""

import asyncio
import pathlib
from typing import Any

import sandbox
from tests.sandbox.calling import Door
from tests.sandbox.conftest import DOCUMENTS

KEY = "sk-sandbox-0123456789"
SLOW = {"model": "sandbox-slow", "stream": True, "messages": [{"role": "user", "content": "hello"}]}


def locked(folder: pathlib.Path, **options: Any) -> Door:
    """Return a sandbox that wants a key."""
    return Door(sandbox.create_app(data_dir=folder, documents=lambda: DOCUMENTS, key=KEY, pace=0, **options))


async def test_the_default_model_is_listed_first_and_every_model_says_sandbox(door: Door) -> None:
    listed = (await door.get("/v1/models")).json
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == list(sandbox.MODELS)
    assert sandbox.MODELS[0] == "sandbox-guide"
    for model in listed["data"]:
        assert model["id"].startswith("sandbox-")
        assert (model["owned_by"], model["object"]) == ("sandbox", "model")


async def test_one_model_is_told_and_an_unknown_one_is_not_found(door: Door) -> None:
    assert (await door.get("/v1/models/sandbox-echo")).json["id"] == "sandbox-echo"
    answer = await door.get("/v1/models/ft:other/model:x")
    assert answer.status == 404
    assert answer.error["code"] == "model_not_found"


async def test_the_sandboxs_own_models_cannot_be_deleted(door: Door) -> None:
    assert (await door.delete("/v1/models/sandbox-echo")).status == 403
    assert (await door.delete("/v1/models/nobody")).status == 404


async def test_engines_are_listed_in_their_old_shape(door: Door) -> None:
    listed = (await door.get("/v1/engines")).json
    assert {(engine["object"], engine["owner"], engine["ready"]) for engine in listed["data"]} == {
        ("engine", "sandbox", True)
    }
    assert (await door.get("/v1/engines/sandbox-guide")).json["object"] == "engine"


async def test_an_unknown_address_is_a_404_and_a_wrong_method_a_405(door: Door) -> None:
    unknown = await door.get("/v1/edits")
    assert (unknown.status, unknown.error["message"]) == (404, "Invalid URL (GET /v1/edits)")
    assert (await door.get("/other")).status == 404
    wrong = await door.get("/v1/chat/completions")
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST")


async def test_it_answers_below_a_mount_point_whether_or_not_the_path_holds_it(door: Door) -> None:
    for path in ("/sandbox/v1/models", "/v1/models"):
        assert (await door.get(path, root_path="/sandbox")).status == 200
    assert (await door.get("/sandbox/v1/models")).status == 404


async def test_only_the_right_key_opens_and_a_wrong_one_is_repeated_masked(tmp_path: pathlib.Path) -> None:
    door = locked(tmp_path)
    for header in ("", "Bearer", "Basic " + KEY, "Bearer " + KEY + "x", "Bearer s\xe9cret"):
        answer = await door.get("/v1/models", headers={"authorization": header} if header else {})
        assert answer.status == 401, header
        assert answer.error["code"] == "invalid_api_key"
        assert KEY not in answer.error["message"]
    assert (await door.get("/v1/models", headers={"authorization": f"Bearer {KEY}"})).status == 200


async def test_with_a_key_set_nothing_is_told_to_strangers(tmp_path: pathlib.Path) -> None:
    for method, path in (("GET", "/v1/none"), ("PUT", "/v1/models"), ("POST", "/v1/chat/completions")):
        assert (await locked(tmp_path).call(method, path).answer()).status == 401


async def test_what_is_nested_too_deeply_is_refused(door: Door) -> None:
    """Around the interpreter's own limit it depends on the place where the limit is met; none of them may break."""
    seen = set()
    for depth in range(880, 1001, 4):
        rules = '{"items": ' * depth + "{}" + "}" * depth
        tool = '{"type": "function", "function": {"name": "f", "strict": true, "parameters": ' + rules + "}}"
        body = '{"model": "sandbox-guide", "messages": [{"role": "user", "content": "hi"}], "tools": [' + tool + "]}"
        answer = await door.post("/v1/chat/completions", body.encode())
        seen.add(answer.status)
        if answer.status != 200:
            assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
    assert 400 in seen


async def test_a_refusal_repeats_only_the_beginning_of_a_long_value(door: Door) -> None:
    long = "x" * 1_000_000
    for body in ({long: 1}, {"model": long}, {"service_tier": long}, {"messages": [{"role": long}]}):
        fields = {"model": "sandbox-guide", "messages": [{"role": "user", "content": "hi"}], **body}
        answer = await door.post("/v1/chat/completions", fields)
        assert answer.status in (400, 404)
        assert len(answer.body) < 2000


async def test_without_a_key_set_any_key_is_welcome(door: Door) -> None:
    assert (await door.get("/v1/models", headers={"authorization": "Bearer whatever"})).status == 200


async def test_every_answer_carries_a_request_id(door: Door) -> None:
    good, bad = await door.get("/v1/models"), await door.get("/v1/none")
    assert good.headers["x-request-id"] != bad.headers["x-request-id"]
    assert good.headers["openai-version"] == "2020-10-01"


async def test_a_body_that_is_no_json_object_is_refused(door: Door) -> None:
    for body in (b"", b"{", b"\xff", b"[1]", b"[" * 100_000):
        answer = await door.post("/v1/chat/completions", body)
        assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")


async def test_hanging_up_ends_the_stream_at_once_and_leaves_no_task(tmp_path: pathlib.Path) -> None:
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS))
    before = asyncio.all_tasks()
    call = door.call("POST", "/v1/chat/completions", SLOW)
    assert (await call.started)[0] == 200
    call.hung_up.set()
    await asyncio.wait_for(call.task, 10)
    assert asyncio.all_tasks() == before


async def test_hanging_up_before_the_answer_has_begun_ends_the_work_too(tmp_path: pathlib.Path) -> None:
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS))
    call = door.call("POST", "/v1/chat/completions", SLOW | {"stream": False})
    await asyncio.sleep(0.05)
    call.hung_up.set()
    await asyncio.wait_for(call.task, 10)
    assert not call.started.done()


async def test_cancelling_the_app_cancels_the_stream_and_leaves_no_task(tmp_path: pathlib.Path) -> None:
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS))
    before = asyncio.all_tasks()
    call = door.call("POST", "/v1/chat/completions", SLOW)
    await call.started
    call.task.cancel()
    await asyncio.wait([call.task], timeout=10)
    assert call.task.cancelled()
    assert asyncio.all_tasks() == before


async def test_a_slow_reader_makes_the_stream_wait(door: Door) -> None:
    tour = SLOW | {"model": "sandbox-guide", "messages": [{"role": "user", "content": "show me a tour"}]}
    call = door.call("POST", "/v1/chat/completions", tour, room=4)
    await call.started
    for _ in range(200):
        await asyncio.sleep(0)
    assert not call.task.done()
    assert call.pieces.qsize() == 4
    count = 0
    while await call.pieces.get() is not None:
        count += 1
    assert count > 500
    await call.task


async def test_the_stream_keeps_its_models_pace_by_the_clock_it_is_given(tmp_path: pathlib.Path) -> None:
    now, slept = [1000.0], []

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        slept.append(seconds)

    app = sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS, clock=lambda: now[0], sleep=sleep, pace=2)
    answer = await Door(app).post("/v1/chat/completions", SLOW | {"model": "sandbox-echo"})
    assert [event["created"] for event in answer.events] == [1000] * len(answer.events)
    assert slept[0] == 0.25 / 2
    assert {round(seconds, 6) for seconds in slept[1:]} == {round(1 / 120, 6)}
    slower = SLOW | {"model": "sandbox-echo", "metadata": {"sandbox_tokens_per_second": "5"}}
    slept.clear()
    await Door(app).post("/v1/chat/completions", slower)
    assert {round(seconds, 6) for seconds in slept[1:]} == {0.1}


async def test_lifespan_is_answered_and_a_websocket_is_closed(door: Door) -> None:
    sent: list[dict[str, Any]] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await door.app({"type": "lifespan"}, receive, send)
    await door.app({"type": "websocket"}, receive, send)
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
        "websocket.close",
    ]
