"""An upstream that never ends: the answer is cut at the most that is kept, and says so."""

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Hang, Upstream, stream_answer, text_chunk

MOST = 4 * 1024 * 1024  # as docs/protocol.md says
PIECE = "0123456789abcdef" * 4096  # 64 KiB


async def test_an_answer_without_end_is_cut_and_kept(alice: Person, upstream: Upstream) -> None:
    pieces = [text_chunk(PIECE) for _ in range(MOST // len(PIECE) + 8)]
    upstream.script([*stream_answer(*pieces, ended=False), Hang()])
    made = await alice.begin("Never end")
    message = await alice.answer(made["id"])
    assert text_of(message) == PIECE * (MOST // len(PIECE))
    assert (message["status"], message["error"]["code"]) == ("incomplete", "answer_too_long")
    assert message["error"]["message"] and message["error"]["data"] == {"limit": MOST}
    asked = next(request for request in upstream.requests if "chat" in request.path)
    assert asked.closed.wait(10)
    again = await alice.post(f"/messages/{message['id']}/continue/", client_id="9" * 32)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "answer_too_long")


async def test_a_single_piece_over_the_limit_is_cut_in_the_middle(alice: Person, upstream: Upstream) -> None:
    upstream.script([*stream_answer(*(text_chunk(PIECE + "x") for _ in range(80)), ended=False), Hang()])
    made = await alice.begin("Never end")
    message = await alice.answer(made["id"])
    assert (message["status"], len(text_of(message))) == ("incomplete", MOST)
