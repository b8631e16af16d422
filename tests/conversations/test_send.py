"""Sending a message: one POST up, numbered deltas down, and everything stored."""

import asyncio
import uuid

import pytest

from tests.site import Person, Site
from tests.site.person import text_of
from tests.upstream import Upstream

LIMIT = 1_000_000


async def test_a_first_message_makes_a_conversation_and_streams_its_answer(alice: Person) -> None:
    made = await alice.begin("Count to twenty")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    assert [message["role"] for message in socket.messages] == ["user", "assistant"]
    assert socket.text == "".join(f"w{n:04d} " for n in range(1, 21))
    assert socket.faults == []
    assert socket.messages[-1]["status"] == "completed"


async def test_the_answer_is_there_after_a_reload(alice: Person) -> None:
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    page = await alice.get(made["url"], Accept="text/html")
    assert page.status_code == 200
    assert "w0001 w0002" in page.text and "w0020" in page.text


async def test_the_end_says_how_long_the_text_is_and_what_it_used(alice: Person) -> None:
    made = (await alice.post("/c/")).json()
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await alice.send(made["id"], "Count", model_id="any-t30-r100")
        end = await socket.until("run.finished")
    assert end["status"] == "completed" and end["finish_reason"] == "stop"
    assert end["length"] == 30 * 6
    assert end["usage"]["completion_tokens"] == 30
    assert end["cost"] is None


async def test_the_upstream_gets_the_whole_branch_and_only_what_was_set(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("One", params={"temperature": 0.5})
    await alice.answer(made["id"])
    await alice.send(made["id"], "Two")
    await alice.answer(made["id"])
    first, second = (request.json for request in upstream.requests if "chat" in request.path)
    assert first["temperature"] == 0.5 and "temperature" not in second
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "user"]
    assert second["messages"][0]["content"] == "One" and second["messages"][2]["content"] == "Two"
    assert set(second) == {"model", "messages", "stream", "stream_options"}


async def test_deltas_are_numbered_from_one_without_holes(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-t40-r200-d300")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    numbers = [frame["seq"] for frame in socket.frames if frame["type"] == "message.delta"]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_reasoning_is_kept_apart_and_counted_apart(alice: Person) -> None:
    made = await alice.begin("Think", model_id="any-k15-t5-r100-d200")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    kinds = [part["type"] for part in socket.messages[-1]["parts"]]
    assert kinds == ["reasoning", "text"]
    assert socket.messages[-1]["parts"][0]["text"].startswith("r0001 ")
    assert socket.faults == []


async def test_how_long_the_model_thought_is_kept(alice: Person) -> None:
    made = await alice.begin("Think", model_id="any-k30-t5-r20-d200")
    await alice.answer(made["id"])
    answer = await alice.answer(made["id"])  # as it is stored
    assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]
    assert answer["parts"][0]["seconds"] >= 1, "thirty pieces, twenty a second"


async def test_the_same_client_id_again_gives_the_same_run(alice: Person, upstream: Upstream) -> None:
    fields = {"client_id": str(uuid.uuid4()), "text": "Once"}
    first, second = await alice.post("/c/", **fields), await alice.post("/c/", **fields)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["run"]["id"] == second.json()["run"]["id"]
    assert first.json()["id"] == second.json()["id"]
    await alice.answer(first.json()["id"])
    assert len([request for request in upstream.requests if "chat" in request.path]) == 1


async def test_the_same_client_id_at_the_same_moment_gives_one_run(alice: Person) -> None:
    made = await alice.begin("First")
    await alice.answer(made["id"])
    fields = {"client_id": str(uuid.uuid4()), "text": "Twins"}
    answers = await asyncio.gather(*(alice.post(f"/c/{made['id']}/messages/", **fields) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["run"]["id"] for answer in answers}) == 1


async def test_a_null_parent_follows_the_shown_branch_and_a_named_one_makes_a_sibling(alice: Person) -> None:
    made = await alice.begin("One")
    answer = await alice.answer(made["id"])
    second = await alice.send(made["id"], "Two", parent=None)
    assert second["messages"][0]["parent"] == answer["id"]
    await alice.answer(made["id"])
    other = await alice.send(made["id"], "Two, differently", parent=answer["id"])
    assert len(other["messages"][0]["siblings"]) == 2
    await alice.answer(made["id"])


async def test_a_plain_form_works_and_goes_on_to_the_page(alice: Person) -> None:
    async with alice.http(Accept="text/html") as http:
        response = await http.post("/c/", data={"client_id": str(uuid.uuid4()), "text": "From a form"})
    assert response.status_code == 303
    assert response.headers["location"].startswith("/c/")


async def test_unicode_survives_and_nul_is_dropped(alice: Person) -> None:
    text = "量化 ✓ \U0001f600 \u2028 e\u0301 \x00end"
    made = await alice.begin(text, model_id="echo-r0")
    answer = await alice.answer(made["id"])
    assert text_of(answer).strip() == text.replace("\x00", "").strip()


