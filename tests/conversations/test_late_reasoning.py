"""Text that turns out to have been reasoning, because only a closing tag comes (quirk 4.6)."""

import threading

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Send, Upstream, WaitFor, chunk, done, head, text_chunk

MESSAGE = {
    *("id", "parent", "role", "client_id", "run", "parts", "status", "error", "model_id", "finish_reason"),
    *("usage", "cost", "cost_marks", "left_out", "by_hand", "created_at", "siblings", "beside"),
}


async def test_the_message_is_replaced_whole_and_the_rest_follows(alice: Person, upstream: Upstream) -> None:
    go_on = threading.Event()
    upstream.script(
        [
            Send(head(200, content_type="text/event-stream", transfer_encoding="chunked")),
            Send(chunk(text_chunk("First I think "))),
            Send(chunk(text_chunk("about it."))),
            WaitFor(go_on),
            Send(chunk(text_chunk("</think>The "))),
            Send(chunk(text_chunk("answer.", finish="stop"))),
            Send(chunk(done()) + b"0\r\n\r\n"),
        ]
    )
    made = await alice.begin("Think")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(len("First I think about it."))
        before = dict(socket.messages[-1])
        go_on.set()
        updated = (await socket.until("message.updated"))["message"]
        assert set(updated) == MESSAGE | {"seq", "reasoning_seq"}
        assert updated["seq"] >= 1
        unchanged = MESSAGE - {"parts", "run", "status"}
        assert {name: updated[name] for name in unchanged} == {name: before[name] for name in unchanged}
        assert updated["parts"] == [{"type": "reasoning", "text": "First I think about it."}]
        await socket.until_quiet()
    assert socket.text == "The answer."
    assert socket.faults == []
    stored = await alice.answer(made["id"])
    assert stored["parts"] == socket.messages[-1]["parts"]
    assert text_of(stored) == "The answer."
