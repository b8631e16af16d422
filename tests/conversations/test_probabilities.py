"""How likely each word was: kept where it was asked for, joined over runs, told as JSON and on a page in helpings."""

import math
import re
import uuid
from typing import Any

from tests.site import Person
from tests.upstream import Close, Send, Upstream, done, head, sse, stream_answer, text_chunk

ASKED = {"logprobs": True, "top_logprobs": 2}


def entry(token: str, percent: float, *others: tuple[str, float], raw: bytes | None = None) -> dict[str, Any]:
    """As the wire has it (wire.md 1.2)."""
    own = {"token": token, "logprob": math.log(percent / 100), "bytes": list(token.encode() if raw is None else raw)}
    return {**own, "top_logprobs": [entry(text, value) for text, value in others]} if others else own


def piece(text: str, *entries: dict[str, Any], kind: str = "content") -> bytes:
    """One chunk of a stream, with its tokens."""
    choice = {"index": 0, "delta": {kind: text}, "finish_reason": None, "logprobs": {kind: list(entries)}}
    return sse({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]})


END = (text_chunk(finish="stop"), done())


async def told(person: Person, message: dict[str, Any]) -> list[dict[str, Any]]:
    response = await person.get(f"/messages/{message['id']}/logprobs/")
    assert response.status_code == 200, response.text
    return response.json()["parts"]


async def test_they_are_told_with_what_might_have_stood_there(alice: Person, upstream: Upstream) -> None:
    tokens = entry("Hel", 87.25, ("Hel", 87.25), ("Good", 4.5)), entry("lo", 100)
    upstream.script(stream_answer(piece("Hel", tokens[0]), piece("lo", tokens[1]), *END))
    made = await alice.begin("Hello", params=ASKED)
    answer = await alice.answer(made["id"])
    [part] = await told(alice, answer)
    assert [(token["text"], token["percent"]) for token in part["tokens"]] == [("Hel", 87.25), ("lo", 100.0)]
    assert [(other["text"], other["percent"]) for other in part["tokens"][0]["top"]] == [("Hel", 87.25), ("Good", 4.5)]
    assert (part["run"], part["characters"]) == (made["run"]["id"], 5)
    [run] = (await alice.get(f"/messages/{answer['id']}/request/")).json()["runs"]
    assert run["probabilities"] is True
    page = (await alice.get(f"/messages/{answer['id']}/logprobs/", Accept="text/html")).text
    assert '<span class="odds-1" title="87.2 %">Hel</span>' in page
    assert "<td>Good 4.5 %</td>" in page
    shown = await alice.get(f"/messages/{answer['id']}/request/", Accept="text/html")
    assert f"/messages/{answer['id']}/logprobs/" in shown.text


async def test_tokens_that_make_one_character_between_them_are_one_word(alice: Person, upstream: Upstream) -> None:
    first = entry("\\xe4\\xb8", 50, raw=b"\xe4\xb8")
    upstream.script(stream_answer(piece("", first), piece("世", entry("\\x96", 50, raw=b"\x96")), *END))
    made = await alice.begin("Hello", params=ASKED)
    answer = await alice.answer(made["id"])
    [part] = await told(alice, answer)
    assert [token["text"] for token in part["tokens"]] == ["\\xe4\\xb8", "\\x96"]
    page = (await alice.get(f"/messages/{answer['id']}/logprobs/", Accept="text/html")).text
    assert '<span class="odds-3" title="25.0 %">世</span>' in page
    assert "2 tokens make this character" in page


async def test_those_of_a_refusal_are_told_too(alice: Person, upstream: Upstream) -> None:
    upstream.script(stream_answer(piece("No.", entry("No.", 60), kind="refusal"), *END))
    made = await alice.begin("Hello", params=ASKED)
    [part] = await told(alice, await alice.answer(made["id"]))
    assert [token["text"] for token in part["tokens"]] == ["No."]


async def test_a_continued_answer_has_those_of_each_run(alice: Person, upstream: Upstream) -> None:
    start = Send(head(200, content_type="text/event-stream"))
    upstream.script([start, Send(piece("One ", entry("One ", 90))), Close()])
    made = await alice.begin("Count", params=ASKED)
    answer = await alice.answer(made["id"])
    upstream.script([start, Send(text_chunk("two ")), Close()])
    upstream.script(stream_answer(piece("three", entry("three", 10)), *END))
    for _ in range(2):
        await alice.post(f"/messages/{answer['id']}/continue/", client_id=str(uuid.uuid4()))
        answer = await alice.answer(made["id"])
    parts = await told(alice, answer)
    assert [[token["text"] for token in part["tokens"]] for part in parts] == [["One "], [], ["three"]]
    page = (await alice.get(f"/messages/{answer['id']}/logprobs/", Accept="text/html")).text
    assert re.search(r'odds-1" title="90.0 %">One </span>.*4 characters without.*odds-4" title="10.0 %">three<', page)


async def test_a_long_answer_comes_in_helpings(alice: Person, upstream: Upstream) -> None:
    words = [entry(f"w{number} ", 99) for number in range(1, 702)]
    upstream.script(stream_answer(piece("".join(word["token"] for word in words), *words), *END))
    made = await alice.begin("Much", params=ASKED)
    answer = await alice.answer(made["id"])
    path = f"/messages/{answer['id']}/logprobs/"
    first = (await alice.get(path, Accept="text/html")).text
    assert ">w500 </span>" in first and ">w501 </span>" not in first and "?from=500" in first
    second = (await alice.get(f"{path}?from=500", Accept="text/html")).text
    assert ">w501 </span>" in second and ">w701 </span>" in second and "501 to 701 of 701" in second
    for odd in ("-1", "x", "99999999999"):
        assert (await alice.get(f"{path}?from={odd}", Accept="text/html")).status_code == 200


async def test_without_any_the_page_says_so(alice: Person) -> None:
    made = await alice.begin("Hello", model_id="any-t1-r0")
    answer = await alice.answer(made["id"])
    assert [part["tokens"] for part in await told(alice, answer)] == [[]]
    page = await alice.get(f"/messages/{answer['id']}/logprobs/", Accept="text/html")
    assert "No probabilities came with this answer" in page.text


async def test_the_sandbox_has_them(alice: Person) -> None:
    made = await alice.begin("Hello", provider="sandbox", model_id="sandbox-echo", params=ASKED)
    answer = await alice.answer(made["id"])
    assert answer["status"] == "completed", answer
    [part] = await told(alice, answer)
    assert "".join(token["text"] for token in part["tokens"]) == answer["parts"][-1]["text"]
    assert all(len(token["top"]) == 2 for token in part["tokens"])