async def test_a_client_that_vanishes_leaves_a_run_that_finishes(alice: Person, site: Site) -> None:
    made = await alice.begin("First")
    await alice.answer(made["id"])
    client_id = str(uuid.uuid4())
    body = f'{{"client_id": "{client_id}", "text": "Gone"}}'.encode()
    cookie = "; ".join(f"{name}={value}" for name, value in alice.cookies.items())
    head = (
        f"POST /c/{made['id']}/messages/ HTTP/1.1\r\nHost: {site.url.removeprefix('http://')}\r\nCookie: {cookie}\r\n"
        f"X-CSRFToken: {alice.cookies['csrftoken']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    host, port = site.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode() + body)
    await writer.drain()
    writer.transport.abort()
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        while len(socket.messages) < 4:
            await socket.receive()
        while socket.messages[-1]["status"] != "completed":
            await socket.receive()
    assert socket.messages[-2]["client_id"] == client_id
    assert socket.messages[-1]["status"] == "completed"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": "x"}, 400, "client_id_missing"),
        ({"text": "x", "client_id": "not-a-uuid"}, 400, "client_id_missing"),
        ({"text": "x", "client_id": 7}, 400, "client_id_missing"),
        ({"text": ""}, 400, "text_missing"),
        ({"text": "  \n "}, 400, "text_missing"),
        ({"text": 5}, 400, "text_missing"),
        ({"text": "x" * (LIMIT + 1)}, 400, "text_too_long"),
        ({"text": "x", "parent": str(uuid.uuid4())}, 400, "unknown_parent"),
        ({"text": "x", "parent": "nonsense"}, 400, "unknown_parent"),
        ({"text": "x", "provider": "nobody"}, 400, "unknown_provider"),
        ({"text": "x", "provider": ["list"]}, 400, "invalid"),
        ({"text": "x", "model_id": "   "}, 400, "model_id_too_long"),
        ({"text": "x", "model_id": "m" * 257}, 400, "model_id_too_long"),
        ({"text": "x", "params": [1]}, 400, "invalid"),
        ({"text": "x", "params": "{broken"}, 400, "invalid"),
    ],
)
async def test_bad_fields_are_refused_and_nothing_is_written(
    alice: Person, site: Site, fields: dict, status: int, code: str
) -> None:
    made = await alice.begin("First")
    await alice.answer(made["id"])
    if "client_id" not in fields and code != "client_id_missing":
        fields = {**fields, "client_id": str(uuid.uuid4())}
    response = await alice.post(f"/c/{made['id']}/messages/", **fields)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert set(response.json()["error"]) == {"code", "message", "data"}
    assert response.json()["error"]["message"]
    assert len((await alice.get(made["url"], Accept="text/html")).text) > 0
    page = await alice.answer(made["id"])
    assert page["id"] == (await alice.answer(made["id"]))["id"]


async def test_the_longest_text_is_accepted(alice: Person) -> None:
    made = await alice.begin("x" * LIMIT, model_id="any-t1-r0")
    assert (await alice.answer(made["id"]))["status"] == "completed"


async def test_a_body_that_is_not_json_is_refused(alice: Person) -> None:
    async with alice.http(**{"Content-Type": "application/json"}) as http:
        for body in (b"{", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000):
            response = await http.post("/c/", content=body)
            assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_json"), body[:10]


async def test_another_content_type_is_refused(alice: Person) -> None:
    async with alice.http(**{"Content-Type": "text/csv"}) as http:
        response = await http.post("/c/", content=b"a,b")
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_media_type")


async def test_a_message_after_an_answer_that_is_still_written_is_refused(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t500-r50")
    response = await alice.post(f"/c/{made['id']}/messages/", client_id=str(uuid.uuid4()), text="Too early")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "answer_running")
    await alice.post(f"/runs/{made['run']['id']}/stop/")


async def test_who_is_not_signed_in_gets_401_or_the_sign_in_page(site: Site) -> None:
    stranger = site.stranger()
    response = await stranger.post("/c/", client_id=str(uuid.uuid4()), text="x")
    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_signed_in")
    page = await stranger.get("/", Accept="text/html")
    assert page.status_code == 302 and page.headers["location"].startswith("/accounts/login/")


async def test_without_the_csrf_token_nothing_is_sent(alice: Person) -> None:
    async with alice.http(**{"X-CSRFToken": "wrong"}) as http:
        response = await http.post("/c/", json={"client_id": str(uuid.uuid4()), "text": "x"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf_failed")


async def test_charlie_sees_nothing_of_alices(alice: Person, charlie: Person) -> None:
    made = await alice.begin("Secret")
    message = made["messages"][1]["id"]
    fields = {"client_id": str(uuid.uuid4()), "text": "x"}
    for path in (
        f"/c/{made['id']}/messages/",
        f"/messages/{message}/regenerate/",
        f"/messages/{message}/edit/",
        f"/messages/{message}/continue/",
        f"/runs/{made['run']['id']}/stop/",
        f"/c/{made['id']}/rename/",
        f"/c/{made['id']}/delete/",
        f"/c/{made['id']}/restore/",
    ):
        response = await charlie.post(path, **fields)
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found"), path
    assert (await charlie.get(made["url"], Accept="text/html")).status_code == 404
    assert (await charlie.get(f"/c/{made['id']}/messages/?before={message}")).status_code == 404
    await alice.answer(made["id"])


async def test_a_bad_uuid_in_the_address_is_not_found(alice: Person) -> None:
    response = await alice.post("/c/not-a-uuid/messages/", client_id=str(uuid.uuid4()), text="x")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


async def test_the_wrong_method_says_which_are_right(alice: Person) -> None:
    response = await alice.get("/c/")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
